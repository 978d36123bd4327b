package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed at any moment: each key is one of the versions, whole. */
class KilledWritesTest {

  private static final int KEYS = 3000;

  @TempDir Path folder;

  @Test
  void leavesEachKeyWhole() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      Seeds.each(
          Seeds.rounds(8, 200),
          random -> {
            try (var child = ChildProcess.start(folder, Writer.class, server.url())) {
              child.await("ready");
              long end = System.nanoTime() + random.nextInt(500) * 1_000_000L;
              while (System.nanoTime() < end) {
                check(server, random.nextInt(KEYS));
              }
              child.kill();
            }
            for (int i = 0; i < KEYS; i++) {
              check(server, i);
            }
          });
      assertThat((Long) server.command("DBSIZE")).isEqualTo(2L * KEYS);
    }
  }

  private static void check(RedisServer server, int i) {
    Object reply = server.text("HGETALL", "h:" + i);
    List<?> hash = (List<?>) reply;
    if (hash.isEmpty()) {
      return;
    }
    String version = hash.get(1).toString();
    assertThat(hash.size()).as("%s", hash).isEqualTo(6);
    assertThat(List.of(hash.get(3), hash.get(5))).as("%s", hash).containsOnly(version);
    assertThat(hash.toString()).contains("only" + Integer.parseInt(version) % 3);
    assertThat((Long) server.command("TTL", "h:" + i)).isPositive();
    List<?> list = (List<?>) server.text("LRANGE", "l:" + i, 0, -1);
    assertThat(list.size()).isIn(0, 3);
    assertThat(list.stream().distinct().count()).isLessThanOrEqualTo(1);
  }

  /** Writes one version after another. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      try (Tarn tarn = Tarn.open();
          Redis redis = Redis.open(arguments[0], tarn.engine())) {
        for (int version = 0; ; version++) {
          tarn.sql(
                  "SELECT i AS k, %1$d AS a, %1$d AS b, %1$d AS only%2$d FROM range(%3$d) t(i)"
                      .formatted(version, version % 3, KEYS))
              .write(redis.toHashes("h:").key("k").ttl(Duration.ofHours(1)));
          tarn.sql(
                  "SELECT i %% %2$d AS k, %1$d AS v FROM range(3 * %2$d) t(i)"
                      .formatted(version, KEYS))
              .write(redis.toLists("l:").key("k"));
          if (version == 0) {
            System.out.println("ready");
          }
        }
      }
    }
  }
}
