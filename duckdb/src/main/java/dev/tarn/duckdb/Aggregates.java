package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.node;
import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.spi.Source;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The SELECTs of a query that sources may answer. They are found in DuckDB's tree of the query over
 * stubs, wherever they stand in it.
 */
final class Aggregates {

  private final Map<String, @Nullable Object> tree;
  private final Map<Integer, AggregateSelect> selects = new TreeMap<>();
  private final Map<Integer, String> unfit = new TreeMap<>();

  private Aggregates(Map<String, @Nullable Object> tree) {
    this.tree = tree;
  }

  /**
   * Finds them.
   *
   * @param sql the query, its uses of sources as {@link StubColumns#select} writes them
   * @param sources by the number of their use
   */
  static Aggregates in(
      DuckDBConnection connection, String sql, IntFunction<Source> sources, StubColumns stubs)
      throws SQLException {
    var found = new Aggregates(SyntaxTrees.parse(connection, sql));
    found.find(sources, stubs);
    return found;
  }

  /** Each SELECT by the use of a source that it alone reads. */
  Map<Integer, AggregateSelect> selects() {
    return selects;
  }

  /** Why a SELECT that aggregates a source is none, by the use of the source. */
  Map<Integer, String> unfit() {
    return unfit;
  }

  private void find(IntFunction<Source> sources, StubColumns stubs) {
    Map<String, Map<String, @Nullable Object>> tables = tablesReadOnce();
    Json.walk(
        tree,
        map -> {
          if ("SELECT_NODE".equals(map.get("type")) && AggregateSelect.aggregates(map)) {
            try {
              var select =
                  new AggregateSelect(node(map), OneSource.of(map, tables, sources, stubs));
              selects.put(select.use(), select);
            } catch (Unfit e) {
              below(map, tables, new HashSet<>(), use -> unfit.putIfAbsent(use, e.why()));
            }
          }
        });
  }

  /** CTEs, by name in lower case, that one place in the query reads. */
  private Map<String, Map<String, @Nullable Object>> tablesReadOnce() {
    var reads = new HashMap<String, Integer>();
    var defined = new HashMap<String, Integer>();
    var tables = new HashMap<String, Map<String, @Nullable Object>>();
    Json.walk(
        tree,
        map -> {
          if ("BASE_TABLE".equals(map.get("type"))) {
            reads.merge(key(SqlParser.unquoted(text(map, "table_name"))), 1, Integer::sum);
          }
          if (map.get("key") instanceof String name
              && map.get("value") instanceof Map<?, ?> value
              && value.get("query_node") instanceof Map<?, ?> query
              && Json.array(value.get("aliases")).isEmpty()) {
            defined.merge(key(name), 1, Integer::sum);
            tables.put(key(name), node(query));
          }
        });
    tables
        .keySet()
        .removeIf(name -> reads.getOrDefault(name, 0) != 1 || defined.getOrDefault(name, 0) != 1);
    return tables;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The uses of sources that a SELECT reads, directly or by a CTE. */
  private static void below(
      Map<?, ?> select,
      Map<String, Map<String, @Nullable Object>> tables,
      Set<String> seen,
      IntConsumer uses) {
    Json.walk(
        select,
        map -> {
          int use = StubScans.use(text(map, "function_name"));
          if (use >= 0) {
            uses.accept(use);
          }
          if ("BASE_TABLE".equals(map.get("type"))) {
            String name = key(SqlParser.unquoted(text(map, "table_name")));
            Map<String, @Nullable Object> table = tables.get(name);
            if (table != null && seen.add(name)) {
              below(table, tables, seen, uses);
            }
          }
        });
  }

  /** Takes tables away that nobody reads any more. */
  void forget(List<String> names) {
    Json.walk(
        tree,
        map -> {
          Map<String, @Nullable Object> ctes = node(map.get("cte_map"));
          if (!ctes.isEmpty()) {
            ctes.put(
                "map",
                Json.array(ctes.get("map")).stream()
                    .filter(entry ->
                        names.stream()
                            .noneMatch(
                                name -> name.equalsIgnoreCase(text(Json.object(entry), "key"))))
                    .toList());
          }
        });
  }

  /** The query as it stands now. */
  String print(DuckDBConnection connection) throws SQLException {
    return SyntaxTrees.print(connection, tree);
  }
}
