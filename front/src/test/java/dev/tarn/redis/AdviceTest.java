package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.testkit.redis.ReplayServer;
import dev.tarn.testkit.redis.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdviceTest extends RedisTest {

  @Test
  void measuresAndSaysWhy() throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < 12_000; i++) {
        commands.add(new Object[] {"HSET", "user:" + i, "name", "n" + i, "age", i, "city", "x"});
        commands.add(new Object[] {"SET", "other:" + i, i});
      }
      for (int i = 0; i < 6_000; i++) {
        commands.add(new Object[] {"EXPIRE", "user:" + i, 1000});
      }
      client.pipeline(commands);
    }
    Advice advice = redis.advise("user:*");
    assertThat(advice.keys()).isEqualTo(24_000);
    assertThat(advice.matching()).isBetween(9_000L, 15_000L);
    assertThat(advice.expiring()).isBetween(0.25, 0.75);
    assertThat(advice.bytesPerKey().orElseThrow()).isBetween(30L, 500L);
    assertThat(advice.roundTrip()).isPositive();
    assertThat(advice.batchSize()).isPositive();
    assertThat(advice.connections()).isPositive();
    assertThat(advice.indexes()).isEmpty();
    assertThat(advice.indexPays()).isBetween(0.1, 1.0);
    assertThat(advice.trials()).hasSizeGreaterThan(5).allMatch(t -> t.rate() > 0);
    assertThat(advice.lines())
        .extracting(Advice.Line::about)
        .containsExactly(
            "keys",
            "batch size",
            "connections",
            "full scan",
            "memory",
            "columns",
            "search index",
            "expiry");
    assertThat(advice.toString()).contains("redis hashes user:* on ", "keys alone", "rows/s");
  }

  @Test
  void adviceOnFewKeysWorksToo() {
    server.command("HSET", "v:1", "x", "1");
    Advice advice = redis.advise("v:*");
    assertThat(advice.matching()).isEqualTo(1);
    assertThat(advice.projection()).isEmpty();
  }

  /** Keys of a type whose columns are always the same. */
  record Kind(String name, int rows, int columns, List<Object[]> commands) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind("sets", 30, 1, members("SADD", i -> new Object[] {"m" + i})),
        new Kind("lists", 30, 2, members("RPUSH", i -> new Object[] {"m" + i})),
        new Kind("sorted sets", 30, 3, members("ZADD", i -> new Object[] {i, "m" + i})),
        new Kind("streams", 30, 3, members("XADD", i -> new Object[] {"*", "n", i})));
  }

  /** A thousand keys of 30 each. */
  private static List<Object[]> members(String command, IntFunction<Object[]> member) {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < 30_000; i++) {
      Stream<Object> start = Stream.of(command, "many:" + i % 1_000);
      commands.add(Stream.concat(start, Stream.of(member.apply(i))).toArray());
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void measuresTypesWhoseColumnsAreAlwaysTheSame(Kind kind) throws Exception {
    try (var client = server.client()) {
      client.pipeline(kind.commands);
    }
    Advice advice = redis.advise("many:*");
    assertThat(advice.source()).isEqualTo("redis %s many:*".formatted(kind.name));
    assertThat(advice.keys()).isEqualTo(1_000);
    assertThat(advice.matching()).isBetween(900L, 1_100L);
    assertThat(advice.rows()).isEqualTo(kind.rows * advice.matching());
    assertThat(advice.batchSize()).isPositive();
    assertThat(advice.connections()).isPositive();
    assertThat(advice.memory())
        .as("bytes of the columns and of what is in them")
        .isBetween(8L * advice.rows() * kind.columns, 1_000L * advice.rows());
    assertThat(advice.indexPays()).isZero();
    assertThat(advice.projection().isPresent()).isEqualTo(kind.columns > 1);
    assertThat(advice.trials())
        .allMatch(trial -> trial.rate() > 0)
        .extracting(Advice.Trial::columns)
        .contains(0, kind.columns);
    assertThat(advice.toString())
        .contains(
            "%,d rows".formatted(advice.rows()), "with all %d columns".formatted(kind.columns))
        .containsPattern("search index +none +they are of hashes and JSON documents");
  }

  @Test
  void measuresTimeSeries() throws Exception {
    try (ReplayServer replies =
            ReplayServer.start()
                .handle("INFO", words -> "redis_version:7.0.15\r\nrun_id:1\r\n")
                .handle("DBSIZE", words -> 2)
                .handle("PING", words -> new Reply.Simple("PONG"))
                .handle("PTTL", words -> -1)
                .handle("MEMORY", words -> 4_000)
                .handle("TYPE", words -> new Reply.Simple("TSDB-TYPE"))
                .handle("SCAN", words -> List.of("0", List.of("t:1", "t:2")))
                .handle("TS.INFO", words -> List.of("memoryUsage", 4_000, "totalSamples", 3))
                .handle("TS.RANGE", words -> List.of(sample(1), sample(2), sample(3)));
        Redis recorded = Redis.open(replies.url(), tarn.engine())) {
      Advice advice = recorded.advise("t:*");
      assertThat(advice.source()).isEqualTo("redis time series t:*");
      assertThat(advice.matching()).isEqualTo(2);
      assertThat(advice.rows()).isEqualTo(6);
    }
  }

  private static List<Object> sample(int millis) {
    return List.of(millis, new Reply.Simple("1.5"));
  }

  @Test
  void stringsHaveNoIndex() {
    server.command("SET", "v:1", "x");
    assertThat(redis.advise("v:*").toString()).containsPattern("search index +none ");
    assertThat(redis.advise("v:*").rows()).isEqualTo(1);
  }

  @Test
  void thereIsNoneOnNothing() {
    assertThatThrownBy(() -> redis.advise("none:*")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void tarnOwnsWhatItOpens() {
    server.command("HSET", "v:1", "x", "1");
    assertThat(tarn.redis(server.url()).hashes("v:*").collect().size()).isEqualTo(1);
  }
}
