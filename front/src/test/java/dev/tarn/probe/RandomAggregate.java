package dev.tarn.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Aggregates in SQL over a table t with Region, kind, amount and qty, in a total order. */
final class RandomAggregate {

  private static final List<String> CALLS =
      List.of(
          "count(*)",
          "count(amount)",
          "count(DISTINCT kind)",
          "count(DISTINCT qty)",
          "sum(amount)",
          "sum(qty)",
          "min(amount)",
          "max(amount)",
          "min(qty)",
          "max(qty)",
          "avg(qty)");

  private static final List<String> FILTERS =
      List.of(
          "amount > 1",
          "amount <= -2.5",
          "qty BETWEEN -3 AND 4",
          "qty IN (1, 2, 3)",
          "region = 'eu'",
          "region IN ('us', 'a b')",
          "region = ''",
          "kind IS NULL",
          "kind IS NOT NULL",
          "qty = 2 OR amount < 0",
          "kind <> 'x'",
          "region LIKE 'e%'");

  private RandomAggregate() {}

  static String sql(Random random) {
    List<String> groups =
        switch (random.nextInt(4)) {
          case 0 -> List.of();
          case 1 -> List.of("region");
          case 2 -> List.of("kind");
          default -> List.of("kind", "region");
        };
    var calls = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      calls.add(one(random, CALLS) + " AS c" + i);
    }
    var columns = new ArrayList<>(groups);
    columns.addAll(calls);
    var where = new ArrayList<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      where.add("(" + one(random, FILTERS) + ")");
    }
    return "SELECT "
        + String.join(", ", columns)
        + " FROM t"
        + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
        + (groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups))
        + (random.nextInt(3) == 0 ? " HAVING " + one(random, CALLS) + " > 1" : "")
        + " ORDER BY ALL"
        + (random.nextInt(3) == 0 ? " LIMIT " + random.nextInt(1, 5) : "");
  }

  private static String one(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
