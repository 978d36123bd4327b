package dev.tarn.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A query with the first groups of an order somewhere in it. The order leaves nothing open, so that
 * its rows are the same whoever computes them.
 */
final class RandomTopQuery {

  private static final List<String> COMPUTED =
      List.of("round(sum(amount))", "coalesce(max(qty), 0)");

  /** Some of them are columns of the table as well, or of another SELECT's. */
  private static final List<String> NAMES = List.of("x", "Y", "n", "amount", "qty", "kind", "g");

  private static final List<String> LIMITS =
      List.of(
          " LIMIT 3",
          " LIMIT 1",
          " LIMIT 7 OFFSET 2",
          " LIMIT 5 OFFSET 1000",
          " LIMIT 1 + 2",
          " LIMIT 30%",
          " LIMIT 0",
          " LIMIT 0 OFFSET 3",
          " LIMIT 9223372036854775807",
          " LIMIT 999999999999999999 OFFSET 999999999999999999",
          " LIMIT NULL",
          " LIMIT 4 OFFSET NULL",
          " LIMIT '4'",
          " LIMIT 3.0",
          " LIMIT (SELECT 3)",
          " FETCH FIRST 3 ROWS ONLY",
          " OFFSET 3",
          "");

  private static final List<String> AROUND =
      List.of(
          "%s",
          "%s",
          "%s",
          "SELECT * FROM (%s) q",
          "SELECT * FROM (%s) q ORDER BY ALL LIMIT 2",
          "SELECT *, sum(n1) OVER () FROM (%s) q",
          "SELECT count(*), max(n1) FROM (%s) q",
          "SELECT n1, count(*) FROM (%s) q GROUP BY n1",
          "SELECT DISTINCT n1 FROM (%s) q",
          "WITH c AS (%s) SELECT * FROM c UNION ALL SELECT * FROM c",
          "WITH c AS MATERIALIZED (%s) SELECT a.n1, b.n1 FROM c a JOIN c b ON a.n1 = b.n1",
          "SELECT * FROM p WHERE qty IN (SELECT n1 FROM (%s) q)",
          "SELECT region, (SELECT max(n1) FROM (%s) q WHERE q.n1 > p.qty) AS s FROM p",
          "(%s) ORDER BY ALL LIMIT 2",
          "(%s) ORDER BY ALL OFFSET 2",
          "(%1$s) UNION ALL (%1$s)",
          "(%1$s) EXCEPT ALL (%1$s)",
          "SELECT * FROM (%s) q, LATERAL (SELECT q.n1 + 1) r");

  private static final List<String> FROM =
      List.of(
          "{}",
          "{}",
          "{} AS z",
          "(SELECT * FROM {}) z",
          "(SELECT region, kind, amount, qty FROM {} WHERE kind = 'k1') z",
          "(SELECT kind AS region, region AS kind, qty, amount FROM {}) z");

  private final String sql;

  RandomTopQuery(Random random) {
    String from = any(random, FROM);
    List<String> groups =
        any(random, List.of(List.of("region"), List.of("region"), List.of("kind", "region")));
    var items = new ArrayList<String>();
    var keys = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String call = call(random);
      String name = any(random, NAMES);
      items.add(random.nextInt(4) == 0 ? call : call + " AS " + name);
      keys.add(
          any(
              random,
              List.of(
                  call,
                  call,
                  name,
                  name,
                  items.size() + "",
                  items.size() + "",
                  "-" + call,
                  "region",
                  call(random),
                  "region COLLATE NOCASE",
                  call + " + 0",
                  "(" + call + ")",
                  "region || ''",
                  "z.region",
                  "#1")));
    }
    items.add("count(*) AS n1");
    var order = new ArrayList<String>();
    for (String group : groups) {
      items.add(random.nextInt(3) == 0 ? group + " AS g" + group.charAt(0) : group);
      order.add(Integer.toString(items.size()));
    }
    if (random.nextInt(6) == 0) {
      items.add(any(random, List.of("kind AS qty", "region AS amount", "sum(count(*)) OVER ()")));
    }
    for (int i = 0; i < keys.size(); i++) {
      order.add(
          i,
          keys.get(i)
              + any(random, List.of("", " ASC", " DESC", " DESC"))
              + any(random, List.of("", "", " NULLS FIRST", " NULLS LAST")));
    }
    String sets =
        any(
            random,
            List.of(
                String.join(", ", groups),
                String.join(", ", groups),
                String.join(", ", groups),
                String.join(", ", groups),
                String.join(", ", groups),
                "ALL",
                "ROLLUP (" + String.join(", ", groups) + ")",
                "GROUPING SETS ((region), ())"));
    if (sets.contains("(")) {
      groups.forEach(group -> order.add("grouping(" + group + ")"));
    }
    String select =
        (random.nextInt(9) == 0 ? "SELECT DISTINCT " : "SELECT ")
            + String.join(", ", items)
            + " FROM "
            + from
            + any(random, List.of("", "", " WHERE qty > 0", " WHERE kind IS NULL"))
            + " GROUP BY "
            + sets
            + (random.nextInt(9) == 0 ? " HAVING count(*) > 3" : "")
            + (random.nextInt(12) == 0 && !sets.contains("(")
                ? " QUALIFY row_number() OVER (ORDER BY n1, %s) > 2"
                    .formatted(String.join(", ", groups))
                : "")
            + " ORDER BY "
            + (!sets.contains("(") && random.nextInt(12) == 0 ? "ALL" : String.join(", ", order))
            + (random.nextInt(3) > 0 ? " LIMIT " + random.nextInt(1, 9) : any(random, LIMITS));
    sql = any(random, AROUND).formatted(select);
  }

  private static String call(Random random) {
    return any(random, random.nextInt(5) == 0 ? COMPUTED : RandomTop.CALLS);
  }

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  String sql(String table) {
    return sql.replace("{}", table);
  }
}
