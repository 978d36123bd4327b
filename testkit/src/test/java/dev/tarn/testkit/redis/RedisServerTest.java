package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.testkit.ChildProcess;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {

  @Test
  void answersOnThePortOfItsUrlAndOnItsSocket() throws Exception {
    try (var server = RedisServer.start();
        var tcp = RedisClient.tcp(server.port());
        var unix = RedisClient.unix(server.socket())) {
      assertThat(server.url()).isEqualTo("redis://127.0.0.1:" + server.port());
      assertThat(tcp.command("SET", "k", "v")).isEqualTo("OK");
      assertThat(unix.text("GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void isGoneWithItsFolderOnceClosed() throws Exception {
    var server = RedisServer.start();
    Path folder = server.socket().resolveSibling("");
    server.close();
    assertThat(ProcessHandle.of(server.processId())).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void endsWithAKilledJvm(@TempDir Path folder) throws Exception {
    try (var child = ChildProcess.start(folder, StartsAServer.class)) {
      long id = Long.parseLong(child.await("process "));
      ProcessHandle server = ProcessHandle.of(id).orElseThrow();
      child.kill();
      server.onExit().get(10, TimeUnit.SECONDS);
      assertThat(server.isAlive()).isFalse();
    }
  }

  /** Starts a server in a thread that ends before the JVM does. */
  static final class StartsAServer {
    private StartsAServer() {}

    public static void main(String[] arguments) throws Exception {
      RedisServer server = CompletableFuture.supplyAsync(StartsAServer::start).get();
      server.command("PING");
      System.out.println("process " + server.processId());
      Thread.sleep(Duration.ofMinutes(1));
    }

    private static RedisServer start() {
      try {
        return RedisServer.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void forgetsWhenRestartedUnlessDurable() throws Exception {
    try (var forgetful = RedisServer.start();
        var durable = RedisServer.start(RedisOptions.PLAIN.durable())) {
      for (RedisServer server : List.of(forgetful, durable)) {
        server.command("SET", "k", "v");
        server.kill();
        assertThatThrownBy(() -> RedisClient.tcp(server.port()))
            .isInstanceOf(java.net.ConnectException.class);
        server.restart();
      }
      assertThat(forgetful.text("GET", "k")).isNull();
      assertThat(durable.text("GET", "k")).isEqualTo("v");
      durable.stop();
      durable.restart();
      try (var client = RedisClient.tcp(durable.port())) {
        assertThat(client.text("GET", "k")).isEqualTo("v");
      }
    }
  }

  @Test
  void answersNothingWhilePaused() throws Exception {
    try (var server = RedisServer.start();
        var client = RedisClient.tcp(server.port())) {
      server.pause();
      var reply = CompletableFuture.supplyAsync(() -> client.command("PING"));
      assertThatThrownBy(() -> reply.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      server.resume();
      assertThat(reply.get(10, TimeUnit.SECONDS)).isEqualTo("PONG");
    }
  }

  @Test
  void needsItsPasswordWhichTheUrlHasEncoded() throws Exception {
    try (var server = RedisServer.start(RedisOptions.PLAIN.password("p\"@ :/?#s"));
        var client = RedisClient.tcp(server.port())) {
      assertThat(server.url())
          .isEqualTo("redis://:p%22%40%20%3A%2F%3F%23s@127.0.0.1:" + server.port());
      assertThatThrownBy(() -> client.command("GET", "k")).hasMessageStartingWith("NOAUTH");
      assertThatThrownBy(() -> client.login("default", "wrong"))
          .hasMessageStartingWith("WRONGPASS");
      assertThat(client.login("default", "p\"@ :/?#s").command("GET", "k")).isNull();
    }
  }

  @Test
  void deniesAUserWhatItsRulesDoNotAllow() throws Exception {
    var options = RedisOptions.PLAIN.user("ann", "on >secret ~user:* +@read");
    try (var server = RedisServer.start(options);
        var ann = RedisClient.tcp(server.port()).login("ann", "secret")) {
      server.command("SET", "user:1", "x");
      assertThat(server.url("ann", "secret")).contains("redis://ann:secret@");
      assertThat(ann.text("GET", "user:1")).isEqualTo("x");
      assertThatThrownBy(() -> ann.command("GET", "other")).hasMessageStartingWith("NOPERM");
      assertThatThrownBy(() -> ann.command("SET", "user:1", "y"))
          .isInstanceOfSatisfying(
              RedisError.class, error -> assertThat(error.code()).isEqualTo("NOPERM"));
    }
  }

  @Test
  void takesLinesOfTheConfigurationAndModules() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(RedisServer.SEARCH_MODULE));
    var options =
        RedisOptions.PLAIN
            .line("maxmemory 5mb")
            .line("databases 3")
            .module(RedisServer.SEARCH_MODULE);
    try (var server = RedisServer.start(options);
        var client = server.client()) {
      assertThat(client.texts("CONFIG", "GET", "maxmemory"))
          .containsExactly("maxmemory", "5242880");
      assertThat(client.command("SELECT", 2)).isEqualTo("OK");
      assertThatThrownBy(() -> client.command("SELECT", 3)).hasMessageContaining("out of range");
      client.command("SELECT", 0);
      client.command("FT.CREATE", "i", "SCHEMA", "t", "TEXT");
      client.command("FT.ADD", "i", "doc", 1, "FIELDS", "t", "some words");
      assertThat(client.texts("FT.SEARCH", "i", "words", "NOCONTENT")).containsExactly("1", "doc");
    }
  }

  @Test
  void saysWhichCommandsArrived() throws Exception {
    try (var server = RedisServer.start();
        var client = RedisClient.tcp(server.port());
        var log = server.record()) {
      server.forgetCalls();
      client.command("HSET", "h\n\"\\", "fält", "\0x");
      client.command("HMGET", "h", "a", "b");
      client.command("HMGET", "h", "a", "b");
      assertThat(log.commands("hset")).containsExactly(List.of("HSET", "h\n\"\\", "fält", "\0x"));
      assertThat(log.names()).containsExactly("HSET", "HMGET");
      assertThat(server.calls()).containsEntry("HMGET", 2L).doesNotContainKey("SCAN");
    }
  }

  @Test
  void saysWhyItDoesNotStart() {
    assertThatThrownBy(() -> RedisServer.start(RedisOptions.PLAIN.line("nonsense 1")))
        .hasMessageContaining("nonsense");
  }

  @Test
  void breaksTheConnectionsOfAKilledServer() throws Exception {
    try (var server = RedisServer.start();
        var client = RedisClient.tcp(server.port())) {
      server.kill();
      assertThatThrownBy(() -> client.command("PING")).isInstanceOf(UncheckedIOException.class);
    }
  }
}
