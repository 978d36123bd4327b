package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BLOB;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListScanTest extends TypeTest {

  private static void fill(String key, int count) throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < count; i += 1000) {
      commands.add(
          command(IntStream.range(i, Math.min(count, i + 1000)).boxed().toList(), "RPUSH", key));
    }
    send(commands);
  }

  @Test
  void readsEachElementWithItsPosition() throws Exception {
    server.command("RPUSH", "queue:1", "a", "", "a");
    fill("queue:2", 5);
    inBothProtocols(redis -> {
      assertThat(redis.lists("queue:*").schema().toString())
          .isEqualTo("_key VARCHAR\nposition BIGINT\nvalue VARCHAR");
      assertThat(texts(rows(redis.lists("queue:1"))))
          .containsExactly(
              "{_key=queue:1, position=0, value=a}",
              "{_key=queue:1, position=1, value=}",
              "{_key=queue:1, position=2, value=a}");
      assertThat(rows(redis.lists("queue:2", BIGINT)))
          .allSatisfy(r -> assertThat(r.longValue("value")).isEqualTo(r.longValue("position")));
    });
  }

  @Test
  void readsRandomListsAsAPlainClientDoes() {
    Seeds.each(
        Seeds.rounds(2, 40),
        random -> {
          server.command("FLUSHALL");
          var expected = new ArrayList<String>();
          var commands = new ArrayList<Object[]>();
          for (int key = 0; key < 50; key++) {
            int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 4_000 : 60);
            for (int i = 0; i < size; i++) {
              byte[] value = hostile(random).getBytes(java.nio.charset.StandardCharsets.UTF_8);
              if (value.length > 0 && random.nextInt(5) == 0) {
                value[0] = (byte) 0xFF;
              }
              commands.add(new Object[] {"RPUSH", "l:" + key, value});
              expected.add("l:" + key + " " + i + " " + new String(value, ISO_8859_1));
            }
          }
          send(commands);
          inBothProtocols(redis ->
              assertThat(
                      rows(redis.lists("l:*", BLOB)).stream()
                          .map(r ->
                              r.text("_key")
                                  + " "
                                  + r.longValue("position")
                                  + " "
                                  + new String((byte[]) r.value("value"), ISO_8859_1))
                          .sorted()
                          .toList())
                  .isEqualTo(sorted(expected)));
        });
  }

  @Test
  void readsALargeListInPages() throws Exception {
    fill("big", 200_000);
    List<List<String>> pages =
        sent(
            "LRANGE",
            () ->
                assertThat(rows(redis.lists("big", BIGINT)))
                    .hasSize(200_000)
                    .allMatch(r -> r.longValue("value") == r.longValue("position")));
    assertThat(pages).hasSizeGreaterThan(50);
  }

  @Test
  void asksForTheNumberAloneWhereValuesAreNotWanted() throws Exception {
    fill("queue:1", 3_000);
    server.forgetCalls();
    assertThat(rows(redis.lists("queue:*").agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(3_000L);
    assertThat(rows(redis.lists("queue:*").select("position").sort("position")))
        .extracting(r -> r.longValue("position"))
        .containsExactlyElementsOf(java.util.stream.LongStream.range(0, 3_000).boxed().toList());
    assertThat(server.calls()).containsKey("LLEN").doesNotContainKey("LRANGE");
  }

  @Test
  void readsOnlyThePositionsThatAFilterLeaves() throws Exception {
    fill("queue:1", 10_000);
    fill("queue:2", 20);
    Frame lists = redis.lists("queue:*", BIGINT);
    Expr position = col("position");
    for (Expr filter :
        List.of(
            position.lt(10),
            position.between(15, 3_000),
            position.eq(9_999),
            position.ge(9_990).and(position.ne(9_995)),
            position.in(3, 30, 300),
            position.lt(2).or(position.gt(9_998)),
            position.lt(0),
            position.gt(100_000),
            position.lt(5).or(col("value").gt(9_990)),
            position.isNull(),
            position.gt(19).and(col("_key").eq("queue:2")))) {
      sameWithoutPushdown(lists, filter);
    }
    assertThat(sent("LRANGE", () -> lists.filter(position.between(15, 30)).collect()))
        .extracting(command -> command.subList(2, 4))
        .containsOnly(List.of("15", "30"));
    assertThat(sent("LRANGE", () -> lists.filter(position.lt(-1)).collect()))
        .extracting(command -> command.subList(2, 4))
        .allMatch(List.of("1", "0")::equals);
  }
}
