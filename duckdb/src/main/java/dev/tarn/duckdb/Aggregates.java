package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.node;
import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.spi.AggregateRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The SELECTs of a query that sources may answer. They are found in DuckDB's tree of the query over
 * stubs, wherever they stand in it.
 */
final class Aggregates {

  private final Map<String, @Nullable Object> tree;
  private final Map<Integer, AggregateSelect> selects = new TreeMap<>();
  private final Map<Integer, Asked> asked = new TreeMap<>();
  private final Map<Integer, String> unfit = new TreeMap<>();

  /**
   * An aggregate of a source.
   *
   * @param answer the columns of its answer
   */
  record Asked(AggregateRequest request, Schema answer) {}

  private Aggregates(Map<String, @Nullable Object> tree) {
    this.tree = tree;
  }

  /** Those of a query that has none. */
  static Aggregates none() {
    return new Aggregates(Map.of());
  }

  /**
   * Finds them.
   *
   * @param sql the query, its uses of sources as {@link StubColumns#select} writes them
   * @param sources by the number of their use
   * @param readOnce whether a use is read, and for nothing else as well
   */
  static Aggregates in(
      SyntaxTrees trees,
      String sql,
      IntFunction<Source> sources,
      StubColumns stubs,
      IntPredicate readOnce)
      throws SQLException {
    var found = new Aggregates(trees.parse(sql));
    found.find(sources, stubs);
    found.selects.keySet().removeIf(use -> !readOnce.test(use));
    found.selects.forEach((use, select) -> found.ask(select, sources.apply(use).schema()));
    return found;
  }

  private void ask(AggregateSelect select, Schema schema) {
    try {
      asked.put(select.use(), new Asked(select.request(), select.answer(schema)));
    } catch (Unfit e) {
      unfit.put(select.use(), e.why());
    }
  }

  /** What a source may answer itself, by the number of its use. */
  Map<Integer, Asked> asked() {
    return asked;
  }

  /** Why a source may not answer an aggregate, by the number of its use. */
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

  /**
   * The query, its sources replaced by what it is to read. To be asked for once.
   *
   * @param answers of the row scans with the answers, by the number of their use
   * @param operands what stands in FROM for each of the other uses
   * @throws Unfit where DuckDB has no text for it: for {@code (SELECT … LIMIT 5) ORDER BY …}, say,
   *     which is one SELECT to it
   */
  String rewritten(SyntaxTrees trees, Map<Integer, Long> answers, Map<Integer, String> operands)
      throws SQLException {
    for (Map.Entry<Integer, Long> answer : answers.entrySet()) {
      AggregateSelect select = Objects.requireNonNull(selects.get(answer.getKey()));
      select.readInstead(trees, RowScans.FUNCTION, answer.getValue());
      forget(select.tables());
    }
    for (Map.Entry<Integer, String> operand : operands.entrySet()) {
      replace(operand.getKey(), trees.parse("SELECT * FROM " + operand.getValue()));
    }
    String sql = trees.print(tree);
    if (!SyntaxTrees.isSame(tree, trees.parse(sql))) {
      throw unwritten();
    }
    return sql;
  }

  private static Unfit unwritten() {
    return new Unfit("the query cannot be rewritten");
  }

  /** Takes tables away that nobody reads any more. */
  private void forget(List<String> names) {
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

  /** A stub is the one table of a subquery that {@link StubColumns#select} has written. */
  private void replace(int use, Map<String, @Nullable Object> query) {
    var places = new ArrayList<Map<String, @Nullable Object>>();
    Json.walk(
        tree,
        map -> {
          Map<String, @Nullable Object> subquery = node(map.get("subquery"));
          Map<?, ?> table = Json.object(node(subquery.get("node")).get("from_table"));
          if (StubScans.use(text(node(table.get("function")), "function_name")) == use) {
            places.add(subquery);
          }
        });
    if (places.size() != 1 || query.isEmpty()) {
      throw unwritten();
    }
    places.getFirst().put("node", SyntaxTrees.query(query));
  }
}
