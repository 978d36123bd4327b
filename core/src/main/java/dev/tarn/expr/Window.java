package dev.tarn.expr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a window function sees for each row. Immutable; each method returns a new one.
 *
 * @param partitionBy rows with the same values form one partition; empty for one partition of all
 * @param orderBy the order within a partition
 * @param frame which rows of the partition count; null for SQL's default: with an order, from the
 *     first row to the last peer of the current one, else all
 */
public record Window(List<Expr> partitionBy, List<SortKey> orderBy, @Nullable Frame frame) {

  public Window {
    partitionBy = List.copyOf(partitionBy);
    orderBy = List.copyOf(orderBy);
  }

  /** What the distance of a bound counts. */
  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  /** The rows from one bound to another, both included. */
  public record Frame(Unit unit, Bound start, Bound end) {}

  /** Column names, expressions or {@link SortKey}s. */
  public Window orderBy(Object... keys) {
    return new Window(partitionBy, SortKey.all(keys), frame);
  }

  /** Bounds count rows. */
  public Window rowsBetween(Bound start, Bound end) {
    return new Window(partitionBy, orderBy, new Frame(Unit.ROWS, start, end));
  }

  /**
   * Bounds are distances of the one sort key's value: numbers, or intervals for dates and times.
   */
  public Window rangeBetween(Bound start, Bound end) {
    return new Window(partitionBy, orderBy, new Frame(Unit.RANGE, start, end));
  }

  /** Bounds count groups of rows with equal sort keys. */
  public Window groupsBetween(Bound start, Bound end) {
    return new Window(partitionBy, orderBy, new Frame(Unit.GROUPS, start, end));
  }
}
