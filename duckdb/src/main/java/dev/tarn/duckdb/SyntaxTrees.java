package dev.tarn.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * SQL text as DuckDB's tree of it, and back. Such a tree may be changed in its place. The two
 * statements that it takes are kept, for to prepare one takes as long as to run it. Safe for use by
 * several threads; whoever made it closes it.
 */
final class SyntaxTrees implements AutoCloseable {

  private static final Set<String> LOCATIONS = Set.of("query_location", "query_location_length");

  private final DuckDBConnection connection;
  private final DuckDBPreparedStatement parse;
  private final DuckDBPreparedStatement print;

  /**
   * A parser and printer.
   *
   * @param connection its own from now on
   */
  SyntaxTrees(DuckDBConnection connection) throws SQLException {
    this.connection = connection;
    this.parse = connection.prepare("SELECT json_serialize_sql(?)");
    this.print = connection.prepare("SELECT json_deserialize_sql(?)");
  }

  /** The tree of a query; empty when it has none. */
  Map<String, @Nullable Object> parse(String sql) throws SQLException {
    if (sql.indexOf('\0') >= 0) {
      return Map.of();
    }
    Map<String, @Nullable Object> tree = node(Json.parse(one(parse, sql)));
    return Json.array(tree.get("statements")).size() == 1 ? tree : Map.of();
  }

  /** The query of a tree that is one statement; an empty one for others. */
  static Map<String, @Nullable Object> query(Map<String, @Nullable Object> tree) {
    List<?> statements = Json.array(tree.get("statements"));
    return statements.isEmpty() ? node(null) : node(node(statements.getFirst()).get("node"));
  }

  String print(Map<String, @Nullable Object> tree) throws SQLException {
    return one(print, Json.print(tree));
  }

  /** Whether two trees are of the same query, wherever it stands in its text. */
  static boolean isSame(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> with) {
      Map<?, ?> same = "EXPRESSION_LIST".equals(map.get("type")) ? values(with) : with;
      return Stream.concat(map.keySet().stream(), same.keySet().stream())
          .distinct() // or each level would look twice at what is below it
          .filter(member -> !LOCATIONS.contains(String.valueOf(member)))
          .allMatch(member -> isSame(map.get(member), same.get(member)));
    }
    if (one instanceof List<?> list && other instanceof List<?> with) {
      return list.size() == with.size()
          && IntStream.range(0, list.size()).allMatch(i -> isSame(list.get(i), with.get(i)));
    }
    return Objects.equals(one, other);
  }

  /** VALUES in FROM, which are printed as {@code (SELECT * FROM (VALUES …))}. */
  private static Map<?, ?> values(Map<?, ?> table) {
    Map<?, ?> query = Json.object(Json.object(table.get("subquery")).get("node"));
    Map<?, ?> values = Json.object(query.get("from_table"));
    return "EXPRESSION_LIST".equals(values.get("type")) ? values : table;
  }

  /** What DuckDB calls a column that is this expression. */
  String nameOf(Map<?, ?> expression) throws SQLException {
    Map<String, @Nullable Object> tree = parse("SELECT 1");
    query(tree).put("select_list", new ArrayList<>(List.of(expression)));
    return print(tree).substring("SELECT ".length());
  }

  private synchronized String one(DuckDBPreparedStatement statement, String argument)
      throws SQLException {
    statement.setString(1, argument);
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getString(1);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    try (connection;
        parse;
        print) {
      // all are closed, whatever one of them says
    }
  }

  /** An object of a tree that {@link Json} has read, to be changed; an empty one for others. */
  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> node(@Nullable Object json) {
    return json instanceof Map<?, ?> map
        ? (Map<String, @Nullable Object>) map
        : new LinkedHashMap<>();
  }

  static String text(Map<?, ?> node, String member) {
    return node.get(member) instanceof String text ? text : "";
  }

  static boolean has(Map<?, ?> node, String member) {
    return switch (node.get(member)) {
      case null -> false;
      case List<?> list -> !list.isEmpty();
      case String text -> !text.isEmpty();
      case Object other -> !Boolean.FALSE.equals(other);
    };
  }

  /** The expressions right below one. */
  static List<Map<String, @Nullable Object>> children(Map<?, ?> expression) {
    var found = new ArrayList<Map<String, @Nullable Object>>();
    expression.forEach((name, value) -> {
      if (!"type_expr".equals(name)) {
        collect(value, found);
      }
    });
    return found;
  }

  private static void collect(
      @Nullable Object json, List<Map<String, @Nullable Object>> expressions) {
    if (json instanceof Map<?, ?> map) {
      if (map.containsKey("class")) {
        expressions.add(node(map));
      } else {
        map.values().forEach(value -> collect(value, expressions));
      }
    } else {
      Json.array(json).forEach(value -> collect(value, expressions));
    }
  }
}
