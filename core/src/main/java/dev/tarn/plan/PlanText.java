package dev.tarn.plan;

import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.sql.ExprSql;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Plans as people read them: one operation a line, the last one on top. */
public final class PlanText {

  private PlanText() {}

  public static String of(Plan plan) {
    var text = new StringBuilder();
    append(text, plan, 0);
    return text.toString().stripTrailing();
  }

  /** The name of the one source a plan reads, in brackets; empty when there are none or several. */
  public static Optional<String> sourceName(Plan plan) {
    if (plan instanceof Plan.Scan scan) {
      return Optional.of("[" + scan.source().name() + "]");
    }
    return plan.inputs().size() == 1 ? sourceName(plan.inputs().get(0)) : Optional.empty();
  }

  private static void append(StringBuilder text, Plan plan, int depth) {
    text.append("  ".repeat(depth)).append(line(plan)).append('\n');
    plan.inputs().forEach(input -> append(text, input, depth + 1));
  }

  private static String line(Plan plan) {
    return switch (plan) {
      case Plan.Scan p -> "scan [" + p.source().name() + "]";
      case Plan.SqlQuery p -> "sql " + p.text().strip().replaceAll("\\s+", " ");
      case Plan.Filter p -> "filter " + ExprSql.nameOf(p.predicate());
      case Plan.Project p -> "select " + columns(p.columns());
      case Plan.GroupBy p ->
          (p.keys().isEmpty() ? "aggregate " : "group by " + columns(p.keys()) + ": ")
              + columns(p.aggregates());
      case Plan.Join p -> join(p);
      case Plan.Sort p -> "sort by " + keys(p.keys());
      case Plan.Limit p -> "limit " + p.count() + (p.offset() > 0 ? " offset " + p.offset() : "");
      case Plan.Distinct p -> "distinct";
      case Plan.DistinctOn p ->
          "distinct on "
              + p.keys().stream().map(ExprSql::nameOf).collect(Collectors.joining(", "))
              + (p.orderBy().isEmpty() ? "" : " by " + keys(p.orderBy()));
      case Plan.Union p -> "union";
      case Plan.Unnest p -> "unnest " + p.column();
      case Plan.Unpivot p -> "unpivot " + String.join(", ", p.columns());
      case Plan.Sample p ->
          switch (p.size()) {
            case Plan.SampleSize.Rows rows -> "sample " + rows.count() + " rows";
            case Plan.SampleSize.Percent percent -> "sample " + percent.percent() + " %";
          };
      case Plan.Describe p -> "describe";
    };
  }

  private static String join(Plan.Join join) {
    var text = new StringBuilder(join.kind().name().toLowerCase(Locale.ROOT)).append(" join");
    if (!join.using().isEmpty()) {
      text.append(" on ").append(String.join(", ", join.using()));
    }
    Expr condition = join.condition();
    return condition == null ? text.toString() : text + " on " + ExprSql.nameOf(condition);
  }

  private static String columns(List<Expr.Alias> columns) {
    return columns.stream()
        .map(alias -> {
          String text = ExprSql.nameOf(alias.operand());
          return text.equals(alias.name()) ? text : text + " as " + alias.name();
        })
        .collect(Collectors.joining(", "));
  }

  private static String keys(List<SortKey> keys) {
    return keys.stream()
        .map(key ->
            ExprSql.nameOf(key.expr()) + (key.direction() == SortKey.Direction.DESC ? " desc" : ""))
        .collect(Collectors.joining(", "));
  }
}
