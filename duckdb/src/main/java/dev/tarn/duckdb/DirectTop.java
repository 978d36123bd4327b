package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.Plan;
import dev.tarn.spi.TopGroups;
import dev.tarn.spi.TopGroups.Ties;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The groups that a plan needs of an aggregate: where they are sorted by columns and cut off right
 * above it, with no more than columns chosen between. What else stands there, as a window does, may
 * be computed of all groups.
 */
final class DirectTop {

  private final ToIntFunction<String> column;

  private DirectTop(ToIntFunction<String> column) {
    this.column = column;
  }

  /**
   * Which are needed; null for all.
   *
   * @param plan with one aggregate in it, right above which it is all that there is
   * @param column the column of the answer that one of the aggregate's is, by name; below 0 when it
   *     is none
   */
  static @Nullable TopGroups of(Plan plan, ToIntFunction<String> column) {
    TopGroups above = plan instanceof Plan.GroupBy ? null : of(plan.inputs().getFirst(), column);
    return above == null && plan instanceof Plan.Limit limit
        ? new DirectTop(column).top(limit)
        : above;
  }

  private @Nullable TopGroups top(Plan.Limit limit) {
    long rows = limit.count() + limit.offset();
    Plan below = limit.input();
    while (below instanceof Plan.Project project && choosesColumns(project)) {
      below = project.input();
    }
    if (limit.count() <= 0 || rows <= 0 || !(below instanceof Plan.Sort sort)) {
      return null;
    }
    List<SortKey> keys = sort.keys();
    if (keys.isEmpty() || !keys.stream().allMatch(key -> key.expr() instanceof Expr.Column)) {
      return null;
    }
    SortKey first = keys.getFirst();
    int found = find(((Expr.Column) first.expr()).name(), sort.input());
    Ties ties = keys.size() == 1 ? Ties.ANY : Ties.ALL;
    return found < 0 ? null : new TopGroups(found, first.direction(), first.nulls(), rows, ties);
  }

  private static boolean choosesColumns(Plan.Project project) {
    return project.columns().stream().allMatch(chosen -> chosen.operand() instanceof Expr.Column);
  }

  /** The column of the answer; below 0 when it is none. */
  private int find(String name, Plan plan) {
    if (plan instanceof Plan.GroupBy) {
      return column.applyAsInt(name);
    }
    if (!(plan instanceof Plan.Project project) || !choosesColumns(project)) {
      return -1;
    }
    return project.columns().stream()
        .filter(chosen -> chosen.name().equalsIgnoreCase(name))
        .findFirst()
        .map(chosen -> find(((Expr.Column) chosen.operand()).name(), project.input()))
        .orElse(-1);
  }
}
