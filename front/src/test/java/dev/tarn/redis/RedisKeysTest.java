package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.FlakyProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisKeysTest extends RedisTest {

  @Test
  void treatsTheKeysOfAFrame() {
    Frame rows = tarn.sql("SELECT 'k:' || i AS _key, 'n:' || i AS name FROM range(3000) t(i)");
    rows.write(redis.toStrings("").key("_key"));
    Frame more =
        rows.union(tarn.sql("SELECT 'none' AS _key, 'n' AS name UNION ALL SELECT NULL, NULL"));
    RedisKeys keys = redis.keys(more, "_key");
    assertThat(keys.expire(Duration.ofHours(1))).isEqualTo(3000);
    assertThat(keys.persist()).isEqualTo(3000);
    assertThat(
            keys.types()
                .groupBy("type")
                .agg(dev.tarn.Columns.count().as("n"))
                .sort("n")
                .collect()
                .toString())
        .contains("none", "string", "3000");
    assertThat(keys.memory().filter("bytes > 10").collect().size()).isEqualTo(3000);
    assertThat(redis.keys(rows, "_key").rename("name")).isEqualTo(3000);
    assertThatThrownBy(() -> redis.keys(rows.limit(1), "_key").rename("name"))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("ERR no such key");
    assertThat(redis.keys(rows, "name").delete()).isEqualTo(3000);
    assertThat(server.command("DBSIZE")).isEqualTo(0L);
  }

  /** Sent again, they would be answered that there is nothing to do. */
  @ParameterizedTest
  @ValueSource(strings = {"delete", "persist"})
  void countsNoKeyWhoseAnswerWasLost(String method) throws Exception {
    server.command("SET", "k", "v", "EX", 1000);
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.delay(FlakyProxy.Direction.TO_CLIENT, Duration.ofMillis(200));
      RedisKeys keys = flaky.keys(tarn.sql("SELECT 'k' AS _key"), "_key");
      var counted = new FutureTask<>(method.equals("delete") ? keys::delete : keys::persist);
      Thread.ofPlatform().start(counted);
      while ((Long) server.command("TTL", "k") > 0) {
        LockSupport.parkNanos(1_000_000);
      }
      proxy.cutNow(); // it is done, and the answer on its way
      assertThatThrownBy(counted::get)
          .cause()
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("Cannot write 1 of 1 keys: k: uncertain: its answer was lost");
    }
  }

  @Test
  void keepsFrames() {
    Frame first = tarn.sql("SELECT i AS id, hash(i) AS h FROM range(300000) t(i)");
    Frame second = tarn.sql("SELECT i AS id, hash(i) AS h FROM range(7) t(i)");
    assertThat(redis.load("hot {1}")).isEmpty();
    redis.store("hot {1}", first, Duration.ofHours(1));
    Frame loaded = redis.load("hot {1}").orElseThrow();
    redis.store("hot {1}", second, Duration.ofHours(1));
    assertThat(loaded.collect().size()).isEqualTo(300_000);
    Optional<Frame> now = redis.load("hot {1}");
    assertThat(now.orElseThrow().sort("id").collect().toString())
        .isEqualTo(second.sort("id").collect().toString());
    List<?> keys = (List<?>) server.text("KEYS", "tarn:frame:*");
    assertThat(keys).allMatch(key -> (Long) server.command("TTL", key) > 0);
  }

  @Test
  void aFrameThatHasNoRoomLeavesNoneOfItsParts() {
    redis.store("x", tarn.sql("SELECT 1 AS a"), Duration.ofHours(1));
    List<?> before = (List<?>) server.text("KEYS", "tarn:frame:*");
    Frame large = tarn.sql("SELECT hash(i) AS h FROM range(600000) t(i)");
    String memory = String.valueOf(server.text("INFO", "memory"));
    long used = Long.parseLong(memory.replaceFirst("(?s).*used_memory:(\\d+).*", "$1"));
    server.command("CONFIG", "SET", "maxmemory", used + 3_500_000);
    server.forgetCalls();
    try {
      assertThatThrownBy(() -> redis.store("x", large, Duration.ofHours(1)))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("Cannot keep frame x in Redis: OOM ")
          .hasMessageEndingWith("What was stored before is still there.");
      assertThat(server.calls().getOrDefault("SET", 0L)).as("parts").isPositive();
    } finally {
      server.command("CONFIG", "SET", "maxmemory", 0);
    }
    assertThat(List.<Object>copyOf((List<?>) server.text("KEYS", "tarn:frame:*")))
        .containsExactlyInAnyOrderElementsOf(before);
    assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo(1);
  }

  @Test
  void noticesDamage() {
    redis.store("x", tarn.sql("SELECT 1 AS a"), Duration.ofHours(1));
    Object part = ((List<?>) server.text("KEYS", "tarn:frame:{x}:*")).getFirst();
    server.command("SETRANGE", part, 10, "damaged");
    assertThatThrownBy(() -> redis.load("x"))
        .isInstanceOf(BadData.class)
        .hasMessage("Cannot load frame x from Redis: its checksum is wrong. Store it again.");
    server.command("DEL", part);
    assertThatThrownBy(() -> redis.load("x")).hasMessageContaining("a part of it is missing");
  }
}
