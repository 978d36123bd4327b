package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.spi.Batch;
import dev.tarn.testkit.redis.Await;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A scan that has begun anew at another server, or at the same after a start, is complete though
 * that is lost as well. Whoever reads the rows makes it wait, so that it is in its middle then; the
 * engine holds some ten thousand rows besides.
 */
class ServersLostTwiceTest {

  private static final Schema ITEM = Schema.of("n", BIGINT, "text", VARCHAR);

  /** What is done between batches of rows. */
  private interface Trouble {
    void next() throws Exception;
  }

  private static void fill(RedisServer server, String key, int keys) throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < keys; i++) {
      commands.add(new Object[] {"HSET", key + i, "n", i, "text", "t".repeat(100)});
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
  }

  private static void scan(Tarn tarn, String url, int keys, Trouble trouble) throws Exception {
    var seen = new BitSet();
    int rows = 0;
    try (Redis redis = tarn.redis(url);
        var batches =
            redis
                .hashes("item:*", ITEM, o -> o.memory(1 << 20).batchSize(100).connections(1))
                .select("n", "text")
                .batches(1000)) {
      for (Batch batch : batches) {
        trouble.next();
        for (int i = 0; i < batch.size(); i++) {
          rows++;
          seen.set(((Number) batch.value(i, 0)).intValue());
        }
      }
    }
    assertThat(rows).isEqualTo(keys);
    assertThat(seen.cardinality()).isEqualTo(keys);
  }

  private static long calls(RedisServer server, String command) {
    return server.calls().getOrDefault(command, 0L);
  }

  /** All keys are in one slot, three times as many as are asked for ahead of those who read. */
  @Test
  void theServerThatTookOverIsLostInItsMiddle() throws Exception {
    int keys = 150_000;
    try (RedisCluster cluster = RedisCluster.withReplicas(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open()) {
      int group = cluster.groupOf(cluster.slot("{a}"));
      RedisServer first = cluster.primary(group);
      RedisServer second = cluster.replica(group);
      fill(first, "item:{a}", keys);
      Await.until("the replica has all", () -> inStep(second, keys));
      scan(
          tarn,
          cluster.url() + "?read_timeout=5",
          keys,
          new Trouble() {
            private int lost;

            @Override
            public void next() throws Exception {
              if (lost == 0) {
                second.forgetCalls();
                cluster.killPrimary(group);
                first.restart();
                cluster.awaitAgreement();
                Await.until("it follows", () -> inStep(first, keys));
                lost++;
              } else if (lost == 1 && calls(second, "SCAN") > 1) {
                assertThat(calls(second, "HMGET")).isBetween(1L, 90_000L);
                cluster.killPrimary(group);
                lost++;
              }
            }
          });
      assertThat(cluster.primary(group)).isSameAs(first);
    }
  }

  private static boolean inStep(RedisServer replica, int keys) {
    Map<String, String> state = replica.info("replication");
    return "up".equals(state.get("master_link_status")) && (Long) replica.command("DBSIZE") == keys;
  }

  @Test
  void aServerIsStartedAgainAndThenItsConnectionsAreKilled() throws Exception {
    int keys = 200_000;
    try (RedisServer server = RedisServer.start(RedisOptions.PLAIN.durable());
        Tarn tarn = Tarn.open()) {
      fill(server, "item:", keys);
      var killed = new ArrayList<Long>();
      scan(
          tarn,
          server.url(),
          keys,
          () -> {
            if (killed.isEmpty()) {
              assertThat(calls(server, "HMGET")).isBetween(1L, keys - 10_000L);
              server.restart();
              killed.add(0L);
            } else if (calls(server, "HMGET") > 0) {
              killed.add((Long) server.command("CLIENT", "KILL", "TYPE", "normal"));
            }
          });
      assertThat(killed.stream().filter(count -> count > 0).count()).isGreaterThan(1);
    }
  }
}
