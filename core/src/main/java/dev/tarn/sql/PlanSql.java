package dev.tarn.sql;

import dev.tarn.expr.Children;
import dev.tarn.expr.Expr;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.plan.PlanColumns;
import dev.tarn.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Plans as SQL text that a person would write: neighbours share one SELECT wherever SQL evaluates
 * them in the same order as the frame says.
 */
public final class PlanSql {

  private final Dialect dialect;
  private final ExprSql expr;
  private final Function<Source, String> bind;

  /**
   * A renderer.
   *
   * @param bind what stands in FROM for a source; called once for each use
   */
  public PlanSql(Dialect dialect, Function<Source, String> bind) {
    this.dialect = dialect;
    this.expr = new ExprSql(dialect);
    this.bind = bind;
  }

  /** The plan as one query. */
  public String render(Plan plan) {
    return select(plan).text();
  }

  private Select select(Plan plan) {
    return switch (plan) {
      case Plan.Scan p -> new Select(bind.apply(p.source()));
      case Plan.SqlQuery p -> sqlQuery(p);
      case Plan.Filter p -> filter(p);
      case Plan.Project p -> project(p);
      case Plan.GroupBy p -> groupBy(p);
      case Plan.Join p -> join(p);
      case Plan.Sort p -> sort(p);
      case Plan.Limit p -> limit(p);
      case Plan.Distinct p -> distinct(p);
      case Plan.DistinctOn p -> distinctOn(p);
      case Plan.Union p -> union(p);
      case Plan.Unnest p -> unnest(p);
      case Plan.Unpivot p -> unpivot(p);
      case Plan.Sample p -> sample(p);
      case Plan.Describe p -> new Select("(SUMMARIZE " + select(p.input()).text() + ")");
    };
  }

  private Select sqlQuery(Plan.SqlQuery query) {
    if (query.tables().isEmpty()) {
      return new Select("(\n" + query.text() + "\n)");
    }
    String tables =
        new TreeMap<>(query.tables())
            .entrySet().stream()
                .map(e ->
                    dialect.quote(e.getKey())
                        + " AS NOT MATERIALIZED ("
                        + render(e.getValue())
                        + ")")
                .collect(Collectors.joining(", ", "WITH ", ""));
    return new Select("(" + tables + " SELECT * FROM (\n" + query.text() + "\n))");
  }

  private Select filter(Plan.Filter plan) {
    Select input = select(plan.input());
    boolean window = Children.anyMatch(plan.predicate(), e -> e instanceof Expr.Over);
    Select select = input.isPlainFrom() ? input : input.nested();
    (window ? select.qualify : select.where).add(plan.predicate());
    return select;
  }

  private Select project(Plan.Project plan) {
    Select input = select(plan.input());
    Select select = input.isPlainFrom() ? input : input.nested();
    select.columns = plan.columns().stream().map(expr::aliased).toList();
    return select;
  }

  private Select groupBy(Plan.GroupBy plan) {
    Select input = select(plan.input());
    Select select = input.isPlainFrom() ? input : input.nested();
    var columns = new ArrayList<String>();
    plan.keys().forEach(key -> columns.add(expr.aliased(key)));
    plan.aggregates().forEach(aggregate -> columns.add(expr.aliased(aggregate)));
    select.columns = columns;
    select.groupBy = plan.keys().isEmpty() ? null : positions(plan.keys().size());
    return select;
  }

