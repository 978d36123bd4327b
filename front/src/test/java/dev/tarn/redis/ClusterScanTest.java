package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.TestCertificates;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All primaries of a cluster, while they change. */
class ClusterScanTest {

  private static final int KEYS = 30_000;
  private static final int LARGE_KEYS = 4;
  private static final int MEMBERS = 30_000;
  private static final int MOST_MOVES = 60;

  private static final Schema ITEM = Schema.of("n", BIGINT);

  /** Over TLS it is a user who may do no more than scan. */
  private static final String READER =
      "on >geheim ~item:* +@read +@connection +info +cluster|nodes +cluster|slots +cluster|myid";

  @TempDir private static Path folder;
  private static TestCertificates certificates;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.forHosts(folder, "127.0.0.1");
  }

  private static RedisOptions options(boolean secure) {
    return secure
        ? RedisOptions.PLAIN.tls(certificates).password("of others").user("reader", READER)
        : RedisOptions.PLAIN;
  }

  private static String url(RedisCluster cluster) {
    return cluster.url().startsWith("rediss")
        ? cluster.url("reader", "geheim") + "?ca=" + certificates.authority()
        : cluster.url();
  }

  private static void fill(RedisCluster cluster) throws Exception {
    Map<RedisServer, List<Object[]>> commands = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "item:" + i;
      commands
          .computeIfAbsent(cluster.owner(cluster.slot(key)), s -> new ArrayList<>())
          .add(new Object[] {"HSET", key, "n", i});
    }
    for (Map.Entry<RedisServer, List<Object[]>> of : commands.entrySet()) {
      try (var client = of.getKey().client()) {
        client.pipeline(of.getValue());
        long replicas = cluster.servers().size() > cluster.groups() ? 1 : 0;
        assertThat(client.command("WAIT", replicas, 60_000)).isEqualTo(replicas);
      }
    }
  }

  private static void requireAll(List<Row> rows) {
    boolean[] seen = new boolean[KEYS];
    for (Row row : rows) {
      int n = row.intValue("n");
      assertThat(seen[n]).isFalse();
      seen[n] = true;
    }
    assertThat(rows).hasSize(KEYS);
  }

  /** Scans a few times while something else goes on. */
  private static void scanDuring(RedisCluster cluster, Callable<Boolean> change) throws Exception {
    try (Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(url(cluster))) {
      var task = new FutureTask<>(change);
      Thread.ofPlatform().start(task);
      int scans = 0;
      while (!task.isDone() || scans < 2) {
        requireAll(
            redis.hashes("item:*", ITEM, o -> o.batchSize(50).connections(1)).collect().stream()
                .toList());
        scans++;
      }
      assertThat(task.get()).isTrue();
    }
  }

  @ParameterizedTest(name = "secure {0}")
  @ValueSource(booleans = {false, true})
  void readsAllPrimariesAndKeysByName(boolean secure) throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(options(secure));
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(url(cluster))) {
      fill(cluster);
      requireAll(redis.hashes("item:*", ITEM).collect().stream().toList());
      assertThat(
              redis
                  .hashes("item:*", ITEM)
                  .filter("_key IN ('item:1', 'item:2', 'item:3', 'item:4', 'none')")
                  .collect()
                  .size())
          .isEqualTo(4);
    }
  }

  @ParameterizedTest(name = "secure {0}")
  @ValueSource(booleans = {false, true})
  void isCompleteWhileSlotsMove(boolean secure) throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(options(secure))) {
      fill(cluster);
      scanDuring(
          cluster,
          () -> {
            cluster.moveSlots(0, 1, 0, 300);
            cluster.moveSlots(1, 2, 6_000, 6_200);
            cluster.moveSlots(1, 0, 0, 150);
            return true;
          });
    }
  }

  @Test
  void isCompleteWithASlotHalfMoved() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN)) {
      fill(cluster);
      int slot = cluster.slot("item:7");
      int owner = cluster.groupOf(slot);
      var move = cluster.beginMove(slot, owner, (owner + 1) % cluster.groups());
      move.moveKeys(1);
      scanDuring(cluster, () -> true);
      move.finish();
      scanDuring(cluster, () -> true);
    }
  }

  /** A page of a large key may be the next one on another server. */
  @ParameterizedTest
  @ValueSource(strings = {"SADD", "ZADD", "RPUSH", "XADD"})
  void largeKeysAreCompleteWhileTheyMove(String command) throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(cluster.url())) {
      var slots = new ArrayList<Integer>();
      for (int i = 0; i < LARGE_KEYS; i++) {
        slots.add(cluster.slot("large:" + i));
        fillLarge(cluster, command, "large:" + i);
      }
      Callable<Integer> moves = cluster.keepMoving(slots, MOST_MOVES);
      for (int i = 0; i < 4; i++) {
        requireAllMembers(elements(redis, command).collect().stream().toList());
      }
      assertThat(moves.call()).isPositive();
    }
  }

  private static void fillLarge(RedisCluster cluster, String command, String key) throws Exception {
    try (var client = cluster.owner(cluster.slot(key)).client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < MEMBERS; i++) {
        String member = "member " + i;
        commands.add(
            switch (command) {
              case "ZADD" -> new Object[] {command, key, i, member};
              case "XADD" -> new Object[] {command, key, "*", "member", member};
              default -> new Object[] {command, key, member};
            });
      }
      client.pipeline(commands);
    }
  }

  private static Frame elements(Redis redis, String command) {
    return switch (command) {
      case "SADD" -> redis.sets("large:*");
      case "ZADD" -> redis.sortedSets("large:*");
      case "RPUSH" -> redis.lists("large:*").rename("value", "member");
      default -> redis.streams("large:*", Schema.of("member", VARCHAR));
    };
  }

  private static void requireAllMembers(List<Row> rows) {
    assertThat(rows.stream().map(row -> row.text("_key") + " " + row.text("member")).distinct())
        .hasSize(LARGE_KEYS * MEMBERS);
    assertThat(rows).hasSize(LARGE_KEYS * MEMBERS);
  }

  @ParameterizedTest(name = "secure {0}")
  @ValueSource(booleans = {false, true})
  void isCompleteThroughFailovers(boolean secure) throws Exception {
    try (RedisCluster cluster = RedisCluster.withReplicas(options(secure))) {
      fill(cluster);
      scanDuring(
          cluster,
          () -> {
            cluster.failover(0);
            cluster.killPrimary(1);
            return true;
          });
    }
  }
}
