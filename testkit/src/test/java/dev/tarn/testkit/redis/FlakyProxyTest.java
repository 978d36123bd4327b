package dev.tarn.testkit.redis;

import static dev.tarn.testkit.redis.FlakyProxy.Direction.TO_CLIENT;
import static dev.tarn.testkit.redis.FlakyProxy.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.testkit.redis.FlakyProxy.End;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlakyProxyTest {

  private static RedisServer server;
  private FlakyProxy proxy;

  @BeforeAll
  static void startServer() throws Exception {
    server = RedisServer.start();
    server.command("SET", "big", new byte[100_000]);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    proxy = FlakyProxy.to(server.port());
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  @Test
  void handsOnAndCounts() throws Exception {
    try (var client = RedisClient.tcp(proxy.port())) {
      assertThat((byte[]) client.command("GET", "big")).hasSize(100_000);
      assertThat(proxy.connections()).isEqualTo(1);
      assertThat(proxy.openConnections()).isEqualTo(1);
      Await.until(
          "the command is counted",
          () -> proxy.bytes(TO_SERVER) == "*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n".length());
      Await.until(
          "all is counted", () -> proxy.bytes(TO_CLIENT) == 100_000 + "$100000\r\n\r\n".length());
    }
    Await.until("the connection is gone", () -> proxy.openConnections() == 0);
  }

  @Test
  void delaysEachReplyAndNotThoseBehindIt() throws Exception {
    proxy.delay(TO_SERVER, Duration.ofMillis(40));
    proxy.delay(TO_CLIENT, Duration.ofMillis(60));
    try (var client = RedisClient.tcp(proxy.port())) {
      assertThat(millis(() -> client.command("PING"))).isGreaterThanOrEqualTo(100);
      var commands = new ArrayList<>(Collections.nCopies(500, new Object[] {"GET", "big"}));
      long together = millis(() -> client.pipeline(commands));
      assertThat(together).isBetween(100L, 500L * 100 / 2); // in turn they would take 500 times it
    }
  }

  @Test
  void limitsTheBandwidthOfAllConnectionsTogether() throws Exception {
    proxy.bandwidth(TO_CLIENT, 1_000_000);
    try (var one = RedisClient.tcp(proxy.port());
        var other = RedisClient.tcp(proxy.port())) {
      one.send("GET", "big");
      other.send("GET", "big");
      long both =
          millis(() -> {
            one.receive();
            other.receive();
          });
      assertThat(both).isGreaterThanOrEqualTo(180); // 200 kB, less the first slices
    }
  }

  @Test
  void cutsWithinAReplyByASeedAndThenLasts() throws Exception {
    for (End end : End.values()) {
      List<Long> first = cutTwice(end, 7);
      assertThat(cutTwice(end, 7)).isEqualTo(first);
      assertThat(cutTwice(end, 8)).isNotEqualTo(first);
    }
    assertThat(proxy.cuts()).isEqualTo(12);
  }

  private List<Long> cutTwice(End end, long seed) throws Exception {
    proxy.cut(TO_CLIENT, end, seed, 10, 99_000, 2);
    var bytes = new ArrayList<Long>();
    for (int i = 0; i < 2; i++) {
      Await.until("all of before is counted", () -> proxy.openConnections() == 0);
      long before = proxy.bytes(TO_CLIENT);
      try (var client = RedisClient.tcp(proxy.port())) {
        assertThatThrownBy(() -> client.command("GET", "big"))
            .isInstanceOf(UncheckedIOException.class)
            .hasCauseInstanceOf(end == End.RESET ? SocketException.class : EOFException.class);
      }
      Await.until("all is counted", () -> proxy.openConnections() == 0);
      bytes.add(proxy.bytes(TO_CLIENT) - before);
    }
    try (var client = RedisClient.tcp(proxy.port())) {
      assertThat((byte[]) client.command("GET", "big")).hasSize(100_000);
    }
    return bytes;
  }

  @Test
  void cutsWithinACommandOfWhichTheServerSeesTheBeginning() throws Exception {
    proxy.cut(TO_SERVER, End.RESET, 1, 50, 60, 1);
    try (var client = RedisClient.tcp(proxy.port())) {
      assertThat(client.command("SET", "first", "arrives")).isEqualTo("OK");
      assertThatThrownBy(() -> client.command("SET", "second", "is lost"))
          .isInstanceOf(UncheckedIOException.class);
    }
    assertThat(server.text("MGET", "first", "second"))
        .isEqualTo(java.util.Arrays.asList("arrives", null));
  }

  @Test
  void breaksAllConnectionsNow() throws Exception {
    try (var client = RedisClient.tcp(proxy.port())) {
      client.command("PING");
      proxy.cutNow();
      assertThatThrownBy(() -> client.command("PING")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void refusesConnectionsForAWhile() throws Exception {
    try (var before = RedisClient.tcp(proxy.port())) {
      before.command("PING");
      proxy.refuse();
      assertThatThrownBy(() -> RedisClient.tcp(proxy.port())).isInstanceOf(ConnectException.class);
      assertThat(before.command("PING")).isEqualTo("PONG");
      proxy.accept();
      try (var after = RedisClient.tcp(proxy.port())) {
        assertThat(after.command("PING")).isEqualTo("PONG");
      }
    }
  }

  @Test
  void answersNothingWhileFrozen() throws Exception {
    proxy.freeze();
    try (var client = RedisClient.tcp(proxy.port())) {
      var reply = CompletableFuture.supplyAsync(() -> client.command("PING"));
      assertThatThrownBy(() -> reply.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(proxy.bytes(TO_SERVER)).isZero();
      proxy.thaw();
      assertThat(reply.get(10, TimeUnit.SECONDS)).isEqualTo("PONG");
    }
  }

  @Test
  void goesToAnotherServerFromNowOn() throws Exception {
    try (var other = RedisServer.start()) {
      other.command("SET", "me", "other");
      proxy.target(other.port());
      try (var client = RedisClient.tcp(proxy.port())) {
        assertThat(client.text("GET", "me")).isEqualTo("other");
      }
    }
  }

  private static long millis(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
