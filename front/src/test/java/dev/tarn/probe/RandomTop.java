package dev.tarn.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The first groups in some order, which its columns o1, o2 … tell, of a table. */
final class RandomTop {

  static final List<String> CALLS =
      List.of(
          "count(*)",
          "count(amount)",
          "count(DISTINCT kind)",
          "sum(amount)",
          "sum(qty)",
          "min(amount)",
          "max(qty)",
          "avg(qty)");

  private final List<String> keys = new ArrayList<>();
  private final String having;
  private final String order;
  private final String limit;

  RandomTop(Random random) {
    var order = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String key = random.nextInt(5) == 0 ? "region" : CALLS.get(random.nextInt(CALLS.size()));
      keys.add(key);
      String name =
          switch (random.nextInt(3)) {
            case 0 -> key;
            case 1 -> Integer.toString(keys.size());
            default -> "o" + keys.size();
          };
      order.add(
          name
              + List.of("", " ASC", " DESC", " DESC").get(random.nextInt(4))
              + List.of("", "", " NULLS FIRST", " NULLS LAST").get(random.nextInt(4)));
    }
    this.order = String.join(", ", order);
    this.having = random.nextInt(5) == 0 ? " HAVING count(*) > 3" : "";
    this.limit =
        " LIMIT "
            + random.nextInt(1, 12)
            + (random.nextBoolean() ? "" : " OFFSET " + random.nextInt(9));
  }

  String sql(String table) {
    return whole(table) + " ORDER BY " + order + limit;
  }

  /** With all groups. */
  String whole(String table) {
    String columns =
        IntStream.range(0, keys.size())
            .mapToObj(i -> keys.get(i) + " AS o" + (i + 1))
            .collect(Collectors.joining(", "));
    return "SELECT "
        + columns
        + ", region, count(*) AS n FROM "
        + table
        + " GROUP BY region"
        + having;
  }
}
