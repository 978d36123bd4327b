package dev.tarn.redis;

import static dev.tarn.Columns.asc;
import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.min;
import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The first groups in some order, of any frame of sales. */
final class RandomTopByIndex {

  private final List<Expr> filters = new ArrayList<>();
  private final List<Object> groups;
  private final List<Expr> calls = new ArrayList<>();
  private final List<Object> order = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final int around;
  private final long limit;
  private final int offset;

  RandomTopByIndex(Random random) {
    groups =
        switch (random.nextInt(9)) {
          case 0 -> List.of("region", "kind");
          case 1 -> List.of("kind", "region");
          case 2 -> List.of("kind");
          default -> List.of("region");
        };
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      calls.add(call(random).as("c" + i));
    }
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      filters.add(filter(random));
    }
    String group = String.valueOf(groups.get(random.nextInt(groups.size())));
    keys.add(random.nextInt(4) == 0 ? group : "c1");
    if (random.nextBoolean()) {
      keys.add(keys.contains("c1") ? group : "c1");
    }
    for (String key : keys) {
      SortKey sort = random.nextInt(3) == 0 ? asc(key) : desc(key);
      order.add(random.nextInt(6) == 0 ? sort.nullsFirst() : sort);
    }
    around = random.nextInt(10);
    limit =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1 -> Long.MAX_VALUE;
          case 2 -> 99_000 + random.nextInt(1100);
          default -> random.nextInt(1, 20);
        };
    offset = random.nextInt(3) == 0 ? random.nextInt(10) : 0;
  }

  private static Expr call(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> count("amount");
      case 1 -> countDistinct("kind");
      case 2, 3 -> sum("amount");
      case 4 -> sum("qty");
      case 5 -> min("amount");
      case 6 -> max("amount");
      case 7 -> min("qty");
      case 8 -> max("qty");
      case 9 -> mean("amount");
      case 10 -> mean("qty");
      case 11 -> count("kind");
      case 12 -> count("qty");
      default -> count();
    };
  }

  private static Expr filter(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> col("kind").eq("k1");
      case 1 -> col("kind").ne("k1");
      case 2 -> col("amount").gt(random.nextInt(-20, 20) * 0.25);
      case 3 -> col("qty").le(random.nextInt(10));
      case 4 -> col("region").isNull();
      case 5 -> col("kind").isNotNull();
      case 6 -> col("region").isNotNull();
      case 7 -> col("qty").isNull();
      case 8 -> col("kind").isNull().or(col("region").ne("r1"));
      default -> col("kind").eq("k0").or(col("region").eq("r1"));
    };
  }

  Frame of(Frame frame) {
    Frame all = allOf(frame);
    return switch (around) {
      case 0 -> all.sort(order.toArray()).limit(limit, offset).limit(3, 1);
      case 1 -> all.sort(order.toArray()).limit(9, 1).sort(order.toArray()).limit(limit, offset);
      case 2 -> all.sort(order.toArray()).limit(limit, offset).distinct().sort(order.toArray());
      case 3 ->
          all.rename("c1", "d")
              .rename("d", "c1")
              .select(all.schema().names().reversed().toArray())
              .sort(order.toArray())
              .limit(limit, offset)
              .select(all.schema().names().toArray());
      default -> all.sort(order.toArray()).limit(limit, offset);
    };
  }

  /** What orders them, which is the same whatever is taken of equal ones. */
  Frame keysOf(Frame frame) {
    return of(frame).select(keys.toArray());
  }

  /** All groups. */
  Frame allOf(Frame frame) {
    Frame rows = frame;
    for (Expr filter : filters) {
      rows = rows.filter(filter);
    }
    return rows.groupBy(groups.toArray()).agg(calls.toArray(Expr[]::new));
  }

  @Override
  public String toString() {
    return filters + " " + groups + " " + calls + " " + order + " " + limit + "+" + offset;
  }
}
