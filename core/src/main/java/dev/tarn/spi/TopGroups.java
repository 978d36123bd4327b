package dev.tarn.spi;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.SortKey;

/**
 * Which groups of an aggregate a query needs: those that come first in an order. With {@code v} the
 * value of the group at the last place that is needed, these are all groups that come before {@code
 * v}, and of those that have it as many as {@link Ties} says.
 *
 * @param column what orders them: its place among the columns of the answer, the groups and then
 *     the calls, from 0
 * @param nulls where groups without a value stand
 * @param rows how many places are needed; above 0
 */
public record TopGroups(
    int column, SortKey.Direction direction, SortKey.Nulls nulls, long rows, Ties ties) {

  /** Which of the groups that have the last value are needed. */
  public enum Ties {
    /** As many as fill the places. */
    ANY,
    /** All, for something else orders them. */
    ALL
  }

  public TopGroups {
    if (column < 0 || rows <= 0) {
      throw new InvalidRequest(
          "Cannot ask for the first %d groups by column %d: both count from the first."
              .formatted(rows, column));
    }
  }
}
