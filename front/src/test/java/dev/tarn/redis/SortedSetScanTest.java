package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BLOB;
import static dev.tarn.type.DataType.VARCHAR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SortedSetScanTest extends TypeTest {

  private static void fill(String key, int count, int scores) throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < count; i += 1000) {
      var arguments = new ArrayList<Object>();
      for (int k = i; k < Math.min(count, i + 1000); k++) {
        arguments.add(k % scores);
        arguments.add("member-" + k);
      }
      commands.add(command(arguments, "ZADD", key));
    }
    send(commands);
  }

  @Test
  void readsEachMemberWithScoreAndRank() throws Exception {
    server.command("ZADD", "board:1", "2.5", "b", "-inf", "a", "+inf", "", "1e300", "c");
    inBothProtocols(redis -> {
      assertThat(redis.sortedSets("board:*").schema().toString())
          .isEqualTo("_key VARCHAR\nmember VARCHAR\nscore DOUBLE\nrank BIGINT");
      List<String> rows =
          List.of(
              "{_key=board:1, member=a, score=-Infinity, rank=0}",
              "{_key=board:1, member=b, score=2.5, rank=1}",
              "{_key=board:1, member=c, score=1.0E300, rank=2}",
              "{_key=board:1, member=, score=Infinity, rank=3}");
      assertThat(texts(rows(redis.sortedSets("board:*"))))
          .containsExactlyInAnyOrderElementsOf(rows);
      assertThat(texts(rows(redis.sortedSets("board:*").select("member", "score"))))
          .containsExactlyInAnyOrder(
              "{member=a, score=-Infinity}",
              "{member=b, score=2.5}",
              "{member=c, score=1.0E300}",
              "{member=, score=Infinity}");
    });
  }

  @Test
  void readsRandomSetsAsAPlainClientDoes() {
    Seeds.each(
        Seeds.rounds(2, 40),
        random -> {
          server.command("FLUSHALL");
          send(randomSets(random));
          var expected = new ArrayList<String>();
          try (var client = server.client()) {
            for (int key = 0; key < 40; key++) {
              List<?> flat = (List<?>) client.command("ZRANGE", "z:" + key, 0, -1, "WITHSCORES");
              for (int i = 0; i < flat.size(); i += 2) {
                expected.add(
                    "z:%d %s %s %d"
                        .formatted(
                            key,
                            new String((byte[]) flat.get(i), ISO_8859_1),
                            score((byte[]) flat.get(i + 1)),
                            i / 2));
              }
            }
          }
          List<String> withoutRank =
              expected.stream().map(row -> row.substring(0, row.lastIndexOf(' '))).toList();
          List<String> members =
              withoutRank.stream().map(row -> row.substring(0, row.lastIndexOf(' '))).toList();
          inBothProtocols(redis -> {
            Frame sets = redis.sortedSets("z:*", BLOB);
            assertThat(lines(sets, "score", "rank")).isEqualTo(sorted(expected));
            assertThat(lines(sets, "score")).isEqualTo(sorted(withoutRank));
            assertThat(lines(sets)).isEqualTo(sorted(members));
          });
        });
  }

  private static List<Object[]> randomSets(Random random) {
    var commands = new ArrayList<Object[]>();
    for (int key = 0; key < 40; key++) {
      int size = 1 + random.nextInt(random.nextInt(8) == 0 ? 4_000 : 40);
      int kind = random.nextInt(3);
      for (int i = 0; i < size; i++) {
        Object score =
            switch (kind) {
              case 0 -> 7;
              case 1 -> random.nextInt(10);
              default -> random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15);
            };
        commands.add(new Object[] {"ZADD", "z:" + key, score, hostile(random)});
      }
    }
    return commands;
  }

  private static double score(byte[] text) {
    return Double.parseDouble(new String(text, ISO_8859_1));
  }

  private static List<String> lines(Frame sets, String... more) {
    var columns = new ArrayList<Object>(List.of("_key", "member"));
    columns.addAll(List.of(more));
    return rows(sets.select(columns.toArray())).stream()
        .map(row -> {
          var line = new StringBuilder(String.valueOf(row.text("_key")));
          line.append(' ').append(new String((byte[]) row.value("member"), ISO_8859_1));
          for (String column : more) {
            line.append(' ').append(row.value(column));
          }
          return line.toString();
        })
        .sorted()
        .toList();
  }

  @Test
  void readsLargeSetsInPages() throws Exception {
    fill("big", 200_000, 1_000_000);
    fill("same", 50_000, 1);
    Frame sets = redis.sortedSets("*");
    for (Frame frame :
        List.of(sets, sets.select("_key", "member"), sets.select("_key", "member", "score"))) {
      assertThat(rows(frame).stream().map(r -> r.text("_key") + r.text("member")))
          .hasSize(250_000)
          .doesNotHaveDuplicates();
    }
    assertThat(
            rows(redis.sortedSets("same").select("rank").sort("rank")).stream()
                .map(r -> r.longValue("rank")))
        .containsExactlyElementsOf(java.util.stream.LongStream.range(0, 50_000).boxed().toList());
    assertThat(sent("ZRANGE", () -> sets.collect())).hasSizeGreaterThan(100);
  }

  @Test
  void asksForNoMoreThanIsWanted() throws Exception {
    fill("board:1", 100, 10);
    server.forgetCalls();
    assertThat(rows(redis.sortedSets("board:*").agg(count().as("n"))))
        .extracting(r -> r.longValue("n"))
        .containsExactly(100L);
    assertThat(rows(redis.sortedSets("board:*").select("rank").filter(col("rank").ge(97))))
        .hasSize(3);
    assertThat(server.calls()).containsKey("ZCARD").doesNotContainKeys("ZRANGE", "ZSCAN");
    assertThat(sent("ZRANGE", () -> redis.sortedSets("board:*").select("member").collect()))
        .hasSize(1)
        .allSatisfy(command -> assertThat(command).doesNotContain("WITHSCORES"));
  }

  @Test
  void readsOnlyTheScoresAndRanksThatAFilterLeaves() throws Exception {
    fill("board:1", 5_000, 100);
    fill("board:2", 30, 7);
    server.command("ZADD", "board:3", "inf", "x", "-inf", "y", "9007199254740992", "z");
    Expr score = col("score");
    Expr rank = col("rank");
    for (Expr filter :
        List.of(
            score.gt(98),
            score.ge(98).and(score.lt(99.5)),
            score.eq(3),
            score.in(1, 5, 6.5),
            score.between(-1, 0),
            score.lt(-5),
            score.gt(1e18),
            score.ge(9007199254740993L),
            score.le(Double.NEGATIVE_INFINITY),
            score.ge(Double.POSITIVE_INFINITY),
            score.lt(Double.NaN),
            rank.lt(10),
            rank.between(4_000, 4_500).and(score.lt(85)),
            rank.eq(29).or(rank.eq(28)),
            rank.lt(0),
            score.gt(50).or(col("member").eq("member-7")))) {
      inBothProtocols(redis -> {
        Frame sets = redis.sortedSets("board:*");
        sameWithoutPushdown(sets, filter);
        if (!filter.toString().contains("rank")) {
          sameWithoutPushdown(sets.select("_key", "member", "score"), filter);
        }
      });
    }
    Frame one = redis.sortedSets("board:1");
    assertThat(sent("ZRANGEBYSCORE", () -> one.filter(score.ge(98).and(score.lt(99))).collect()))
        .extracting(command -> command.subList(1, 4))
        .containsExactly(List.of("board:1", "98.0", "99.0"));
    assertThat(sent("ZRANGE", () -> one.filter(rank.between(10, 19)).collect()))
        .extracting(command -> command.subList(1, 4))
        .containsExactly(List.of("board:1", "10", "19"));
    assertThat(one.filter(score.ge(98).and(col("member").like("m%"))).explain())
        .contains("filters pushed: \"score\" >= 98.0e0 ·")
        .contains("for each ZCOUNT <key> -inf (98.0, ZRANGEBYSCORE <key> 98.0 +inf WITHSCORES")
        .contains("not used: prefix(\"member\", 'm')");
  }

  @Test
  void readsEachMemberThatStaysOnceWhileOthersComeAndGo() throws Exception {
    fill("big", 30_000, 40);
    List<String> staying = IntStream.range(0, 30_000).mapToObj(i -> "member-" + i).toList();
    var stop = new AtomicBoolean();
    Thread writer = Thread.ofPlatform().start(() -> change(stop));
    try {
      Frame sets = redis.sortedSets("big", VARCHAR);
      for (Frame frame :
          List.of(
              sets,
              sets.filter(col("score").ge(0)),
              sets.select("member"),
              sets.select("member", "score"),
              sets)) {
        List<String> read =
            rows(frame).stream()
                .map(r -> r.text("member"))
                .filter(member -> member.startsWith("member-"))
                .toList();
        assertThat(read).doesNotHaveDuplicates();
        assertThat(new HashSet<>(read).containsAll(staying)).isTrue();
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  private static void change(AtomicBoolean stop) {
    var random = new Random(1);
    try (var client = server.client()) {
      while (!stop.get()) {
        var added = new ArrayList<Object>();
        var removed = new ArrayList<Object>();
        for (int k = 0; k < 1 + random.nextInt(3_000); k++) {
          String member = "guest-" + random.nextInt(1_000_000);
          added.add(random.nextInt(40));
          added.add(member);
          removed.add(member);
        }
        client.pipeline(List.of(command(added, "ZADD", "big"), command(removed, "ZREM", "big")));
        if (random.nextBoolean()) {
          client.command("ZADD", "big", random.nextInt(40), "guest-" + random.nextInt(100));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
