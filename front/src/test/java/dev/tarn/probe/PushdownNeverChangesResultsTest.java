package dev.tarn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Columns;
import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.error.TarnException;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Source;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random queries over sources that drop what they are told, and over the same without. */
class PushdownNeverChangesResultsTest {

  private static final Schema SCHEMA =
      Schema.of(
          "k", DataType.BIGINT,
          "b", DataType.BOOLEAN,
          "ti", DataType.TINYINT,
          "si", DataType.SMALLINT,
          "i", DataType.INTEGER,
          "l", DataType.BIGINT,
          "h", DataType.HUGEINT,
          "f", DataType.FLOAT,
          "d", DataType.DOUBLE,
          "dec", DataType.decimal(12, 2),
          "s", DataType.VARCHAR,
          "bl", DataType.BLOB,
          "dt", DataType.DATE,
          "tm", DataType.TIME,
          "ts", DataType.TIMESTAMP,
          "tz", DataType.TIMESTAMPTZ,
          "id", DataType.UUID,
          "st", DataType.struct(new Field("x", DataType.INTEGER), new Field("y", DataType.VARCHAR)),
          "li", DataType.list(DataType.INTEGER),
          "en", DataType.parse("ENUM('b', 'a')"),
          "js", DataType.JSON);

  @Test
  void withAndWithoutPushdownTheRowsAreTheSame() {
    var tally = new Tally();
    try (Tarn pushing = Tarn.open();
        Tarn plain = Tarn.open()) {
      Seeds.each(Seeds.rounds(400, 40_000), random -> check(random, pushing, plain, tally));
    }
    if (System.getProperty("tarn.seed") == null) {
      assertThat(tally.dropped).as(tally.toString()).isPositive();
    }
  }

  private static final class Tally {
    int queries;
    int failed;
    int pushed;
    int dropped;

    @Override
    public String toString() {
      return "%d queries, %d of them failed; %d filters pushed, %d rows dropped"
          .formatted(queries, failed, pushed, dropped);
    }
  }

  private static void check(Random random, Tarn pushing, Tarn plain, Tally tally) {
    var t = source("t", random);
    var u = source("u", random);
    register(pushing, t, u);
    register(plain, t.plain(), u.plain());
    String sql = new RandomSql(random).query();
    List<String> expected = rows(plain, sql);
    tally.queries++;
    if (expected == null) {
      tally.failed++;
      return;
    }
    assertThat(rows(pushing, sql)).as(sql).isEqualTo(expected);
    for (FilteringSource source : List.of(t, u)) {
      tally.pushed += source.requests.stream().mapToInt(r -> r.filters().size()).sum();
      tally.dropped += source.dropped;
    }
  }

  private static void register(Tarn tarn, Source t, Source u) {
    Frame frame = Frame.of(new Plan.Scan(t), tarn.engine());
    tarn.register("t", frame);
    tarn.register("u", Frame.of(new Plan.Scan(u), tarn.engine()));
    tarn.register(
        "v",
        frame
            .filter(Columns.col("d").gt(0.5).or(Columns.col("s").startsWith("a")))
            .groupBy("i", "l")
            .agg(Columns.count().as("n")));
  }

  /** The rows as sorted text; null when the query fails, as it may on rows that a filter drops. */
  private static List<String> rows(Tarn tarn, String sql) {
    try {
      var rows = new ArrayList<String>();
      for (Row row : tarn.sql(sql).collect()) {
        rows.add(
            row.toMap().values().stream()
                .map(PushdownNeverChangesResultsTest::text)
                .collect(Collectors.joining("|")));
      }
      rows.sort(null);
      return rows;
    } catch (TarnException e) {
      if (e.getMessage().contains("Binder") || e instanceof dev.tarn.error.InvalidRequest) {
        throw new AssertionError(sql + "\n" + e.getMessage(), e);
      }
      return null;
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Double d when d == 0 -> "0.0";
      case Float f when f == 0 -> "0.0";
      case null, default -> String.valueOf(value);
    };
  }

  private static FilteringSource source(String name, Random random) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int k = random.nextInt(40); k > 0; k--) {
      rows.add(row(k, random));
    }
    return new FilteringSource(name, SCHEMA, rows);
  }

  private static Map<String, Object> row(long k, Random r) {
    var row = new LinkedHashMap<String, Object>();
    row.put("k", k);
    row.put("b", any(r, true, false));
    row.put("ti", any(r, -3, 0, 1, 2, 5));
    row.put("si", any(r, -3, 0, 1, 2, 300));
    row.put("i", any(r, -3, 0, 1, 2, 3));
    row.put("l", any(r, -3L, 0L, 1L, 2L, Long.MAX_VALUE));
    row.put("h", any(r, BigInteger.TWO.pow(127).subtract(BigInteger.ONE), BigInteger.ONE));
    row.put("f", any(r, 0f, -0f, 0.1f, 2f, -1.5f, Float.NaN, Float.POSITIVE_INFINITY));
    row.put("d", any(r, 0d, -0d, 0.1, 1.5, 2d, 1e300, Double.NaN, Double.NEGATIVE_INFINITY));
    row.put("dec", any(r, "0.00", "1.50", "-2.25", "1.01", "100.00"));
    row.computeIfPresent("dec", (_, text) -> new BigDecimal(text.toString()));
    row.put(
        "s",
        any(
            r,
            "",
            "a",
            "ab",
            "A",
            "it's",
            "é",
            "🙂",
            "a%b",
            "x\n\ny",
            "x\ny",
            "3",
            "\"q\" (AND) --"));
    row.put("bl", any(r, new byte[] {'a'}, new byte[] {-1, 0}, new byte[0]));
    row.put(
        "dt",
        any(r, LocalDate.of(2024, 1, 1), LocalDate.of(1969, 12, 31), LocalDate.of(2025, 6, 1)));
    row.put("tm", any(r, LocalTime.MIDNIGHT, LocalTime.parse("12:34:56.789")));
    row.put(
        "ts",
        any(
            r,
            LocalDateTime.parse("2024-01-01T00:00"),
            LocalDateTime.parse("2024-02-03T04:05:06.789")));
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    row.put(
        "tz",
        any(
            r,
            Instant.parse("2024-01-01T00:00:00Z"),
            now.minusSeconds(1800),
            now.plusSeconds(1800)));
    row.computeIfPresent("tz", (_, time) -> ((Instant) time).atOffset(ZoneOffset.UTC));
    row.put("id", any(r, new UUID(0, 1), new UUID(-1, -1), new UUID(5, 5)));
    row.put("st", any(r, struct(1, "a"), struct(null, "ab"), struct(2, null)));
    row.put("li", any(r, List.of(1, 2), List.of(), List.of(2)));
    row.put("en", any(r, "a", "b"));
    row.put("js", any(r, "{\"a\": 1}", "{}", "1"));
    return row;
  }

  private static Map<String, Object> struct(Object x, Object y) {
    var struct = new LinkedHashMap<String, Object>();
    struct.put("x", x);
    struct.put("y", y);
    return struct;
  }

  private static Object any(Random random, Object... values) {
    return random.nextInt(5) == 0 ? null : Arrays.asList(values).get(random.nextInt(values.length));
  }
}
