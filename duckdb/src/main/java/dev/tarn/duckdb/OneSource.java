package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.has;
import static dev.tarn.duckdb.SyntaxTrees.node;
import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.expr.Expr;
import dev.tarn.spi.Source;
import dev.tarn.type.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a SELECT reads, where that is one use of a source, maybe by way of SELECTs of the same rows:
 * subqueries, views and CTEs that choose columns or filter.
 */
final class OneSource {

  private final Map<String, Map<String, @Nullable Object>> tables;
  private final IntFunction<Source> sources;
  private final StubColumns stubs;
  private final List<Expr> filters = new ArrayList<>();
  private final List<String> read = new ArrayList<>();
  private Map<String, @Nullable Object> function = Map.of();
  private int use = -1;

  private OneSource(
      Map<String, Map<String, @Nullable Object>> tables,
      IntFunction<Source> sources,
      StubColumns stubs) {
    this.tables = tables;
    this.sources = sources;
    this.stubs = stubs;
  }

  /**
   * Columns as a SELECT sees them.
   *
   * @param alias what the table is called there; empty for nothing
   */
  private record Visible(String alias, Map<String, Field> columns) {

    /** What a reference means; null when it is no column. */
    @Nullable Field field(Map<?, ?> reference) {
      List<?> path = Json.array(reference.get("column_names"));
      boolean ours =
          path.size() == 1
              || (path.size() == 2 && alias.equalsIgnoreCase(String.valueOf(path.getFirst())));
      return ours ? columns.get(String.valueOf(path.getLast())) : null;
    }

    /** A column's name as it was given, whatever its case in a reference. */
    String given(String name) {
      return columns.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
    }

    Field required(Map<?, ?> reference) {
      Field field = field(reference);
      if (field == null) {
        throw new Unfit("it uses what is no column of the source");
      }
      return field;
    }
  }

  /**
   * What was found.
   *
   * @param use which use of a source
   * @param function the call of its table function
   * @param filters that all apply
   * @param tables names of CTEs on the way, which nobody else reads
   */
  record Found(
      int use,
      Map<String, @Nullable Object> function,
      List<Expr> filters,
      List<String> tables,
      String alias,
      Map<String, Field> columns) {

    @Nullable Field field(Map<?, ?> reference) {
      return new Visible(alias, columns).field(reference);
    }

    /** A column's name as it was given. */
    String given(String name) {
      return new Visible(alias, columns).given(name);
    }
  }

  /**
   * Looks at what a SELECT reads.
   *
   * @param tables CTEs that are read once, by name in lower case
   * @throws Unfit when it is anything else
   */
  static Found of(
      Map<?, ?> select,
      Map<String, Map<String, @Nullable Object>> tables,
      IntFunction<Source> sources,
      StubColumns stubs) {
    var reader = new OneSource(tables, sources, stubs);
    Visible visible = reader.from(node(select.get("from_table")));
    reader.where(select, visible);
    return new Found(
        reader.use,
        reader.function,
        reader.filters,
        reader.read,
        visible.alias(),
        visible.columns());
  }

  private Visible from(Map<String, @Nullable Object> table) {
    if (has(table, "sample") || has(table, "column_name_alias") || has(table, "at_clause")) {
      throw new Unfit("it reads a sample or renamed columns");
    }
    String alias = text(table, "alias");
    return switch (text(table, "type")) {
      case "SUBQUERY" -> {
        Map<?, ?> select = Json.object(Json.object(table.get("subquery")).get("node"));
        yield new Visible(alias, select(select));
      }
      case "BASE_TABLE" -> {
        String name = SqlParser.unquoted(text(table, "table_name"));
        Map<?, ?> select = tables.get(name.toLowerCase(java.util.Locale.ROOT));
        if (select == null || has(table, "schema_name") || read.contains(name)) {
          throw new Unfit("it reads " + name + ", which is none, or read more than once");
        }
        read.add(name);
        yield new Visible(alias.isEmpty() ? name : alias, select(select));
      }
      default -> throw new Unfit("it reads more than one table");
    };
  }

  /** The columns of a SELECT that neither adds, drops nor orders rows but by its WHERE. */
  private Map<String, Field> select(Map<?, ?> select) {
    boolean plain =
        "SELECT_NODE".equals(select.get("type"))
            && !has(select, "modifiers")
            && !has(select, "group_expressions")
            && !has(select, "having")
            && !has(select, "qualify")
            && !has(select, "sample")
            && "STANDARD_HANDLING".equals(select.get("aggregate_handling"));
    if (!plain) {
      throw new Unfit("it reads the result of a query that does more than filter");
    }
    Map<String, @Nullable Object> table = node(select.get("from_table"));
    if ("TABLE_FUNCTION".equals(table.get("type"))) {
      return source(select, table);
    }
    Visible visible = from(table);
    where(select, visible);
    var columns = new TreeMap<String, Field>(String.CASE_INSENSITIVE_ORDER);
    for (Object item : Json.array(select.get("select_list"))) {
      Map<?, ?> column = Json.object(item);
      switch (text(column, "class")) {
        case "STAR" -> {
          if (!isPlainStar(column)) {
            throw new Unfit("it reads a changed *");
          }
          visible.columns().forEach((name, field) -> add(name, field, columns));
        }
        case "COLUMN_REF" -> {
          List<?> path = Json.array(column.get("column_names"));
          String name = String.valueOf(path.getLast());
          String alias = text(column, "alias");
          add(alias.isEmpty() ? visible.given(name) : alias, visible.required(column), columns);
        }
        default -> throw new Unfit("it reads computed columns");
      }
    }
    return columns;
  }

  /** The engine gives a second column of a name another one. */
  private static void add(String name, Field field, Map<String, Field> columns) {
    if (columns.putIfAbsent(name, field) != null) {
      throw new Unfit("it reads two columns called " + name);
    }
  }

  private static boolean isPlainStar(Map<?, ?> star) {
    return text(star, "relation_name").isEmpty()
        && !has(star, "exclude_list")
        && !has(star, "replace_list")
        && !has(star, "qualified_exclude_list")
        && !has(star, "rename_list")
        && !has(star, "columns")
        && star.get("expr") == null;
  }

  /** The SELECT that {@link StubColumns} writes. */
  private Map<String, Field> source(Map<?, ?> select, Map<String, @Nullable Object> table) {
    use = StubScans.use(text(Json.object(table.get("function")), "function_name"));
    if (use < 0 || !sources.apply(use).aggregates()) {
      throw new Unfit("");
    }
    function = table;
    Source source = sources.apply(use);
    var columns = new TreeMap<String, Field>(String.CASE_INSENSITIVE_ORDER);
    for (Object item : Json.array(select.get("select_list"))) {
      Map<?, ?> column = Json.object(item);
      List<?> path = Json.array(column.get("column_names"));
      int index = path.size() == 1 ? stubs.indexOf(String.valueOf(path.getFirst())) : -1;
      if (index >= 0 && index < source.schema().size()) { // others are cast
        Field field = source.schema().fields().get(index);
        columns.put(field.name(), field);
      }
    }
    return columns;
  }

  private void where(Map<?, ?> select, Visible visible) {
    Map<?, ?> where = Json.object(select.get("where_clause"));
    if (!where.isEmpty()) {
      filters.addAll(new ExactFilters(visible::required).conjuncts(where));
    }
  }
}
