package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WriteToClusterTest {

  private static final int KEYS = 20_000;
  private static final int LARGE_KEYS = 6;
  private static final int MEMBERS = 100_000;
  private static final int MOST_MOVES = 30;

  @Test
  void followsSlotsThatMove() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(cluster.url(), tarn.engine())) {
      var reports = new ArrayList<WriteReport>();
      Frame rows =
          tarn.sql("SELECT i AS k, 'value' || i AS v, 1 AS w FROM range(" + KEYS + ") t(i)");
      RedisSink sink = redis.toHashes("h:").key("k").onReport(reports::add);
      rows.write(sink);
      assertThat(keys(cluster)).isEqualTo(KEYS);
      var over = new AtomicBoolean();
      CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> move(cluster, over));
      for (IfExists mode : IfExists.values()) {
        rows.write(sink.ifExists(mode).reportFailures());
      }
      rows.write(redis.toHashes("new:").key("k").ifExists(IfExists.FAIL).onReport(reports::add));
      over.set(true);
      moving.join();
      assertThat(reports.get(1).written()).isEqualTo(KEYS);
      assertThat(reports.get(2).written()).isEqualTo(KEYS);
      assertThat(reports.get(3).kept()).isEqualTo(KEYS);
      assertThat(reports.get(4).failed()).isEqualTo(KEYS);
      assertThat(reports.get(5).written()).isEqualTo(KEYS);
      assertThat(keys(cluster)).isEqualTo(2 * KEYS);
      assertThat(cluster.text("HGET", "new:17", "v")).isEqualTo("value17");
    }
  }

  /** They are sent in parts, which may find that the key has left between two of them. */
  @Test
  void largeKeysAreWholeOrReportedWhileTheyMove() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(cluster.url(), tarn.engine())) {
      var slots = new ArrayList<Integer>();
      for (int i = 0; i < LARGE_KEYS; i++) {
        slots.add(cluster.slot("large:" + i));
      }
      Frame rows =
          tarn.sql(
              "SELECT i // %1$d AS k, 'the member of number ' || (i %% %1$d) AS member FROM range(%2$d) t(i) ORDER BY i"
                  .formatted(MEMBERS, LARGE_KEYS * MEMBERS));
      for (int round = 0; round < 3; round++) {
        Callable<Integer> moves = cluster.keepMoving(slots, MOST_MOVES);
        var reports = new ArrayList<WriteReport>();
        rows.write(redis.toSets("large:").key("k").reportFailures().onReport(reports::add));
        assertThat(moves.call()).isPositive();
        WriteReport report = reports.getFirst();
        long whole = 0;
        for (int i = 0; i < LARGE_KEYS; i++) {
          Object members = cluster.command("SCARD", "large:" + i);
          assertThat(members).isIn(0L, (long) MEMBERS);
          whole += members.equals(0L) ? 0 : 1;
        }
        assertThat(report.written() + report.failed() + report.uncertain()).isEqualTo(LARGE_KEYS);
        assertThat(whole).isBetween(report.written(), report.written() + report.uncertain());
        for (int i = 0; i < LARGE_KEYS; i++) {
          cluster.command("DEL", "large:" + i);
        }
      }
    }
  }

  private static long keys(RedisCluster cluster) {
    return cluster.servers().stream().mapToLong(WriteToClusterTest::keys).sum();
  }

  private static long keys(RedisServer server) {
    return (Long) server.command("DBSIZE");
  }

  private static void move(RedisCluster cluster, AtomicBoolean over) {
    try {
      for (int slot = 0; !over.get() && slot < 2000; slot += 25) {
        cluster.moveSlots(0, 1, slot, slot + 24);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
