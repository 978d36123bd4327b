package dev.tarn.redis;

import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.testkit.redis.CommandLog;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thousands of keys of a type and one of each other, so that most of a scan goes without TYPE. */
class StrayTypesTest extends RedisTest {

  private static final int KEYS = 20_000;
  private static final Schema FIELD = Schema.of("v", VARCHAR);

  /**
   * A type of keys.
   *
   * @param scan its frame of all keys
   * @param add the command that adds a key
   */
  record Kind(String name, Function<Redis, Frame> scan, Function<String, List<Object>> add) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind("hash", r -> r.hashes("k:*", FIELD), key -> List.of("HSET", key, "v", key)),
        new Kind("string", r -> r.strings("k:*", VARCHAR), key -> List.of("SET", key, key)),
        new Kind("set", r -> r.sets("k:*"), key -> List.of("SADD", key, key)),
        new Kind("list", r -> r.lists("k:*"), key -> List.of("RPUSH", key, key)),
        new Kind("sorted set", r -> r.sortedSets("k:*"), key -> List.of("ZADD", key, 1, key)),
        new Kind(
            "stream", r -> r.streams("k:*", FIELD), key -> List.of("XADD", key, "*", "v", key)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void areNoRows(Kind kind) throws Exception {
    List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "k:" + i).toList();
    var commands = new ArrayList<Object[]>();
    keys.forEach(key -> commands.add(kind.add.apply(key).toArray()));
    for (Kind other : kinds()) {
      if (!other.name.equals(kind.name)) {
        commands.add(other.add.apply("k:" + other).toArray());
      }
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
    Frame frame = kind.scan.apply(redis);
    try (CommandLog log = server.record()) {
      assertThat(frame.collect().stream().map(row -> row.text("_key")).sorted().toList())
          .isEqualTo(keys.stream().sorted().toList());
      assertThat(log.commands("SCAN").stream().map(scan -> scan.contains("TYPE")))
          .contains(true, false);
    }
    assertThat(frame.agg(count().as("n")).collect().row(0).longValue("n")).isEqualTo(KEYS);
  }
}
