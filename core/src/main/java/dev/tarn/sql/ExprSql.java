package dev.tarn.sql;

import dev.tarn.expr.Bound;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.expr.Window;
import dev.tarn.plan.Searches;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expressions as SQL text. Immutable. */
public final class ExprSql {

  private final Dialect dialect;

  public ExprSql(Dialect dialect) {
    this.dialect = dialect;
  }

  /** The name of a column that was given none: its text, without quotes around names. */
  public static String nameOf(Expr expr) {
    return expr.outputName()
        .orElseGet(() ->
            expr instanceof Expr.SqlText sql
                ? sql.text().strip()
                : new ExprSql(new Plain()).text(expr));
  }

  /** The expression, without its alias. */
  public String text(Expr expr) {
    return switch (expr) {
      case Expr.Column e -> dialect.quote(e.name());
      case Expr.SideColumn e ->
          dialect.quote(e.side() == Expr.Side.LEFT ? "l" : "r") + "." + dialect.quote(e.name());
      case Expr.Literal e -> dialect.literal(e.value());
      case Expr.Interval e -> dialect.interval(e);
      case Expr.SqlText e -> e.text().contains("--") ? e.text() + "\n" : e.text();
      case Expr.Arithmetic e ->
          operand(e.left()) + " " + e.operator().symbol() + " " + operand(e.right());
      case Expr.Negate e -> "-" + operand(e.operand());
      case Expr.Comparison e ->
          operand(e.left()) + " " + e.test().symbol() + " " + operand(e.right());
      case Expr.And e -> join(e.operands(), " AND ", "true");
      case Expr.Or e -> join(e.operands(), " OR ", "false");
      case Expr.Not e -> not(e.operand());
      case Expr.IsNull e -> operand(e.operand()) + " IS NULL";
      case Expr.In e -> in(e);
      case Expr.Between e ->
          operand(e.operand()) + " BETWEEN " + operand(e.low()) + " AND " + operand(e.high());
      case Expr.Like e ->
          operand(e.operand())
              + (e.rule() == Expr.CaseRule.INSENSITIVE ? " ILIKE " : " LIKE ")
              + operand(e.pattern());
      case Expr.Cast e ->
          (e.onFailure() == Expr.OnFailure.NULL ? "TRY_CAST(" : "CAST(")
              + text(e.operand())
              + " AS "
              + dialect.type(e.type())
              + ")";
      case Expr.Case e -> caseOf(e);
      case Expr.Call e -> dialect.function(e.function()) + "(" + list(e.arguments()) + ")";
      case Expr.Aggregate e -> aggregate(e);
      case Expr.Over e -> text(e.function()) + " OVER (" + window(e.window()) + ")";
      case Expr.Member e -> "(" + text(e.operand()) + ")." + dialect.quote(e.name());
      case Expr.Element e -> operand(e.operand()) + "[" + text(e.position()) + "]";
      case Expr.ListOf e -> "[" + list(e.elements()) + "]";
      case Expr.StructOf e ->
          e.members().stream()
              .map(m -> dialect.quote(m.name()) + ": " + text(m.operand()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Expr.Alias e -> text(e.operand());
      case Expr.Search e -> throw Searches.misplaced(e);
    };
  }

  /** The expression under its alias; a column that keeps its name needs none. */
  public String aliased(Expr.Alias alias) {
    String text = text(alias.operand());
    String name = dialect.quote(alias.name());
    boolean keepsName =
        switch (alias.operand()) {
          case Expr.Column column -> column.name().equals(alias.name());
          case Expr.SideColumn column -> column.name().equals(alias.name());
          default -> false;
        };
    return keepsName ? text : text + " AS " + name;
  }

  public String list(List<? extends Expr> expressions) {
    return expressions.stream().map(this::text).collect(Collectors.joining(", "));
  }

  /** Sort keys; a constant sorts nothing, and a bare number would be taken for a position. */
  public String order(List<SortKey> keys) {
    return keys.stream()
        .filter(k -> !(k.expr() instanceof Expr.Literal))
        .map(k -> operand(k.expr()) + " " + k.direction() + " NULLS " + k.nulls())
        .collect(Collectors.joining(", "));
  }

  /** Wraps whatever could be torn apart by an operator beside it. */
  private String operand(Expr expr) {
    return switch (expr) {
      case Expr.Column e -> text(e);
      case Expr.SideColumn e -> text(e);
      case Expr.Call e -> text(e);
      case Expr.Cast e -> text(e);
      case Expr.Aggregate e -> text(e);
      case Expr.Member e -> text(e);
      case Expr.Element e -> text(e);
      case Expr.ListOf e -> text(e);
      case Expr.Alias e -> operand(e.operand());
      case Expr.Literal e -> negative(e.value()) ? "(" + text(e) + ")" : text(e);
      default -> "(" + text(expr) + ")";
    };
  }

  private static boolean negative(@Nullable Object value) {
    return value instanceof Number && value.toString().startsWith("-");
  }

  private String not(Expr operand) {
    return operand instanceof Expr.IsNull test
        ? operand(test.operand()) + " IS NOT NULL"
        : "NOT " + operand(operand);
  }

  private String join(List<Expr> operands, String operator, String whenEmpty) {
    return operands.isEmpty()
        ? whenEmpty
        : operands.stream().map(this::operand).collect(Collectors.joining(operator));
  }

  /** SQL has no empty IN list. */
  private String in(Expr.In in) {
    return in.values().isEmpty()
        ? "false"
        : operand(in.operand()) + " IN (" + list(in.values()) + ")";
  }

  private String caseOf(Expr.Case expr) {
    return expr.branches().stream()
        .map(b -> "WHEN " + text(b.condition()) + " THEN " + text(b.value()))
        .collect(Collectors.joining(" ", "CASE ", " ELSE " + text(expr.otherwise()) + " END"));
  }

  private String aggregate(Expr.Aggregate e) {
    var sql = new StringBuilder(dialect.function(e.function())).append('(');
    if (e.distinct()) {
      sql.append("DISTINCT ");
    }
    sql.append(e.arguments().isEmpty() && e.function().equals("count") ? "*" : list(e.arguments()));
    if (!e.orderBy().isEmpty()) {
      sql.append(" ORDER BY ").append(order(e.orderBy()));
    }
    sql.append(')');
    if (e.filter() != null) {
      sql.append(" FILTER (WHERE ").append(text(e.filter())).append(')');
    }
    return sql.toString();
  }

  private String window(Window window) {
    var parts = new ArrayList<String>();
    if (!window.partitionBy().isEmpty()) {
      parts.add("PARTITION BY " + list(window.partitionBy()));
    }
    if (!window.orderBy().isEmpty()) {
      parts.add("ORDER BY " + order(window.orderBy()));
    }
    Window.Frame frame = window.frame();
    if (frame != null) {
      parts.add(frame.unit() + " BETWEEN " + bound(frame.start()) + " AND " + bound(frame.end()));
    }
    return String.join(" ", parts);
  }

  private String bound(Bound bound) {
    return switch (bound) {
      case Bound.UnboundedPreceding b -> "UNBOUNDED PRECEDING";
      case Bound.Preceding b -> operand(b.distance()) + " PRECEDING";
      case Bound.CurrentRow b -> "CURRENT ROW";
      case Bound.Following b -> operand(b.distance()) + " FOLLOWING";
      case Bound.UnboundedFollowing b -> "UNBOUNDED FOLLOWING";
    };
  }

  /** Names without quotes, for people. */
  private static final class Plain implements Dialect {
    @Override
    public String quote(String identifier) {
      return identifier;
    }

    @Override
    public String literal(@Nullable Object value) {
      return value instanceof Number ? value.toString() : DuckDbDialect.DUCKDB.literal(value);
    }

    @Override
    public String interval(Expr.Interval interval) {
      return DuckDbDialect.DUCKDB.interval(interval);
    }

    @Override
    public String type(DataType type) {
      return type.toString().toUpperCase(Locale.ROOT);
    }
  }
}
