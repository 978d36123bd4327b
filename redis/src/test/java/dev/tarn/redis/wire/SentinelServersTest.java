package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.bytes;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.request;
import static dev.tarn.redis.wire.ServersFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisSentinel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentinelServersTest {

  @Test
  void followsTheSentinels() throws Exception {
    RedisOptions secret = RedisOptions.PLAIN.password("q");
    try (RedisSentinel redis = RedisSentinel.start(RedisOptions.PLAIN, secret);
        Servers servers = open(redis.url() + "?sentinel_password=q&protocol=3");
        Redirects redirects = new Redirects(servers)) {
      Node first = servers.assignment().primaries().getFirst();
      assertThat(first.address().port()).isEqualTo(redis.primary().port());
      assertThat(first.id()).isEqualTo(redis.primary().info("server").get("run_id"));
      Node replica = new Node("", Address.tcp("127.0.0.1", redis.replica().port()));
      assertThatThrownBy(() -> servers.connect(replica))
          .isInstanceOf(LostConnection.class)
          .hasMessageEndingWith("it is a replica, and no primary");
      redirects.ask(bytes("a"), List.of(request("SET", "a", "1"), request("WAIT", "1", "1000")));

      redis.sentinels().getFirst().kill();
      var coverage = new Coverage(servers.assignment());
      redis.killPrimary();
      assertThat(text(redirects.ask(bytes("a"), List.of(request("GET", "a")))))
          .isEqualTo(List.of("1"));
      Assignment after = servers.assignment();
      assertThat(after.primaries()).doesNotContain(first);
      assertThatThrownBy(() -> servers.connect(first)).isInstanceOf(LostConnection.class);
      coverage.completed(Set.of(), after);
      assertThat(coverage.unseen()).isEqualTo(Set.copyOf(after.primaries()));

      wrong(redis.url() + "?protocol=2", "it asks for a password");
      wrong(
          redis.url().replace("mymaster", "other") + "?sentinel_password=q",
          "Cannot reach Redis: no Sentinel knows a primary 'other'. SENTINEL MASTERS lists those that there are. [%s]"
              .formatted(redis.url().replace("mymaster", "other")));
    }
    assertThatThrownBy(() -> open("redis-sentinel://127.0.0.1:1/x?retry_for=0").assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Cannot reach Redis: no Sentinel answers; Redis at 127.0.0.1:1: Connection refused. Check that it runs and that the URL is right. [redis-sentinel://127.0.0.1:1/x]");
  }

  private static void wrong(String url, String why) {
    assertThatThrownBy(() -> open(url).assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(why);
  }
}
