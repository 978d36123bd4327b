package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.redis.RedisError;
import dev.tarn.testkit.redis.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By replies written from the command reference of RedisTimeSeries, which cannot be had here. */
class TimeSeriesScanTest extends ReplayTest {

  private final Map<String, TreeMap<Long, Double>> series = new TreeMap<>();

  @BeforeEach
  void answer() {
    server
        .handle("TYPE", words -> new Reply.Simple("TSDB-TYPE"))
        .handle("SCAN", words -> List.of("0", List.copyOf(series.keySet())))
        .handle("TS.RANGE", this::range);
  }

  /** {@code TS.RANGE key from to COUNT n [AGGREGATION avg bucket]}. */
  private Object range(List<String> words) {
    TreeMap<Long, Double> samples = series.get(words.get(1));
    if (samples == null) {
      return new RedisError("TSDB: the key does not exist");
    }
    long from = words.get(2).equals("-") ? 0 : Long.parseLong(words.get(2));
    long to = words.get(3).equals("+") ? Long.MAX_VALUE : Long.parseLong(words.get(3));
    long bucket = words.size() > 6 ? Long.parseLong(words.get(8)) : 1;
    var buckets = new TreeMap<Long, List<Double>>();
    if (from <= to) {
      samples
          .subMap(from, true, to, true)
          .forEach((time, value) ->
              buckets.computeIfAbsent(time - time % bucket, t -> new ArrayList<>()).add(value));
    }
    return buckets.entrySet().stream()
        .limit(Long.parseLong(words.get(5)))
        .map(e ->
            List.of(
                e.getKey(),
                e.getValue().stream().mapToDouble(Double::doubleValue).average().orElse(0)))
        .toList();
  }

  private void fill(String key, int count) {
    var samples = new TreeMap<Long, Double>();
    for (long i = 0; i < count; i++) {
      samples.put(1000 + i * 7, i * 0.5);
    }
    series.put(key, samples);
  }

