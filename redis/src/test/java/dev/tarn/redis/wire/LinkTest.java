package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.connect;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.request;
import static dev.tarn.redis.wire.ServersFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.redis.RedisServer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {

  private static final ServerError WRONG =
      new ServerError("WRONGTYPE Operation against a key holding the wrong kind of value");

  private static RedisServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aBriefReplyHasTheFirstErrorAndTheFirstSuccess(int protocol) {
    try (Servers servers = open(server.url() + "?protocol=" + protocol);
        Link link = connect(servers)) {
      call(link, "FLUSHALL");
      call(link, "SET", "s", "text");
      call(link, "RPUSH", "l", "a", "b");

      Request range = request("LRANGE", "l", "0", "-1");
      Request number = request("INCR", "s");
      Request push = request("RPUSH", "s", "v");
      Request nothing = request("GET", "none");
      var noNumber = new ServerError("ERR value is not an integer or out of range");
      assertThat(exec(link, range, push, number, nothing))
          .isEqualTo(List.of(List.of("a", "b"), WRONG));
      assertThat(exec(link, number, push, range, nothing))
          .isEqualTo(List.of(noNumber, List.of("a", "b")));
      assertThat(exec(link, push, number)).isEqualTo(List.of(WRONG));
      assertThat(exec(link, request("STRLEN", "s"), range)).isEqualTo(List.of(4L));
      assertThat(exec(link)).isEqualTo(List.of());
      assertThat(call(link, "LRANGE", "l", "0", "-1")).isEqualTo(List.of("a", "b"));
    }
  }

  /** What is answered to them as a transaction. */
  private static @Nullable Object exec(Link link, Request... commands) {
    call(link, "MULTI");
    link.call(List.of(commands));
    return brief(link, request("EXEC"));
  }

  private static @Nullable Object brief(Link link, Request request) {
    link.send(request.command(), request.arguments());
    return text(link.briefReply());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aBriefReplyThatIsNoListIsWhole(int protocol) {
    try (Servers servers = open(server.url() + "?protocol=" + protocol);
        Link link = connect(servers)) {
      call(link, "WATCH", "seen");
      call(link, "SET", "seen", "1");
      assertThat(exec(link, request("GET", "seen"))).isNull();
      assertThat(brief(link, request("EXEC"))).isEqualTo(new ServerError("ERR EXEC without MULTI"));
      assertThat(brief(link, request("ECHO", "text"))).isEqualTo("text");
      assertThat(link.isIdle()).isTrue();
    }
  }
}
