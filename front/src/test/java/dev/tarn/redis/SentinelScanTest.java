package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.spi.Batch;
import dev.tarn.testkit.redis.Await;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisSentinel;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.TestCertificates;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans and writes go on at the server that takes the primary's place, and leave nothing out. */
class SentinelScanTest {

  private static final int KEYS = 100_000;

  /** Over TLS servers and Sentinels have users of their own, who may do no more than they must. */
  private static final String USER =
      "on >geheim ~user:* +@read +@write +@connection +@transaction +info +role";

  private static final String OF_SENTINELS = "on >q +@connection +sentinel|get-master-addr-by-name";

  @TempDir private static Path folder;
  private static TestCertificates certificates;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.forHosts(folder, "127.0.0.1");
  }

  private static RedisSentinel start(boolean secure) throws Exception {
    RedisOptions tls = RedisOptions.PLAIN.tls(certificates).password("of others");
    return secure
        ? RedisSentinel.start(tls.user("app", USER), tls.user("watcher", OF_SENTINELS))
        : RedisSentinel.start();
  }

  private static String url(RedisSentinel sentinel) {
    String query = "?read_timeout=5";
    return sentinel.url().startsWith("rediss")
        ? sentinel.url("app", "geheim")
            + query
            + "&sentinel_user=watcher&sentinel_password=q&ca="
            + certificates.authority()
        : sentinel.url() + query;
  }

  @ParameterizedTest(name = "secure {0}")
  @ValueSource(booleans = {false, true})
  void goesOnThroughAFailover(boolean secure) throws Exception {
    try (RedisSentinel sentinel = start(secure);
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(url(sentinel))) {
      try (var client = sentinel.primary().client()) {
        var commands = new ArrayList<Object[]>();
        for (int i = 0; i < KEYS; i++) {
          commands.add(new Object[] {"HSET", "user:" + i, "name", "n".repeat(100) + i});
        }
        client.pipeline(commands);
        assertThat(client.command("WAIT", 1, 60_000)).isEqualTo(1L);
      }
      Frame users =
          redis.hashes(
              "user:*",
              Schema.of("name", DataType.VARCHAR),
              o -> o.memory(1 << 20).batchSize(100).connections(1));
      var names = new TreeSet<String>();
      int rows = 0;
      try (var batches = users.batches(1000)) {
        for (Batch batch : batches) {
          if (rows == 0) { // the engine holds some ten thousand, and there are more to come
            assertThat(sentinel.primary().calls().get("HMGET")).isLessThan(KEYS - 10_000L);
            sentinel.killPrimary();
          }
          for (int i = 0; i < batch.size(); i++) {
            rows++;
            names.add(String.valueOf(batch.value(i, 0)));
          }
        }
      }
      assertThat(rows).isEqualTo(KEYS);
      assertThat(names).hasSize(KEYS);
    }
  }

  private static String offset(RedisServer server, String role) {
    return server.info("replication").getOrDefault(role + "_repl_offset", role);
  }

  /** The primary is killed when it has passed on all that it has acknowledged. */
  @ParameterizedTest(name = "secure {0}")
  @ValueSource(booleans = {false, true})
  void writesOnThroughAFailover(boolean secure) throws Exception {
    try (RedisSentinel sentinel = start(secure);
        Tarn tarn = Tarn.open();
        Redis redis = Redis.open(url(sentinel), tarn.engine())) {
      RedisServer first = sentinel.primary();
      RedisServer second = sentinel.replica();
      var reports = new ArrayList<WriteReport>();
      Frame rows =
          tarn.sql("SELECT i AS k, repeat('v', 100) || i AS v FROM range(" + KEYS + ") t(i)");
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> rows.write(redis.toHashes("user:").key("k").onReport(reports::add)));
      Await.until("some is written", () -> (Long) first.command("DBSIZE") > 1000);
      try (var client = first.client()) {
        client.command("CLIENT", "PAUSE", 60_000, "WRITE");
      }
      assertThat((Long) first.command("DBSIZE")).isLessThan((long) KEYS);
      Await.until(
          "the replica has all", () -> offset(first, "master").equals(offset(second, "slave")));
      sentinel.killPrimary();
      writing.join();
      assertThat(sentinel.primary()).isSameAs(second);
      assertThat(second.command("DBSIZE")).isEqualTo((long) KEYS);
      assertThat(second.text("HGET", "user:17", "v")).isEqualTo("v".repeat(100) + "17");
      assertThat(reports.getFirst().written()).isEqualTo((long) KEYS);
    }
  }
}
