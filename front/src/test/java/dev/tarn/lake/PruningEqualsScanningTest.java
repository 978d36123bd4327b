package dev.tarn.lake;

import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.sortedBy;
import static dev.tarn.lake.Options.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.QueryPlan.SourceUse;
import dev.tarn.Rows;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random tables, whose columns change half-way, and random predicates over all types: the same rows
 * whether files are left out or not.
 */
class PruningEqualsScanningTest extends LakeTest {

  /** SQL that makes a value of a column from a random number r, by the column's name. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("i", "(r % 200 - 100)::INTEGER"),
          Map.entry("l", "((r % 50) * 4000000000 - 100000000000)::BIGINT"),
          Map.entry(
              "f",
              "(CASE WHEN r % 41 = 0 THEN 'nan' WHEN r % 43 = 0 THEN '-0' ELSE ((r % 60 - 30) / 4.0)::VARCHAR END)::FLOAT"),
          Map.entry(
              "d",
              "(CASE WHEN r % 37 = 0 THEN 'nan' WHEN r % 31 = 0 THEN 'inf' WHEN r % 29 = 0 THEN '-0' ELSE ((r % 600 - 300) / 8.0)::VARCHAR END)::DOUBLE"),
          Map.entry("dec", "((r % 4000 - 2000) / 100)::DECIMAL(9, 2)"),
          Map.entry(
              "s",
              "CASE WHEN r % 23 = 0 THEN '' WHEN r % 19 = 0 THEN 'ü' || repeat('long ', 20) || r % 9 WHEN r % 17 = 0 THEN '𝄞' || r % 7 ELSE chr(97 + (r % 26)::INTEGER) || r % 5 END"),
          Map.entry("b", "r % 3 = 0"),
          Map.entry("day", "DATE '1969-06-01' + (r % 900)::INTEGER"),
          Map.entry(
              "ts",
              "TIMESTAMP '1969-12-30 00:00:00' + to_seconds((r % 9000) * 37) + to_microseconds(r % 3)"),
          Map.entry("tz", "TIMESTAMPTZ '2024-03-30 22:00:00+00' + to_minutes(r % 5000)"),
          Map.entry("t", "TIME '00:00:00' + to_seconds(r % 80000)"),
          Map.entry("u", "('00000000-0000-0000-0000-' || lpad((r % 300)::VARCHAR, 12, '0'))::UUID"),
          Map.entry("bytes", "encode(chr(97 + (r % 26)::INTEGER) || r % 4)"),
          Map.entry("st", "{'x': (r % 40)::INTEGER, 'y': 'y' || r % 6}"));

  private static final List<String> NAMES = COLUMNS.keySet().stream().sorted().toList();

  private static final List<String> PARTITIONS =
      List.of(
          "i",
          "b",
          "s",
          "day",
          "month(day)",
          "year(ts)",
          "day(ts)",
          "hour(tz)",
          "month(tz)",
          "bucket(4, s)",
          "bucket(3, l)",
          "bucket(5, dec)",
          "bucket(3, u)",
          "truncate(25, i)",
          "truncate(1, s)",
          "truncate(50, dec)",
          "bucket(4, day)",
          "bucket(3, ts)");

  @Test
  @Timeout(3600)
  void theRowsAreTheSame() {
    int rounds = Seeds.rounds(12, 400);
    long first = Seeds.first();
    long kept = 0;
    long total = 0;
    for (int round = 0; round < rounds; round++) {
      long seed = first + round;
      Random random = Seeds.random(seed);
      String as = "-Dtarn.seed=" + seed;
      Dataset t = table("t" + round, random);
      Rows all = t.frame().collect();
      Frame memory = tarn.rows(all);
      for (int i = 0; i < 40; i++) {
        String predicate = predicate(random, 3);
        Frame pruned = t.frame().filter(where(predicate)).sort("id");
        assertThat(pruned.select("id").collect().column("id"))
            .as("%s WHERE %s", as, predicate)
            .isEqualTo(
                memory.filter(where(predicate)).sort("id").select("id").collect().column("id"));
        SourceUse use = tarn.plan(pruned).sources().getFirst();
        kept += use.filesKept().orElse(0);
        total += use.filesTotal().orElse(0);
      }
    }
    assertThat(kept).as("files kept of %d", total).isLessThan(total * 8 / 10);
  }

  private Dataset table(String name, Random random) {
    Dataset t =
        tarn.create(
            name,
            rows(random, 0, 150),
            partitionedBy(transforms(random)),
            sortedBy(random.nextBoolean() ? new Object[0] : new Object[] {"i", "d"}));
    t.append(rows(random, 150, 260));
    if (random.nextBoolean()) {
      t.repartition(transforms(random));
    }
    // what changes half-way keeps the names that the predicates use
    t.widen("i", DataType.BIGINT).widen("f", DataType.DOUBLE).widen("dec", DataType.decimal(20, 2));
    t.renameColumn("l", "was_l").renameColumn("was_l", "l");
    t.renameColumn("st.x", "xx").renameColumn("st.xx", "x");
    t.addColumn("st.z", DataType.INTEGER, 7);
    t.append(rows(random, 260, 400));
    t.merge(rows(random, 390, 430)).on("id").upsert();
    t.delete(where("id % 13 = 5"));
    if (random.nextBoolean()) {
      t.compact();
    }
    return t;
  }

  private static Transform[] transforms(Random random) {
    var chosen = new ArrayList<Transform>();
    var columns = new ArrayList<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Transform transform = Transform.parse(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
      if (!columns.contains(transform.column())) {
        chosen.add(transform);
        columns.add(transform.column());
      }
    }
    return chosen.toArray(Transform[]::new);
  }

  /** Rows whose values lie near each other, so that there is something to leave out. */
  private Frame rows(Random random, int from, int to) {
    long base = random.nextInt(100_000);
    long spread = 1L + random.nextInt(400);
    var columns = new ArrayList<String>();
    for (String name : NAMES) {
      columns.add(
          "CASE WHEN (id * 7 + %d) %% %d = 0 THEN NULL ELSE %s END AS %s"
              .formatted(random.nextInt(50), 5 + random.nextInt(40), COLUMNS.get(name), name));
    }
    return tarn.sql(
        "SELECT id, %s FROM (SELECT id, (%d + hash(id + %d) %% %d)::BIGINT AS r FROM range(%d, %d) x(id))"
            .formatted(String.join(", ", columns), base, random.nextInt(1000), spread, from, to));
  }

