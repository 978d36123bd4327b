package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.bytes;
import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.connect;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.patient;
import static dev.tarn.redis.wire.ServersFixture.request;
import static dev.tarn.redis.wire.ServersFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisSentinel;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.ReplayServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
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

      wrong(redis.url() + "?protocol=2", "Cannot connect to the Sentinel at 127.0.0.1:");
      wrong(
          redis.url() + "?protocol=2",
          "it asks for a password. Write ?sentinel_user=…&sentinel_password=….");
      wrong(
          redis.url().replace("mymaster", "other") + "?sentinel_password=q",
          "Cannot reach Redis: no Sentinel knows a primary 'other'. SENTINEL MASTERS lists those that there are. [%s]"
              .formatted(redis.url().replace("mymaster", "other")));
    }
    assertThatThrownBy(() -> open("redis-sentinel://127.0.0.1:1/x?retry_for=0").assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Cannot reach Redis: no Sentinel answers; the Sentinel at 127.0.0.1:1: Connection refused. Check that it runs and that the URL is right. [redis-sentinel://127.0.0.1:1/x]");
  }

  @Test
  void whatIsSaidOfServersIsNotSaidToSentinelsAndTheOtherWayRound() throws Exception {
    try (RedisServer server =
            RedisServer.start(RedisOptions.PLAIN.user("app", "on >geheim ~* +@all"));
        ReplayServer sentinel = ReplayServer.start()) {
      sentinel.handle("SENTINEL", command -> List.of("127.0.0.1", Integer.toString(server.port())));
      String url =
          "redis-sentinel://app:geheim@127.0.0.1:%d/main/2?client_name=report&sentinel_user=w&sentinel_password=q"
              .formatted(sentinel.port());
      List<String> question = List.of("SENTINEL", "get-master-addr-by-name", "main");
      introduced(RedisUrl.parse(url));
      assertThat(sentinel.commands())
          .containsExactly(
              List.of("AUTH", "w", "q"), List.of("CLIENT", "SETNAME", "report"), question);

      RedisUrl plain =
          RedisUrl.parse("redis-sentinel://127.0.0.1:%d/main".formatted(sentinel.port()));
      introduced(
          plain.with(
              plain
                  .options()
                  .user("app")
                  .password("geheim")
                  .database(2)
                  .protocol(3)
                  .clientName("report")));
      assertThat(sentinel.commands())
          .endsWith(List.of("HELLO", "3"), List.of("CLIENT", "SETNAME", "report"), question);
    }
  }

  private static void introduced(RedisUrl url) {
    try (Servers servers = Servers.open(url);
        Link link = connect(servers)) {
      assertThat(call(link, "ACL", "WHOAMI")).isEqualTo("app");
      assertThat(call(link, "CLIENT", "GETNAME")).isEqualTo("report");
      assertThat(call(link, "CLIENT", "LIST")).asString().contains("name=report").contains("db=2");
    }
  }

  @Test
  void doesNotWaitForASentinelLongerThanItIsTold() throws Exception {
    try (RedisSentinel redis = RedisSentinel.start()) {
      RedisServer silent = redis.sentinels().getFirst();
      silent.pause();
      long begin = System.nanoTime();
      try (Servers servers = open(redis.url() + "?connect_timeout=300ms")) {
        assertThat(servers.assignment().primaries()).hasSize(1);
      } finally {
        silent.resume();
      }
      assertThat(System.nanoTime() - begin).isLessThan(4_000_000_000L); // 5 s if it says nothing
    }
  }

  @Test
  void saysAtOnceWhatANewAttemptWouldNotChange() throws Exception {
    RedisOptions sentinels = RedisOptions.PLAIN.user("blind", "on >p +@connection");
    try (RedisSentinel redis = RedisSentinel.start(RedisOptions.PLAIN, sentinels)) {
      String url = redis.url() + "?sentinel_user=blind&sentinel_password=p";
      wrong(url, "the user may not. Grant +sentinel|get-master-addr-by-name. [redis-sentinel://");
      wrong(
          "redis-sentinel://127.0.0.1:%d/main".formatted(redis.primary().port()),
          "it is none. Write redis:// instead of redis-sentinel://, or the port of a Sentinel. [");
    }
  }

  private static void wrong(String url, String why) {
    assertThatThrownBy(() -> open(patient(url)).assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(why);
  }
}
