package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What keys of a cluster have, wherever they are. */
@Timeout(120)
class ClusterInferenceTest {

  private static final String PATIENCE = "?retry_for=5s";

  @Test
  void asksOnlyWhoHasAKeyThatIsNamed() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(cluster.url() + PATIENCE)) {
      for (String key : List.of("user:1", "user:2", "user:3", "user:4", "user:[5]")) {
        cluster.command("HSET", key, "n", 1);
        String pattern = key.replace("[", "\\[").replace("]", "\\]");
        assertThat(redis.inferSchema(pattern).columns()).extracting("name").containsExactly("n");
        assertThat(redis.hashes(pattern).collect().size()).isEqualTo(1);
      }
    }
  }

  @Test
  void findsKeysOfASlotThatIsHalfMoved() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(cluster.url() + PATIENCE)) {
      for (int i = 0; i < 20; i++) {
        cluster.command("HSET", "item:{1}" + i, "n" + i, i);
      }
      int slot = cluster.slot("item:{1}");
      int owner = cluster.groupOf(slot);
      var move = cluster.beginMove(slot, owner, (owner + 1) % cluster.groups());
      move.moveKeys(10);
      InferredSchema schema = redis.inferSchema("item:*");
      assertThat(schema.sampled()).isEqualTo(20);
      assertThat(schema.columns()).hasSize(20);
      assertThat(redis.advise("item:*").toString()).isNotEmpty();
      move.finish();
      assertThat(redis.inferSchema("item:*").columns()).hasSize(20);
    }
  }

  @Test
  void goesOnWhileServersTakeOver() throws Exception {
    try (RedisCluster cluster = RedisCluster.withReplicas(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(cluster.url())) {
      for (int i = 0; i < 200; i++) {
        cluster.command("HSET", "item:" + i, "n", i);
      }
      var failovers =
          new FutureTask<>(() -> {
            for (int group = 0; group < cluster.groups(); group++) {
              cluster.failover(group);
            }
            return true;
          });
      Thread.ofPlatform().start(failovers);
      while (!failovers.isDone()) {
        assertThat(redis.inferSchema("item:*").sampled()).isPositive(); // a replica may be behind
      }
      assertThat(failovers.get()).isTrue();
      assertThat(redis.inferSchema("item:*").sampled()).isEqualTo(200);
    }
  }
}
