package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.min;
import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A chain of operations on sales that ends in an aggregate, made anew on any frame. */
final class RandomAggregate {

  private static final List<String> TEXTS =
      List.of("eu", "EU", "us", "", "a, b", "x|y", "ä ö", "null", "1e3", "1000", "a", "ab", "b");

  private final boolean exact;
  private final List<Expr> filters = new ArrayList<>();
  private final List<String> groups;
  private final List<Expr> calls = new ArrayList<>();
  private final boolean having;
  private final int limit;

  RandomAggregate(Random random, boolean exact) {
    this.exact = exact;
    this.groups =
        switch (random.nextInt(4)) {
          case 0 -> List.of();
          case 1 -> List.of("kind");
          case 2 -> List.of("region");
          default -> List.of("region", "kind");
        };
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      calls.add(call(random).as("c" + i));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      filters.add(filter(random));
    }
    having = exact && random.nextInt(3) == 0;
    limit = exact && random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1000;
  }

  private static Expr call(Random random) {
    return switch (random.nextInt(11)) {
      case 0 -> count();
      case 1 -> count("amount");
      case 2 -> countDistinct("kind");
      case 3 -> sum("amount");
      case 4 -> sum("qty");
      case 5 -> min("amount");
      case 6 -> max("amount");
      case 7 -> min("qty");
      case 8 -> max("qty");
      case 9 -> mean("amount");
      default -> mean("qty");
    };
  }

  private static Expr filter(Random random) {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return switch (random.nextInt(9)) {
      case 0 -> col("region").eq(text);
      case 1 -> col("region").in(text, "eu", "us");
      case 2 -> col("kind").ne(text);
      case 3 -> col("amount").gt(random.nextInt(-400, 400) * 0.25);
      case 4 -> col("amount").le(random.nextInt(100) / 10.0);
      case 5 -> col("qty").between(-20, random.nextInt(30));
      case 6 -> col("region").isNull();
      case 7 -> col("qty").in(1, 2, 3, -4, 5, 6);
      default -> col("region").eq(text).or(col("kind").eq("eu"));
    };
  }

  Frame of(Frame frame) {
    Frame result = frame;
    for (Expr filter : filters) {
      result = result.filter(filter);
    }
    result =
        groups.isEmpty()
            ? result.agg(calls.toArray(Expr[]::new))
            : result.groupBy(groups.toArray(Object[]::new)).agg(calls.toArray(Expr[]::new));
    if (having) {
      result = result.filter(col("c1").isNotNull());
    }
    var order = new ArrayList<Object>(groups);
    order.add("c1");
    return result.sort(order.toArray()).limit(limit);
  }

  @Override
  public String toString() {
    return filters + " " + groups + " " + calls;
  }

  /** Whether the engine's numbers are to be found to the last digit. */
  boolean isExact() {
    return exact;
  }

  /** Documents by their keys, whose sums are exact or not. */
  static Map<String, Map<String, String>> sales(Random random, boolean exact) {
    var documents = new LinkedHashMap<String, Map<String, String>>();
    int count = random.nextInt(1, 60);
    for (int i = 0; i < count; i++) {
      var fields = new LinkedHashMap<String, String>();
      fields.put("other", "1");
      if (random.nextInt(8) > 0) {
        fields.put("region", TEXTS.get(random.nextInt(TEXTS.size())));
      }
      if (random.nextInt(8) > 0) {
        fields.put("kind", TEXTS.get(random.nextInt(4)));
      }
      if (random.nextInt(6) > 0) {
        fields.put("amount", amount(random, exact));
      }
      if (random.nextInt(6) > 0) {
        fields.put("qty", Integer.toString(random.nextInt(-50, 50)));
      }
      if (fields.size() == 1) { // the module does not take up what has none of its fields
        fields.put("kind", "eu");
      }
      documents.put("s:" + i, fields);
    }
    return documents;
  }

  private static String amount(Random random, boolean exact) {
    if (exact) {
      return Double.toString(random.nextInt(-4000, 4000) * 0.25);
    }
    return switch (random.nextInt(5)) {
      case 0 -> Double.toString(random.nextGaussian() * 1e6);
      case 1 -> Double.toString(random.nextInt(1000) / 100.0);
      case 2 -> Integer.toString(random.nextInt());
      case 3 -> random.nextInt(1, 9) + "e" + random.nextInt(-6, 14);
      default -> "0";
    };
  }
}
