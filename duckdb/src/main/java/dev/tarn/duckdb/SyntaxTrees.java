package dev.tarn.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** SQL text as DuckDB's tree of it, and back. Such a tree may be changed in its place. */
final class SyntaxTrees {

  private SyntaxTrees() {}

  /** The tree of a query; empty when it has none. */
  static Map<String, @Nullable Object> parse(DuckDBConnection connection, String sql)
      throws SQLException {
    if (sql.indexOf('\0') >= 0) {
      return Map.of();
    }
    Map<String, @Nullable Object> tree =
        node(Json.parse(one(connection, "SELECT json_serialize_sql(?)", sql)));
    return Json.array(tree.get("statements")).size() == 1 ? tree : Map.of();
  }

  static String print(DuckDBConnection connection, Map<String, @Nullable Object> tree)
      throws SQLException {
    return one(connection, "SELECT json_deserialize_sql(?)", Json.print(tree));
  }

  /** What DuckDB calls a column that is this expression. */
  static String nameOf(DuckDBConnection connection, Map<?, ?> expression) throws SQLException {
    Map<String, @Nullable Object> tree = parse(connection, "SELECT 1");
    Map<String, @Nullable Object> select =
        node(node(Json.array(tree.get("statements")).getFirst()).get("node"));
    select.put("select_list", new ArrayList<>(List.of(expression)));
    return print(connection, tree).substring("SELECT ".length());
  }

  private static String one(DuckDBConnection connection, String sql, String argument)
      throws SQLException {
    try (DuckDBPreparedStatement statement = connection.prepare(sql)) {
      statement.setString(1, argument);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getString(1);
      }
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
