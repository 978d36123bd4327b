package dev.tarn.redis;

import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BLOB;
import static dev.tarn.type.DataType.VARCHAR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.BadData;
import dev.tarn.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetScanTest extends TypeTest {

  private static List<String> members(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "member-" + i).toList();
  }

  private static void fill(String key, int count) throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < count; i += 1000) {
      commands.add(command(members(i, Math.min(count, i + 1000)), "SADD", key));
    }
    send(commands);
  }

  @Test
  void readsEachMemberAsARow() throws Exception {
    server.command("SADD", "tags:1", "red", "blue", "");
    server.command("SADD", "tags:2", 1, 2, 3);
    server.command("SET", "tags:text", "no set");
    inBothProtocols(redis -> {
      assertThat(redis.sets("tags:*").schema().toString())
          .isEqualTo("_key VARCHAR\nmember VARCHAR");
      assertThat(texts(rows(redis.sets("tags:*"))))
          .containsExactlyInAnyOrder(
              "{_key=tags:1, member=}",
              "{_key=tags:1, member=blue}",
              "{_key=tags:1, member=red}",
              "{_key=tags:2, member=1}",
              "{_key=tags:2, member=2}",
              "{_key=tags:2, member=3}");
      assertThat(rows(redis.sets("tags:2", BIGINT)))
          .extracting(r -> r.longValue("member"))
          .containsExactlyInAnyOrder(1L, 2L, 3L);
    });
  }

  @Test
  void readsRandomSetsAsAPlainClientDoes() {
    Seeds.each(
        Seeds.rounds(2, 40),
        random -> {
          server.command("FLUSHALL");
          var commands = new ArrayList<Object[]>();
          for (int key = 0; key < 60; key++) {
            int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 5_000 : 40);
            for (int i = 0; i < size; i++) {
              byte[] binary = new byte[random.nextInt(6)];
              random.nextBytes(binary);
              commands.add(
                  new Object[] {
                    "SADD", "s:" + key, random.nextInt(5) == 0 ? binary : hostile(random)
                  });
            }
          }
          send(commands);
          Map<String, Set<String>> expected = new HashMap<>();
          try (var client = server.client()) {
            for (int key = 0; key < 60; key++) {
              var members = new HashSet<String>();
              ((List<?>) client.command("SMEMBERS", "s:" + key))
                  .forEach(member -> members.add(new String((byte[]) member, ISO_8859_1)));
              expected.put("s:" + key, members);
            }
          }
          inBothProtocols(redis -> {
            var read = new HashMap<String, Set<String>>();
            rows(redis.sets("s:*", BLOB))
                .forEach(row ->
                    assertThat(
                            read.computeIfAbsent(row.text("_key"), k -> new HashSet<>())
                                .add(new String((byte[]) row.value("member"), ISO_8859_1)))
                        .isTrue());
            assertThat(read).isEqualTo(expected);
          });
        });
  }

  @Test
  void readsALargeSetInPages() throws Exception {
    fill("big", 200_000);
    List<List<String>> pages =
        sent(
            "SSCAN",
            () ->
                assertThat(rows(redis.sets("big")).stream().map(r -> r.text("member")))
                    .hasSize(200_000)
                    .doesNotHaveDuplicates());
    assertThat(pages).hasSizeGreaterThan(50);
  }

  @Test
  void readsLargeMembersAFewAtATime() throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < 600; i++) {
      commands.add(new Object[] {"SADD", "big", i + "x".repeat(20_000)});
    }
    commands.add(new Object[] {"SADD", "big", "y".repeat(5 << 20)});
    send(commands);
    List<List<String>> pages =
        sent("SSCAN", () -> assertThat(redis.sets("big").collect().size()).isEqualTo(601));
    assertThat(pages).hasSizeGreaterThan(10);
    assertThat(Integer.parseInt(pages.getLast().getLast())).isLessThan(20);
  }

  @Test
  void asksForTheNumberAloneWhereThatIsAllThatIsWanted() throws Exception {
    fill("tags:1", 3_000);
    fill("tags:2", 10);
    server.forgetCalls();
    assertThat(rows(redis.sets("tags:*").agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(3_010L);
    assertThat(
            rows(redis.sets("tags:*").select("_key")).stream()
                .collect(Collectors.groupingBy(r -> r.text("_key"), Collectors.counting())))
        .isEqualTo(Map.of("tags:1", 3_000L, "tags:2", 10L));
    assertThat(server.calls()).containsKey("SCARD").doesNotContainKeys("SSCAN", "SMEMBERS");
  }

  @Test
  void readsEachMemberThatStaysOnceWhileOthersComeAndGo() throws Exception {
    fill("big", 60_000);
    var stop = new java.util.concurrent.atomic.AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try (var client = server.client()) {
                for (int i = 0; !stop.get(); i++) {
                  var commands = new ArrayList<Object[]>();
                  List<String> some = members(1_000_000 + i * 5_000, 1_000_000 + (i + 1) * 5_000);
                  commands.add(command(some, "SADD", "big"));
                  commands.add(
                      command(
                          members(30_000 + i * 500 % 30_000, 30_500 + i * 500 % 30_000),
                          "SREM",
                          "big"));
                  commands.add(command(some, "SREM", "big"));
                  client.pipeline(commands);
                }
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try {
      for (int i = 0; i < 5; i++) {
        List<String> read = rows(redis.sets("big")).stream().map(r -> r.text("member")).toList();
        assertThat(read).doesNotHaveDuplicates();
        assertThat(new HashSet<>(read).containsAll(members(0, 30_000))).isTrue();
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  @Test
  void treatsBadMembersAsSaid() throws Exception {
    server.command("SADD", "tags:1", "red", new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> redis.sets("tags:*").collect())
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot read '\\xc3(' as VARCHAR. Give the column another type, or say onBadValue(SET_NULL) or onBadValue(SKIP_ROW). [redis sets tags:* tags:1 member]");
    assertThat(rows(redis.sets("tags:*", VARCHAR, o -> o.onBadValue(BadValue.SKIP_ROW))))
        .extracting(r -> r.text("member"))
        .containsExactly("red");
    assertThat(rows(redis.sets("tags:*", VARCHAR, o -> o.onBadValue(BadValue.SET_NULL))))
        .extracting(r -> r.text("member"))
        .containsExactlyInAnyOrder("red", null);
    assertThat(rows(redis.sets("tags:*", BLOB))).hasSize(2);
  }

  @Test
  void countsKeysThatAreGoneOrOfAnotherType() {
    server.command("SADD", "a", "x");
    server.command("SET", "b", "x");
    var reports = new ArrayList<ScanReport>();
    var keys = dev.tarn.Columns.col("_key").in("a", "b", "c");
    var frame = redis.sets("*", VARCHAR, o -> o.onReport(reports::add)).filter(keys);
    assertThat(rows(frame)).hasSize(1);
    assertThat(rows(frame.agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(1L);
    assertThat(reports)
        .hasSize(2)
        .allSatisfy(report -> {
          assertThat(report.vanished()).isEqualTo(1);
          assertThat(report.otherType()).isEqualTo(1);
        });
  }

  @Test
  void asksForTheTimeOfAKeyOnceAndGivesItToAllItsRows() throws Exception {
    fill("big", 5_000);
    server.command("EXPIRE", "big", 1000);
    server.forgetCalls();
    assertThat(
            rows(redis.sets("big", VARCHAR, o -> o.ttlColumn("ttl"))).stream()
                .map(r -> r.longValue("ttl"))
                .distinct())
        .hasSize(1);
    assertThat(server.calls().get("PTTL")).isEqualTo(1);
    assertThat(server.calls().get("SSCAN")).isGreaterThan(1);
  }
}