  // ---- predicates

  private static String predicate(Random random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return comparison(random);
    }
    String left = predicate(random, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "NOT (" + left + ")";
      case 1 -> "(" + left + ") OR (" + predicate(random, depth - 1) + ")";
      default -> "(" + left + ") AND (" + predicate(random, depth - 1) + ")";
    };
  }

  private static String comparison(Random random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    if (name.equals("st")) {
      return switch (random.nextInt(3)) {
        case 0 -> "st.x %s %d".formatted(operator(random), random.nextInt(45));
        case 1 -> "st.y = 'y%d'".formatted(random.nextInt(8));
        default -> "st.z %s %d".formatted(operator(random), 6 + random.nextInt(3));
      };
    }
    String value = literal(random, name);
    return switch (random.nextInt(9)) {
      case 0 -> name + " IS NULL";
      case 1 -> name + " IS NOT NULL";
      case 2 -> name + " BETWEEN " + value + " AND " + literal(random, name);
      case 3 ->
          name
              + " IN ("
              + value
              + ", "
              + literal(random, name)
              + ", "
              + literal(random, name)
              + ")";
      case 4 -> name + " NOT IN (" + value + ", " + literal(random, name) + ")";
      case 5 -> name + " IS NOT DISTINCT FROM " + value;
      case 6 ->
          name.equals("s")
              ? "s LIKE '" + "abcxyzü𝄞".substring(random.nextInt(6)).substring(0, 1) + "%'"
              : name.equals("b") ? "b" : value + " " + operator(random) + " " + name;
      default -> name + " " + operator(random) + " " + value;
    };
  }

  private static String operator(Random random) {
    return List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
  }

  /** A value of the column's, or near one; sometimes of a wider type. */
  private static String literal(Random random, String name) {
    String r = Long.toString(random.nextInt(100_400));
    String value = "(SELECT " + COLUMNS.get(name).replaceAll("\\br\\b", r) + ")";
    return switch (name) {
      case "i" ->
          pick(
              random,
              Integer.toString(random.nextInt(240) - 120),
              (random.nextInt(240) - 120) + ".5",
              "1e1");
      case "l" ->
          pick(random, Long.toString((random.nextInt(60) - 30) * 4_000_000_000L), "0.5", "7");
      case "f", "d" ->
          pick(
              random,
              Double.toString((random.nextInt(80) - 40) / 4.0),
              "'nan'::DOUBLE",
              "0.0",
              "-0.0::DOUBLE",
              "'inf'::DOUBLE",
              "3");
      case "dec" ->
          pick(random, ((random.nextInt(4400) - 2200) / 100.0) + "::DECIMAL(9,2)", "1.005", "7");
      case "s" ->
          pick(
              random,
              "'" + (char) (97 + random.nextInt(26)) + random.nextInt(5) + "'",
              "''",
              "'ü" + "long ".repeat(20) + random.nextInt(9) + "'",
              "'𝄞" + random.nextInt(7) + "'");
      case "b" -> pick(random, "true", "false");
      case "day" ->
          pick(
              random,
              "DATE '1969-06-01' + " + random.nextInt(900),
              "TIMESTAMP '1970-03-04 05:06:07'");
      case "ts" ->
          pick(
              random,
              "TIMESTAMP '1969-12-30 00:00:00' + to_seconds(" + random.nextInt(9000) * 37 + ")",
              "DATE '1970-01-01'");
      case "tz" ->
          "TIMESTAMPTZ '2024-03-30 22:00:00+00' + to_minutes(" + random.nextInt(5000) + ")";
      case "t" -> "TIME '00:00:00' + to_seconds(" + random.nextInt(80_000) + ")";
      case "u" -> "'00000000-0000-0000-0000-" + "%012d".formatted(random.nextInt(300)) + "'::UUID";
      case "bytes" -> "encode('" + (char) (97 + random.nextInt(26)) + random.nextInt(4) + "')";
      default -> value;
    };
  }

  private static String pick(Random random, String... values) {
    return values[random.nextBoolean() ? 0 : random.nextInt(values.length)];
  }
}