  private static OffsetDateTime at(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsSamplesAsTheReferenceWritesThem(int protocol) {
    series.put("temp:1", new TreeMap<>());
    server.answerIn(
        2,
        new Reply.Raw(
            "*3\r\n*2\r\n:1000\r\n+30.5\r\n*2\r\n:1010\r\n+-1e+30\r\n*2\r\n:1020\r\n+NaN\r\n"),
        "TS.RANGE",
        "temp:1",
        "-",
        "+",
        "COUNT",
        "1000");
    server.answerIn(
        3,
        new Reply.Raw(
            "*3\r\n*2\r\n:1000\r\n,30.5\r\n*2\r\n:1010\r\n,-1e+30\r\n*2\r\n:1020\r\n,nan\r\n"),
        "TS.RANGE",
        "temp:1",
        "-",
        "+",
        "COUNT",
        "1000");
    try (Redis redis = redis(protocol)) {
      Frame frame = redis.timeSeries("temp:*");
      assertThat(frame.schema().toString())
          .isEqualTo("_key VARCHAR\ntime TIMESTAMP WITH TIME ZONE\nvalue DOUBLE");
      assertThat(rows(frame))
          .extracting(r -> r.toMap().toString())
          .containsExactly(
              "{_key=temp:1, time=1970-01-01T00:00:01Z, value=30.5}",
              "{_key=temp:1, time=1970-01-01T00:00:01.010Z, value=-1.0E30}",
              "{_key=temp:1, time=1970-01-01T00:00:01.020Z, value=NaN}");
    }
  }

  @Test
  void readsLongSeriesInPages() {
    fill("temp:1", 12_345);
    fill("temp:2", 1_000);
    try (Redis redis = redis(3)) {
      assertThat(redis.timeSeries("*").collect().size()).isEqualTo(13_345);
    }
    assertThat(sent("TS.RANGE")).hasSize(13 + 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsOnlyTheTimesThatAFilterLeaves(int protocol) {
    fill("temp:1", 3_000);
    Expr time = col("time");
    try (Redis redis = redis(protocol)) {
      for (Samples samples :
          List.of(Samples.ALL, Samples.aggregate("avg", Duration.ofMillis(100)))) {
        Frame frame = redis.timeSeries("*", samples);
        Frame kept = tarn.rows(frame.collect());
        for (Expr filter :
            List.of(
                time.ge(at(5_050)),
                time.gt(at(5_050)).and(time.le(at(5_720))),
                time.eq(at(1_400)),
                time.lt(at(2_001)),
                time.lt(at(0)),
                time.in(at(1_007), at(8_000)),
                col("value").gt(1_000))) {
          assertThat(rows(frame.filter(filter)))
              .as(filter.toString())
              .isEqualTo(rows(kept.filter(filter)));
        }
      }
      redis.timeSeries("*").filter(time.between(at(5_000), at(5_070))).collect();
      assertThat(sent("TS.RANGE").getLast())
          .containsExactly("TS.RANGE", "temp:1", "5000", "5070", "COUNT", "1000");
      redis
          .timeSeries("*", Samples.aggregate("AVG", Duration.ofSeconds(1)))
          .filter(time.between(at(5_500), at(6_500)))
          .collect();
      assertThat(sent("TS.RANGE").getLast())
          .containsExactly(
              "TS.RANGE", "temp:1", "5000", "6999", "COUNT", "1000", "AGGREGATION", "avg", "1000");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void givesLabelsToEachSample(int protocol) {
    fill("temp:1", 1_500);
    var info = new LinkedHashMap<String, Object>();
    info.put("totalSamples", 1_500);
    info.put("retentionTime", 0);
    server.answerIn(
        2,
        List.of(
            "totalSamples", 1_500, "labels", List.of(List.of("area", "hall"), List.of("x", "y"))),
        "TS.INFO",
        "temp:1");
    var three = new LinkedHashMap<String, Object>(info);
    three.put("labels", new LinkedHashMap<>(Map.of("area", "hall")));
    server.answerIn(3, three, "TS.INFO", "temp:1");
    try (Redis redis = redis(protocol)) {
      Frame frame = redis.timeSeries("*", Samples.ALL.labels("area", "none"));
      assertThat(rows(frame))
          .hasSize(1_500)
          .allMatch(r -> "hall".equals(r.text("area")) && r.isNull("none"));
      assertThat(sent("TS.INFO")).hasSize(1);
      int ranges = sent("TS.RANGE").size();
      assertThat(rows(frame.agg(count().as("n"))))
          .extracting(r -> r.longValue("n"))
          .containsExactly(1_500L);
      assertThat(rows(frame.select("area"))).hasSize(1_500);
      assertThat(sent("TS.RANGE")).hasSize(ranges);
    }
  }

  @Test
  void countsSeriesThatAreGoneOrOfAnotherType() {
    fill("temp:1", 5);
    server
        .handle("SCAN", words -> List.of("0", Arrays.asList("temp:1", "gone", "text")))
        .answer(
            new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value"),
            "TS.RANGE",
            "text",
            "-",
            "+",
            "COUNT",
            "1000");
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(2)) {
      assertThat(rows(redis.timeSeries("*", Samples.ALL, o -> o.onReport(reports::add))))
          .hasSize(5);
    }
    assertThat(reports.getFirst().vanished()).isEqualTo(1);
    assertThat(reports.getFirst().otherType()).isEqualTo(1);
  }

  @Test
  void aggregatesInSql() {
    fill("temp:1", 1_000);
    tarn.redis(server.url());
    try (Redis redis = redis(2)) {
      List<Row> expected =
          rows(redis.timeSeries("temp:*", Samples.aggregate("avg", Duration.ofSeconds(1))));
      for (String bucket :
          List.of(
              "INTERVAL '1 second'",
              "INTERVAL 1 SECOND",
              "INTERVAL (1) SECONDS",
              "INTERVAL '1' SECOND",
              "INTERVAL 1000 MILLISECONDS",
              "'1s'",
              "'500 ms 500ms'")) {
        assertThat(
                rows(
                    tarn.sql(
                        "FROM redis_time_series('temp:*', aggregate := 'AVG', bucket := %s)"
                            .formatted(bucket))))
            .as(bucket)
            .isEqualTo(expected);
      }
      assertThat(
              rows(
                  tarn.sql(
                      "FROM redis_time_series('temp:*', aggregate := ?, bucket := ?)",
                      "avg",
                      Duration.ofSeconds(1))))
          .isEqualTo(expected);
    }
    assertThat(sent("TS.RANGE"))
        .allMatch(words -> words.subList(6, 9).equals(List.of("AGGREGATION", "avg", "1000")));
  }

  @Test
  void aggregatesInSqlWithLabelsOfTypesAndBoundsOfTime() {
    fill("temp:1", 3_000);
    server.answer(
        List.of("totalSamples", 3_000, "labels", List.of(List.of("floor", "3"))),
        "TS.INFO",
        "temp:1");
    tarn.redis(server.url());
    Frame frame =
        tarn.sql(
            "SELECT count(*) AS n, max(floor) AS floor FROM redis_time_series('temp:*',"
                + " schema := {floor: 'BIGINT'}, aggregate := 'avg', bucket := '2 seconds')"
                + " WHERE time >= TIMESTAMPTZ '1970-01-01 00:01:05+00' - INTERVAL 1 MINUTE");
    assertThat(rows(frame))
        .extracting(row -> row.longValue("n") + " " + row.longValue("floor"))
        .containsExactly("8 3");
    assertThat(sent("TS.RANGE").getLast())
        .containsExactly(
            "TS.RANGE", "temp:1", "4000", "+", "COUNT", "1000", "AGGREGATION", "avg", "2000");
  }

  @Test
  void saysWhatIsWrongWithAnAggregateInSql() {
    tarn.redis(server.url());
    var messages =
        Map.of(
            "redis_time_series('t', aggregate := 'avg')",
            "Cannot call redis_time_series: aggregate needs buckets. Write bucket := INTERVAL '1 minute'.",
            "redis_time_series('t', bucket := '1s')",
            "Cannot call redis_time_series: the function of its buckets is missing. Write aggregate := 'avg'.",
            "redis_time_series('t', aggregate := 'avg', bucket := INTERVAL '1 month')",
            "Cannot call redis_time_series: bucket is '1 month', no time of a known length. Write INTERVAL '1 minute', in ms, s, min, h, days or weeks.",
            "redis_time_series('t', aggregate := 'avg', bucket := INTERVAL 2 MONTHS)",
            "Cannot call redis_time_series: bucket is '2 months', no time of a known length. Write INTERVAL '1 minute', in ms, s, min, h, days or weeks.",
            "redis_time_series('t', aggregate := 'avg', bucket := 5)",
            "Cannot call redis_time_series: bucket is '5', no time of a known length. Write INTERVAL '1 minute', in ms, s, min, h, days or weeks.",
            "redis_time_series('t', aggregate := 'avg', bucket := '0 s')",
            "Cannot aggregate time series by PT0S: buckets are whole milliseconds. Give 1 ms or more.",
            "redis_time_series('t', aggregate := 'median', bucket := '1 s')",
            "Cannot aggregate time series by 'median': there is no such function. Use avg, sum, min, max, range, count, first, last, std.p, std.s, var.p, var.s or twa.",
            "redis_hashes('t', aggregate := 'avg', bucket := '1 s')",
            "Cannot call redis_hashes: only time series are aggregated by the server. Leave aggregate and bucket out.");
    messages.forEach((call, message) ->
        assertThatThrownBy(() -> tarn.sql("FROM " + call))
            .as(call)
            .isInstanceOf(InvalidRequest.class)
            .hasMessage(message));
    for (String computed :
        List.of(
            "INTERVAL 1.5 HOURS",
            "INTERVAL (1 + 1) MINUTES",
            "INTERVAL '1 minute' * 2",
            "to_minutes(abs(-2))",
            "to_minutes(2, 3)",
            "to_minutes(NULL)",
            "to_base(5, 2)",
            "upper('1s')")) {
      assertThatThrownBy(() -> tarn.sql("FROM redis_time_series('t', bucket := " + computed + ")"))
          .as(computed)
          .hasMessageContaining("its arguments must be values");
    }
  }

  @Test
  void refusesAggregationsThatThereAreNot() {
    assertThatThrownBy(() -> Samples.aggregate("median", Duration.ofSeconds(1)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot aggregate time series by 'median': there is no such function. Use avg, sum, min, max, range, count, first, last, std.p, std.s, var.p, var.s or twa.");
    assertThatThrownBy(() -> Samples.aggregate("avg", Duration.ofNanos(1_500_000)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot aggregate time series by PT0.0015S: buckets are whole milliseconds. Give 1 ms or more.");
  }
}
