package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BLOB;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamScanTest extends TypeTest {

  private static final long START = 1_700_000_000_000L;

  private static OffsetDateTime at(long millis) {
    return java.time.Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  private static void fill(String key, int count) throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < count; i++) {
      commands.add(
          new Object[] {"XADD", key, (START + i / 3) + "-" + (i % 3), "n", i, "kind", "k" + i % 7});
    }
    send(commands);
  }

  @Test
  void readsEachEntryWithAllItsFieldsOrTheOnesOfASchema() throws Exception {
    server.command("XADD", "events:1", START + "-0", "n", 1, "kind", "a", "", "empty");
    server.command("XADD", "events:1", (START + 1) + "-5", "n", 2, "n", 3);
    inBothProtocols(redis -> {
      assertThat(redis.streams("events:*").schema().toString())
          .isEqualTo(
              "_key VARCHAR\nid VARCHAR\ntime TIMESTAMP WITH TIME ZONE\nfields MAP(VARCHAR, VARCHAR)");
      var rows = rows(redis.streams("events:*").sort("id"));
      assertThat(rows)
          .extracting(r -> r.text("id"))
          .containsExactly(START + "-0", (START + 1) + "-5");
      assertThat(rows).extracting(r -> r.value("time")).containsExactly(at(START), at(START + 1));
      assertThat(rows.getFirst().value("fields"))
          .isEqualTo(Map.of("n", "1", "kind", "a", "", "empty"));
      assertThat(rows.getLast().value("fields")).isEqualTo(Map.of("n", "3"));
      Schema schema = Schema.of("n", BIGINT, "kind", VARCHAR, "time", VARCHAR);
      assertThat(texts(rows(redis.streams("events:*", schema).drop("_key", "id"))))
          .containsExactly(
              "{_time=2023-11-14T22:13:20.001Z, n=3, kind=null, time=null}",
              "{_time=2023-11-14T22:13:20Z, n=1, kind=a, time=null}");
    });
  }

  @Test
  void readsRandomStreamsAsAPlainClientDoes() {
    Seeds.each(
        Seeds.rounds(2, 40),
        random -> {
          server.command("FLUSHALL");
          var commands = new ArrayList<Object[]>();
          for (int key = 0; key < 40; key++) {
            int size = 1 + random.nextInt(random.nextInt(8) == 0 ? 3_000 : 40);
            for (int i = 0; i < size; i++) {
              var fields = new ArrayList<Object>(List.of("s:" + key, "*"));
              for (int f = 0; f <= random.nextInt(5); f++) {
                fields.add(random.nextInt(3) == 0 ? hostile(random) : "f" + f);
                fields.add(hostile(random));
              }
              commands.add(command(fields, "XADD"));
            }
          }
          send(commands);
          var expected = new ArrayList<String>();
          try (var client = server.client()) {
            for (int key = 0; key < 40; key++) {
              for (Object entry : (List<?>) client.text("XRANGE", "s:" + key, "-", "+")) {
                var parts = (List<?>) entry;
                var pairs = (List<?>) parts.get(1);
                var map = new LinkedHashMap<Object, Object>();
                for (int i = 0; i < pairs.size(); i += 2) {
                  map.put(pairs.get(i), pairs.get(i + 1));
                }
                expected.add("s:" + key + " " + parts.getFirst() + " " + map);
              }
            }
          }
          inBothProtocols(redis ->
              assertThat(
                      rows(redis.streams("s:*")).stream()
                          .map(r -> r.text("_key") + " " + r.text("id") + " " + r.value("fields"))
                          .sorted()
                          .toList())
                  .isEqualTo(sorted(expected)));
        });
  }

  @Test
  void readsALargeStreamInPages() throws Exception {
    fill("big", 200_000);
    List<List<String>> pages =
        sent(
            "XRANGE",
            () ->
                assertThat(
                        rows(redis.streams("big", Schema.of("n", BIGINT))).stream()
                            .map(r -> r.longValue("n")))
                    .hasSize(200_000)
                    .doesNotHaveDuplicates());
    assertThat(pages).hasSizeGreaterThan(50);
  }

  @Test
  void goesOnBehindTheLastIdThereCanBeInAMillisecond() throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < 127; i++) {
      commands.add(new Object[] {"XADD", "s", "5-" + i, "n", i});
    }
    commands.add(new Object[] {"XADD", "s", "5-18446744073709551615", "n", 127});
    commands.add(new Object[] {"XADD", "s", "6-0", "n", 128});
    send(commands);
    assertThat(redis.streams("s").collect().size()).isEqualTo(129);
  }

  @Test
  void readsNothingOfEmptyStreamsAndCountsThoseThatAreGone() {
    server.command("XADD", "empty", "1-0", "n", 1);
    server.command("XTRIM", "empty", "MAXLEN", 0);
    var reports = new ArrayList<ScanReport>();
    Frame streams =
        redis.streams("*", o -> o.onReport(reports::add)).filter(col("_key").in("empty", "none"));
    assertThat(streams.collect().size()).isZero();
    assertThat(rows(streams.agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(0L);
    assertThat(reports).hasSize(2).allMatch(report -> report.vanished() == 1);
  }

  @Test
  void asksForTheNumberAloneWhereThatIsAllThatIsWanted() throws Exception {
    fill("events:1", 3_000);
    server.forgetCalls();
    assertThat(rows(redis.streams("events:*").agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(3_000L);
    assertThat(server.calls()).containsKey("XLEN").doesNotContainKey("XRANGE");
  }

  @Test
  void readsOnlyTheMomentsThatAFilterLeaves() throws Exception {
    fill("events:1", 3_000);
    fill("events:2", 10);
    server.command("XADD", "events:3", "5-1", "n", 1);
    Expr time = col("time");
    Expr id = col("id");
    for (Expr filter :
        List.of(
            time.ge(at(START + 900)),
            time.gt(at(START + 900)).and(time.le(at(START + 905))),
            time.lt(at(START).plusNanos(500_000)),
            time.eq(at(START + 2)),
            time.eq(at(START + 2).plusNanos(1000)),
            time.lt(at(0)),
            time.gt(at(-5)),
            time.between(at(0), at(10)),
            time.in(at(START), at(START + 999)),
            id.eq(START + "-1"),
            id.in(START + "-2", "5-1"),
            id.eq("none"),
            id.ge(START + "-1"),
            id.lt("5-2"),
            id.gt("2").and(time.lt(at(START + 1))))) {
      sameWithoutPushdown(redis.streams("events:*", Schema.of("n", BIGINT)), filter);
    }
    assertThat(
            sent(
                "XRANGE",
                () ->
                    redis
                        .streams("events:1")
                        .filter(time.ge(at(START + 5)).and(time.lt(at(START + 9))))
                        .collect()))
        .extracting(command -> command.subList(1, 4))
        .containsExactly(List.of("events:1", "" + (START + 5), "" + (START + 9)));
    assertThat(
            sent("XRANGE", () -> redis.streams("events:1").filter(id.eq(START + "-1")).collect()))
        .extracting(command -> command.subList(1, 4))
        .containsExactly(List.of("events:1", "" + START, "" + START));
  }

  @Test
  void treatsBadValuesAsSaid() {
    server.command("XADD", "s", "1-0", "n", new byte[] {(byte) 0xFF});
    server.command("XADD", "s", "18446744073709551615-1", "n", 1);
    assertThatThrownBy(() -> redis.streams("s").select("fields").collect())
        .isInstanceOf(BadData.class)
        .hasMessageContaining("Cannot read '\\xff' as MAP(VARCHAR, VARCHAR).");
    assertThatThrownBy(() -> redis.streams("s").select("time").collect())
        .isInstanceOf(BadData.class)
        .hasMessageContaining("Cannot read '18446744073709551615' as TIMESTAMP WITH TIME ZONE.");
    assertThat(redis.streams("s", Schema.of("n", BLOB)).select("id", "n").collect().size())
        .isEqualTo(2);
    assertThat(redis.streams("s", o -> o.onBadValue(BadValue.SKIP_ROW)).collect().size()).isZero();
    assertThat(redis.streams("s", o -> o.onBadValue(BadValue.SET_NULL)).collect().size())
        .isEqualTo(2);
  }
}
