package dev.tarn;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.sql.ExprSql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame in groups, waiting for what to compute of each. Immutable. */
public final class GroupedFrame {

  /** The most columns a pivot may make by itself. */
  private static final int MOST_PIVOT_VALUES = 1_000;

  private final Frame frame;
  private final List<Expr.Alias> keys;

  GroupedFrame(Frame frame, List<Expr.Alias> keys) {
    this.frame = frame;
    this.keys = keys;
  }

  /** One row for each group: the keys, then the aggregates. */
  public Frame agg(Expr... aggregates) {
    if (aggregates.length == 0 && keys.isEmpty()) {
      throw new InvalidRequest("Cannot aggregate nothing. Name at least one aggregate.");
    }
    var all = new ArrayList<Expr>(keys);
    all.addAll(List.of(aggregates));
    List<Expr.Alias> aliases = Frame.named(all.toArray(Expr[]::new));
    List<Expr.Alias> named = aliases.subList(keys.size(), aliases.size());
    return frame.checked("aggregate", new Plan.GroupBy(frame.plan(), keys, named), named);
  }

  /**
   * A column for each value of another column. With no values said, they are found by a query now:
   * all of them in order, at most 1,000.
   */
  public Pivoted pivot(String column, @Nullable Object... values) {
    frame.check("pivot on", List.of(Columns.col(column)));
    return new Pivoted(column, values.length > 0 ? Arrays.asList(values) : distinctValues(column));
  }

  private List<@Nullable Object> distinctValues(String column) {
    Rows found =
        frame.select(column).distinct().sort(column).limit(MOST_PIVOT_VALUES + 1L).collect();
    if (found.size() > MOST_PIVOT_VALUES) {
      throw new InvalidRequest(
          "Cannot pivot on column %s: it has more than %,d values. Name those to pivot on."
              .formatted(column, MOST_PIVOT_VALUES));
    }
    return found.column(column);
  }

  /** A pivot that waits for what to compute of each cell. */
  public final class Pivoted {
    private final String column;
    private final List<@Nullable Object> values;

    private Pivoted(String column, List<@Nullable Object> values) {
      this.column = column;
      this.values = values;
    }

    /**
     * One row for each group: the keys, then for each value each aggregate over the rows that have
     * it. Columns are named by the value; with several aggregates {@code value_aggregate}.
     */
    public Frame agg(Expr... aggregates) {
      var cells = new ArrayList<Expr>();
      for (Object value : values) {
        for (Expr aggregate : aggregates) {
          String name = aggregates.length == 1 ? "" : "_" + ExprSql.nameOf(aggregate);
          cells.add(cell(aggregate, value).as(value + name));
        }
      }
      return GroupedFrame.this.agg(cells.toArray(Expr[]::new));
    }

    private Expr cell(Expr aggregate, @Nullable Object value) {
      Expr plain = aggregate instanceof Expr.Alias alias ? alias.operand() : aggregate;
      if (!(plain instanceof Expr.Aggregate function)) {
        throw new InvalidRequest(
            "Cannot pivot with %s: it is no aggregate. Use one such as sum(…)."
                .formatted(ExprSql.nameOf(aggregate)));
      }
      Expr matches = Columns.col(column).same(value);
      Expr filter = function.filter();
      return function.where(filter == null ? matches : filter.and(matches));
    }
  }
}
