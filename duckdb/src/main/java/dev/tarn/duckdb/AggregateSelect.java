package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.children;
import static dev.tarn.duckdb.SyntaxTrees.has;
import static dev.tarn.duckdb.SyntaxTrees.node;
import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.spi.AggregateCall;
import dev.tarn.spi.AggregateCall.Function;
import dev.tarn.spi.AggregateRequest;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT of a query that does nothing with the rows of one source but aggregate them. Where the
 * source answers the aggregate, the SELECT reads the answer instead: it still groups, and takes the
 * first of each group's one row, so that all else of it means what it did.
 */
final class AggregateSelect {

  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "count_star", Function.COUNT_ALL,
          "count", Function.COUNT,
          "sum", Function.SUM,
          "min", Function.MIN,
          "max", Function.MAX,
          "avg", Function.AVG,
          "mean", Function.AVG);

  /** Functions of one row that may be computed of results. */
  private static final Set<String> SCALARS =
      Set.of(
          "abs",
          "ceil",
          "coalesce",
          "concat",
          "floor",
          "lower",
          "round",
          "upper",
          "greatest",
          "least",
          "length",
          "nullif",
          "ifnull");

  private static final Set<String> PLAIN =
      Set.of("CONSTANT", "CAST", "COMPARISON", "BETWEEN", "CONJUNCTION", "OPERATOR", "CASE");

  /** What DuckDB's function of this name computes; null where no source knows it. */
  static @Nullable Function function(String name) {
    return FUNCTIONS.get(name.toLowerCase(Locale.ROOT));
  }

  /** Where a call stands in the tree. */
  private record Found(Map<String, @Nullable Object> node, AggregateCall call) {}

  private enum Place {
    SELECT,
    ELSEWHERE
  }

  private final Map<String, @Nullable Object> select;
  private final OneSource.Found source;
  private final Map<String, Field> groups = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> groupNames = new ArrayList<>();
  private final List<AggregateCall> calls = new ArrayList<>();
  private final List<Found> places = new ArrayList<>();
  private final Set<String> aliases = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Reads a SELECT.
   *
   * @throws Unfit when it is none that a source could answer
   */
  AggregateSelect(Map<String, @Nullable Object> select, OneSource.Found source) {
    this.select = select;
    this.source = source;
    if (has(select, "sample") || has(select, "qualify")) {
      throw new Unfit("it samples, or has a QUALIFY");
    }
    findAliases();
    findGroups();
    for (Object item : items()) {
      visit(node(item), Place.SELECT);
    }
    for (Map<String, @Nullable Object> having : children(wrapped("having"))) {
      visit(having, Place.ELSEWHERE);
    }
    for (Map<String, @Nullable Object> modifier : children(wrapped("modifiers"))) {
      visitModifier(modifier);
    }
    if (calls.isEmpty()) {
      throw new Unfit("it computes nothing of its groups");
    }
  }

  /** Whether a SELECT aggregates at all. */
  static boolean aggregates(Map<?, ?> select) {
    return has(select, "group_expressions")
        || "FORCE_AGGREGATES".equals(select.get("aggregate_handling"))
        || Json.array(select.get("select_list")).stream()
            .anyMatch(item -> hasCall(Json.object(item)));
  }

  private static boolean hasCall(Map<?, ?> expression) {
    return isCall(expression)
        || (!"SUBQUERY".equals(expression.get("class"))
            && !"WINDOW".equals(expression.get("class"))
            && children(expression).stream().anyMatch(AggregateSelect::hasCall));
  }

  private static boolean isCall(Map<?, ?> expression) {
    return "FUNCTION".equals(expression.get("class"))
        && function(text(expression, "function_name")) != null;
  }

  private Map<String, @Nullable Object> wrapped(String member) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put(member, select.get(member));
    return map;
  }

  int use() {
    return source.use();
  }

  /** The CTEs that only it reads. */
  List<String> tables() {
    return source.tables();
  }

  AggregateRequest request() {
    return new AggregateRequest(
        groupNames.stream().map(name -> group(name).name()).toList(),
        calls,
        source.filters(),
        SelectTop.of(select, this::column));
  }

  /** The column of the answer that an expression is; below 0 when it is none. */
  @SuppressWarnings("ReferenceEquality") // a place in the tree, whatever stands there
  private int column(Map<?, ?> expression) {
    if ("COLUMN_REF".equals(expression.get("class")) && source.field(expression) != null) {
      return groupNames.indexOf(source.given(lastName(expression)));
    }
    return places.stream()
        .filter(place -> place.node() == expression)
        .findFirst()
        .map(place -> groupNames.size() + calls.indexOf(place.call()))
        .orElse(-1);
  }

  private Field group(String name) {
    return java.util.Objects.requireNonNull(groups.get(name));
  }

  // ---- reading it

  private List<?> items() {
    return Json.array(select.get("select_list"));
  }

  /** Names that the SELECT gives to what is not the column of that name. */
  private void findAliases() {
    for (Object item : items()) {
      Map<?, ?> column = Json.object(item);
      String alias = text(column, "alias");
      if (!alias.isEmpty() && !isColumn(column, alias)) {
        aliases.add(alias);
      }
    }
  }

  private boolean isColumn(Map<?, ?> expression, String name) {
    if (!"COLUMN_REF".equals(expression.get("class"))) {
      return false;
    }
    Field field = source.field(expression);
    return field != null && field.equals(source.columns().get(name));
  }

  private void findGroups() {
    List<?> expressions = Json.array(select.get("group_expressions"));
    boolean all = "FORCE_AGGREGATES".equals(select.get("aggregate_handling"));
    if (all) {
      expressions = items().stream().filter(item -> !hasCall(Json.object(item))).toList();
    } else if (!"STANDARD_HANDLING".equals(select.get("aggregate_handling"))) {
      throw new Unfit("it groups in another way");
    } else if (!expressions.isEmpty()) {
      List<Integer> each = IntStream.range(0, expressions.size()).boxed().toList();
      if (!List.of(each).equals(select.get("group_sets"))) {
        throw new Unfit("it has several sets of groups");
      }
    }
    for (Object expression : expressions) {
      addGroup(positional(Json.object(expression)));
    }
  }

  /** The column of the SELECT that a number stands for. */
  private Map<?, ?> positional(Map<?, ?> expression) {
    Map<?, ?> literal = Json.object(expression.get("literal"));
    if (!"INTEGER".equals(literal.get("kind"))) {
      if (aliases.contains(lastName(expression))) {
        throw new Unfit("it groups by a name that is both a column and computed");
      }
      return expression;
    }
    int position = Integer.parseInt(text(literal, "text"));
    return position < 1 || position > items().size()
        ? Map.of()
        : Json.object(items().get(position - 1));
  }

  private static String lastName(Map<?, ?> reference) {
    List<?> path = Json.array(reference.get("column_names"));
    return path.isEmpty() ? "" : String.valueOf(path.getLast());
  }

  private void addGroup(Map<?, ?> expression) {
    Field field = "COLUMN_REF".equals(expression.get("class")) ? source.field(expression) : null;
    if (field == null) {
      throw new Unfit("it groups by what is no column");
    }
    requireWritten(field.type());
    String name = source.given(lastName(expression));
    if (groups.put(name, field) == null) {
      groupNames.add(name);
    }
  }

  private static void requireWritten(@Nullable DataType type) {
    if (type == null || !RowScans.isWritten(type)) {
      throw new Unfit("it groups by or computes a column of type " + type);
    }
  }

  private void visitModifier(Map<String, @Nullable Object> expression) {
    boolean alias =
        "COLUMN_REF".equals(expression.get("class"))
            && Json.array(expression.get("column_names")).size() == 1
            && aliases.contains(lastName(expression));
    boolean all = "STAR".equals(expression.get("class")); // ORDER BY ALL
    if (!alias && !all) {
      visit(expression, Place.ELSEWHERE);
    }
  }

  private void visit(Map<String, @Nullable Object> expression, Place place) {
    if (isCall(expression)) {
      places.add(new Found(expression, call(expression, place)));
      return;
    }
    String kind = text(expression, "class");
    if (kind.equals("COLUMN_REF")) {
      reference(expression, place);
      return;
    }
    boolean known =
        PLAIN.contains(kind)
            || (kind.equals("FUNCTION")
                && (Boolean.TRUE.equals(expression.get("is_operator"))
                    || SCALARS.contains(text(expression, "function_name"))));
    if (!known || has(expression, "filter") || has(expression, "distinct")) {
      String name = text(expression, "function_name");
      throw new Unfit(
          "it computes more: " + (name.isEmpty() ? kind.toLowerCase(Locale.ROOT) : name));
    }
    for (Map<String, @Nullable Object> child : children(expression)) {
      visit(child, place);
    }
  }

  private void reference(Map<?, ?> expression, Place place) {
    Field field = source.field(expression);
    if (field == null ? !aliases.contains(lastName(expression)) : !isGroup(expression)) {
      throw new Unfit("it uses a column that it does not group by");
    }
    if (field != null && place == Place.ELSEWHERE && aliases.contains(lastName(expression))) {
      throw new Unfit("it uses a name that is both a column and computed");
    }
  }

  private boolean isGroup(Map<?, ?> reference) {
    return groups.containsKey(lastName(reference));
  }

  private AggregateCall call(Map<?, ?> call, Place place) {
    Function function = java.util.Objects.requireNonNull(function(text(call, "function_name")));
    boolean distinct = Boolean.TRUE.equals(call.get("distinct"));
    if (has(call, "filter")
        || has(Json.object(call.get("order_bys")), "orders")
        || has(call, "export_state")
        || !text(call, "schema").isEmpty()
        || (distinct && function != Function.COUNT)) {
      throw new Unfit("an aggregate has a FILTER, an ORDER BY or a DISTINCT");
    }
    AggregateCall found =
        function == Function.COUNT_ALL
            ? new AggregateCall(function, null)
            : new AggregateCall(
                distinct ? Function.COUNT_DISTINCT : function, argument(call, place));
    if (!calls.contains(found)) {
      calls.add(found);
    }
    return found;
  }

  private String argument(Map<?, ?> call, Place place) {
    List<?> arguments = Json.array(call.get("arguments"));
    Map<?, ?> argument =
        arguments.size() == 1
            ? Json.object(Json.object(arguments.getFirst()).get("expression"))
            : Map.of();
    Field field = "COLUMN_REF".equals(argument.get("class")) ? source.field(argument) : null;
    if (field == null) {
      throw new Unfit("an aggregate is of what is no column");
    }
    if (place == Place.ELSEWHERE && aliases.contains(lastName(argument))) {
      throw new Unfit("an aggregate is of a name that is both a column and computed");
    }
    return field.name();
  }

  // ---- the answer

  /**
   * The columns of the answer: the groups under the names that the SELECT has for them, then one
   * for each call.
   *
   * @throws Unfit when the type of one is not known
   */
  Schema answer(Schema schema) {
    var fields = new ArrayList<Field>();
    groupNames.forEach(name -> fields.add(new Field(name, group(name).type())));
    for (AggregateCall call : calls) {
      String column = call.column();
      DataType type = call.type(column == null ? null : schema.field(column).orElseThrow().type());
      requireWritten(type);
      fields.add(new Field(name(call), java.util.Objects.requireNonNull(type)));
    }
    return new Schema(fields);
  }

  private String name(AggregateCall call) {
    String name = "__tarn_" + calls.indexOf(call);
    if (groups.containsKey(name) || aliases.contains(name)) {
      throw new Unfit("it uses the name " + name);
    }
    return name;
  }

  /**
   * Makes it read the answer.
   *
   * @param function the table function that yields it
   * @param number its argument
   */
  void readInstead(SyntaxTrees trees, String function, long number) throws SQLException {
    for (Object item : items()) {
      Map<String, @Nullable Object> column = node(item);
      if (text(column, "alias").isEmpty() && hasCall(column)) {
        column.put("alias", trees.nameOf(column));
      }
    }
    for (Found place : places) {
      Map<String, @Nullable Object> node = place.node();
      Map<String, @Nullable Object> column = reference(name(place.call()));
      node.put("function_name", "first");
      node.put("qualified_name", Map.of("path", List.of("first")));
      node.put("distinct", false);
      node.put("arguments", List.of(Map.of("name", "", "expression", column)));
    }
    select.put("where_clause", null);
    select.put("from_table", table(function, number));
  }

  private static Map<String, @Nullable Object> reference(String column) {
    var reference = new LinkedHashMap<String, @Nullable Object>();
    reference.put("class", "COLUMN_REF");
    reference.put("type", "COLUMN_REF");
    reference.put("alias", "");
    reference.put("column_names", List.of(column));
    return reference;
  }

  private Map<String, @Nullable Object> table(String name, long number) {
    var table = new LinkedHashMap<String, @Nullable Object>(source.function());
    var function = new LinkedHashMap<String, @Nullable Object>(node(table.get("function")));
    function.put("function_name", name);
    function.put("qualified_name", Map.of("path", List.of(name)));
    var constant = new LinkedHashMap<String, @Nullable Object>();
    constant.put("class", "CONSTANT");
    constant.put("type", "VALUE_CONSTANT");
    constant.put("alias", "");
    constant.put("literal", Map.of("kind", "INTEGER", "text", Long.toString(number)));
    function.put("arguments", List.of(Map.of("name", "", "expression", constant)));
    table.put("function", function);
    table.put("alias", source.alias());
    return table;
  }
}
