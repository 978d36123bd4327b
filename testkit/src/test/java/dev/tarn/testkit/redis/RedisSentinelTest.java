package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisSentinelTest {

  @Test
  void keepsItsDataThroughFailoversInGoodOrderAndByAKill() throws Exception {
    try (var sentinel = RedisSentinel.start()) {
      assertThat(sentinel.url()).matches("redis-sentinel://(127\\.0\\.0\\.1:\\d+,?){3}/mymaster");
      RedisServer first = sentinel.primary();
      RedisServer second = sentinel.replica();
      first.command("SET", "k", "v");
      first.command("WAIT", 1, 5000);

      sentinel.failover();
      assertThat(sentinel.primary()).isSameAs(second);
      assertThat(second.text("GET", "k")).isEqualTo("v");
      Await.until(
          "the old primary follows",
          () -> "up".equals(first.info("replication").get("master_link_status")));

      sentinel.killPrimary();
      assertThat(sentinel.primary()).isSameAs(first);
      assertThat(first.text("GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void mayHavePasswordsForServersAndSentinels() throws Exception {
    var options = RedisOptions.PLAIN.password("of servers");
    try (var sentinel = RedisSentinel.start(options, RedisOptions.PLAIN.password("of sentinels"));
        var client = RedisClient.tcp(sentinel.sentinels().getLast().port())) {
      client.login("default", "of sentinels");
      assertThat(client.texts("SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisSentinel.NAME))
          .containsExactly("127.0.0.1", Integer.toString(sentinel.primary().port()));
    }
  }
}