  /** Positions, for a name could mean a column or an alias that hides it. */
  private static String positions(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", "));
  }

  private Select join(Plan.Join plan) {
    String left = select(plan.left()).asTable(dialect.quote("l"));
    String right = select(plan.right()).asTable(dialect.quote("r"));
    String on = joinCondition(plan);
    var select = new Select(left + " " + joinWord(plan.kind()) + " " + right + on);
    var using = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    using.addAll(plan.using());
    select.columns =
        PlanColumns.joined(plan).stream()
            .map(c ->
                using.contains(c.source()) && c.side() == Expr.Side.LEFT
                    ? merged(plan.kind(), c.source())
                    : new Expr.SideColumn(c.side(), c.source()).as(c.name()))
            .map(expr::aliased)
            .toList();
    select.joined = true;
    return select;
  }

  /** A column that both sides are joined on has the value of the side that has a row. */
  private static Expr.Alias merged(JoinKind kind, String name) {
    var left = new Expr.SideColumn(Expr.Side.LEFT, name);
    var right = new Expr.SideColumn(Expr.Side.RIGHT, name);
    return switch (kind) {
      case RIGHT -> right.as(name);
      case FULL -> left.orElse(right).as(name);
      case INNER, LEFT, SEMI, ANTI, CROSS -> left.as(name);
    };
  }

  private String joinCondition(Plan.Join plan) {
    if (plan.kind() == JoinKind.CROSS) {
      return "";
    }
    var conditions = new ArrayList<Expr>();
    for (String name : plan.using()) {
      conditions.add(
          new Expr.SideColumn(Expr.Side.LEFT, name).eq(new Expr.SideColumn(Expr.Side.RIGHT, name)));
    }
    Expr condition = plan.condition();
    if (condition != null) {
      conditions.add(condition);
    }
    Expr all = conditions.size() == 1 ? conditions.get(0) : new Expr.And(conditions);
    return " ON " + expr.text(all);
  }

  private static String joinWord(JoinKind kind) {
    return switch (kind) {
      case INNER -> "JOIN";
      case LEFT -> "LEFT JOIN";
      case RIGHT -> "RIGHT JOIN";
      case FULL -> "FULL JOIN";
      case SEMI -> "SEMI JOIN";
      case ANTI -> "ANTI JOIN";
      case CROSS -> "CROSS JOIN";
    };
  }

  private Select sort(Plan.Sort plan) {
    Select input = select(plan.input());
    boolean names = plan.keys().stream().allMatch(key -> key.expr() instanceof Expr.Column);
    boolean open = input.isOpen() && (input.columns == null || (names && !input.joined));
    Select select = open ? input : input.nested();
    select.orderBy = expr.order(plan.keys());
    return select;
  }

  private Select limit(Plan.Limit plan) {
    Select input = select(plan.input());
    Select select = input.limit == null ? input : input.nested();
    select.limit = "LIMIT " + plan.count() + (plan.offset() > 0 ? " OFFSET " + plan.offset() : "");
    return select;
  }

  private Select distinct(Plan.Distinct plan) {
    Select input = select(plan.input());
    Select select = input.isOpen() && input.orderBy.isEmpty() ? input : input.nested();
    select.distinct = "DISTINCT ";
    return select;
  }

  private Select distinctOn(Plan.DistinctOn plan) {
    Select input = select(plan.input());
    Select select = input.isPlainFrom() ? input : input.nested();
    select.distinct = "DISTINCT ON (" + expr.list(plan.keys()) + ") ";
    select.orderBy = expr.order(plan.orderBy());
    return select;
  }

  private Select union(Plan.Union plan) {
    return new Select(
        plan.inputs().stream()
            .map(input -> "(" + render(input) + ")")
            .collect(Collectors.joining(" UNION ALL BY NAME ", "(", ")")));
  }

  private Select unnest(Plan.Unnest plan) {
    Select input = select(plan.input());
    Select select = input.isPlainFrom() ? input : input.nested();
    select.columns =
        PlanColumns.of(plan).stream()
            .map(name -> {
              String quoted = dialect.quote(name);
              return name.equalsIgnoreCase(plan.column())
                  ? "unnest(" + quoted + ") AS " + quoted
                  : quoted;
            })
            .toList();
    select.unnested = true;
    return select;
  }

  private Select unpivot(Plan.Unpivot plan) {
    String columns = plan.columns().stream().map(dialect::quote).collect(Collectors.joining(", "));
    return new Select(
        "%s UNPIVOT INCLUDE NULLS (%s FOR %s IN (%s))"
            .formatted(
                select(plan.input()).asTable(""),
                dialect.quote(plan.valueColumn()),
                dialect.quote(plan.nameColumn()),
                columns));
  }

  private Select sample(Plan.Sample plan) {
    String size =
        switch (plan.size()) {
          case Plan.SampleSize.Rows rows -> "reservoir(" + rows.count() + " ROWS)";
          case Plan.SampleSize.Percent percent -> "bernoulli(" + percent.percent() + "%)";
        };
    String repeat = plan.seed() == null ? "" : " REPEATABLE (" + plan.seed() + ")";
    return new Select(select(plan.input()).asTable("") + " TABLESAMPLE " + size + repeat);
  }

  /** One SELECT while it is put together. */
  private final class Select {
    private final String from;
    private final List<Expr> where = new ArrayList<>();
    private final List<Expr> qualify = new ArrayList<>();
    private String distinct = "";
    private @Nullable List<String> columns;
    private @Nullable String groupBy;
    private boolean joined;
    private boolean unnested;
    private String orderBy = "";
    private @Nullable String limit;

    Select(String from) {
      this.from = from;
    }

    /** Nothing but FROM, and a WHERE perhaps. */
    boolean isPlainFrom() {
      return columns == null
          && distinct.isEmpty()
          && qualify.isEmpty()
          && orderBy.isEmpty()
          && limit == null;
    }

    boolean isBare() {
      return isPlainFrom() && where.isEmpty();
    }

    /** Whether what SQL does last is still to come: DISTINCT, ORDER BY and LIMIT. */
    boolean isOpen() {
      return distinct.isEmpty() && limit == null && !unnested;
    }

    Select nested() {
      return new Select("(" + text() + ")");
    }

    /** As an operand of FROM. */
    String asTable(String alias) {
      String as = alias.isEmpty() ? "" : " AS " + alias;
      return (isBare() ? from : "(" + text() + ")") + as;
    }

    String text() {
      var sql = new StringBuilder("SELECT ").append(distinct);
      sql.append(columns == null ? "*" : String.join(", ", columns)).append(" FROM ").append(from);
      if (!where.isEmpty()) {
        sql.append(" WHERE ").append(conjunction(where));
      }
      if (groupBy != null) {
        sql.append(" GROUP BY ").append(groupBy);
      }
      if (!qualify.isEmpty()) {
        sql.append(" QUALIFY ").append(conjunction(qualify));
      }
      if (!orderBy.isEmpty()) {
        sql.append(" ORDER BY ").append(orderBy);
      }
      if (limit != null) {
        sql.append(' ').append(limit);
      }
      return sql.toString();
    }

    private String conjunction(List<Expr> predicates) {
      return expr.text(predicates.size() == 1 ? predicates.get(0) : new Expr.And(predicates));
    }
  }
}
