package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.bytes;
import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.connect;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.request;
import static dev.tarn.redis.wire.ServersFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneServerTest {

  private static RedisServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        RedisServer.start(
            RedisOptions.PLAIN
                .password("geheim")
                .user("narrow", "on >s%20e@:/?ü ~* &* +@all -@dangerous -client")
                .user("open", "on nopass ~* &* +@all"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String at(String login) {
    return "redis://%s127.0.0.1:%d?retry_for=0&".formatted(login, server.port());
  }

  @Test
  void keepsNothingOpenOfConnectionsThatFailed() throws Exception {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    try (Servers servers = open("redis://127.0.0.1:" + nobody + "?retry_for=0")) {
      assertThatThrownBy(servers::assignment).isInstanceOf(Unavailable.class);
      long before = system.getOpenFileDescriptorCount();
      for (int i = 0; i < 200; i++) {
        assertThatThrownBy(servers::assignment).isInstanceOf(Unavailable.class);
      }
      assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + 100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void knowsAServerByItsRun(int protocol) {
    try (Servers servers = open(at(":geheim@") + "protocol=" + protocol)) {
      Node node = servers.assignment().primaries().getFirst();
      assertThat(node.id()).isEqualTo(server.info("server").get("run_id"));
      assertThat(node.isRecognizable()).isTrue();
      assertThat(servers.holding(bytes("a"))).isEqualTo(node);
      assertThat(servers.isCluster()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void usersGetOnWithoutWhatTheyMayNot(int protocol) {
    String login = "narrow:s%2520e%40%3A%2F%3F%C3%BC@";
    try (Servers servers = open(at(login) + "protocol=" + protocol);
        Link link = connect(servers)) {
      assertThat(servers.assignment().primaries().getFirst().isRecognizable()).isFalse();
      assertThat(call(link, "INFO")).isInstanceOf(ServerError.class);
      assertThat(call(link, "SET", "a", "1")).isEqualTo("OK");
      Identity.requirePrimary(link, protocol);
    }
  }

  @Test
  void aUserMayNeedNoPassword() {
    try (Servers servers = open(at("open@"));
        Link link = connect(servers)) {
      assertThat(call(link, "ACL", "WHOAMI")).isEqualTo("open");
      assertThat(call(link, "CLIENT", "GETNAME")).isEqualTo("tarn");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''             | ''           | it asks for a password. Write redis://user:password@host.
          ''             | protocol=3   | it asks for a password. Write redis://user:password@host.
          :falsch@       | ''           | user or password are wrong, or the user is disabled. Check them; ACL LIST on the server shows the users.
          open2:falsch@  | protocol=3   | user or password are wrong, or the user is disabled. Check them; ACL LIST on the server shows the users.
          :geheim@       | database=999 | it refused SELECT: ERR DB index is out of range. Check the number of the database.
          """)
  void saysWhyItIsRefused(String login, String query, String why) {
    assertThatThrownBy(() -> open(at(login) + query).assignment())
        .isInstanceOf(Unavailable.class)
        .hasMessage("Cannot connect to Redis at 127.0.0.1:%d: %s", server.port(), why);
  }

  @Test
  void aServerThatRepeatsWhatItDoesNotKnowTellsNoPassword() {
    var error = new ServerError("ERR unknown command 'AUTH', with args beginning with: 'geheim' ");
    assertThat(error.brief()).isEqualTo("ERR unknown command 'AUTH'");
    assertThat(error).hasToString("ERR unknown command 'AUTH'");
    assertThatThrownBy(() -> Refusals.check(error, Command.AUTH, Peer.SERVER, Address.tcp("h", 1)))
        .hasMessage(
            "Cannot connect to Redis at h:1: it refused AUTH: ERR unknown command 'AUTH'. Check user and password.");
    assertThatThrownBy(() -> Refusals.check(error, Command.HELLO, Peer.SERVER, Address.tcp("h", 1)))
        .hasMessage("Cannot connect to Redis at h:1: it does not speak RESP3. Write protocol=2.");
  }

  @Test
  void answersAreOfTheSameKindsInBothProtocols() {
    for (int protocol = 2; protocol <= 3; protocol++) {
      try (Servers servers = open(at(":geheim@") + "protocol=" + protocol);
          Link link = connect(servers)) {
        call(link, "DEL", "l");
        assertThat(call(link, "RPUSH", "l", "a", "b")).isEqualTo(2L);
        assertThat(call(link, "LRANGE", "l", "0", "-1")).isEqualTo(List.of("a", "b"));
        assertThat(call(link, "GET", "none")).isNull();
        assertThat(call(link, "GET", "l")).isInstanceOf(ServerError.class);
        call(link, "MULTI");
        call(link, "GET", "l");
        call(link, "LLEN", "l");
        List<?> done = Link.list(link.call(Command.of("EXEC")));
        assertThat(done.get(0)).isInstanceOf(ServerError.class);
        assertThat(done.get(1)).isEqualTo(2L);
      }
    }
  }

  @Test
  void aServerThatWasStartedAgainIsAnother() throws Exception {
    try (RedisServer own = RedisServer.start();
        Servers servers = open(own.url());
        Redirects redirects = new Redirects(servers)) {
      Node before = servers.assignment().primaries().getFirst();
      redirects.ask(bytes("a"), List.of(request("SET", "a", "1")));
      var coverage = new Coverage(servers.assignment());
      own.restart();
      assertThatThrownBy(() -> servers.connect(before))
          .isInstanceOf(LostConnection.class)
          .hasMessageEndingWith("it was started again, or another took its place");
      coverage.completed(List.of(), servers.assignment());
      assertThat(coverage.unseen()).doesNotContain(before).hasSize(1);
      assertThat(text(redirects.ask(bytes("a"), List.of(request("SET", "a", "2")))))
          .isEqualTo(List.of("OK"));
    }
  }

  @Test
  void waitsForAServerUntilTheTimeIsUp() throws Exception {
    try (RedisServer own = RedisServer.start();
        Servers patient = open(own.url() + "?retry_for=20");
        Servers hasty = open(own.url() + "?retry_for=300ms")) {
      own.stop();
      long begin = System.nanoTime();
      assertThatThrownBy(hasty::assignment)
          .isInstanceOf(Unavailable.class)
          .hasMessage(
              "Cannot reach Redis: Redis at 127.0.0.1:%d: Connection refused. Check that it runs and that the URL is right. [redis://127.0.0.1:%d]",
              own.port(), own.port());
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
      CompletableFuture<Assignment> found = CompletableFuture.supplyAsync(patient::assignment);
      own.restart();
      assertThat(found.get(20, TimeUnit.SECONDS).primaries()).hasSize(1);
    }
  }

  @Test
  void anInterruptEndsTheWaiting() throws Exception {
    try (Servers servers = open("redis://127.0.0.1:1")) {
      var thread = Thread.currentThread();
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(thread::interrupt);
      assertThatThrownBy(servers::assignment)
          .isInstanceOf(LimitExceeded.class)
          .hasMessage("Cannot wait for Redis: the thread was interrupted. Run it again.");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFrozenServerLosesTheConnectionInTime() throws Exception {
    try (RedisServer own = RedisServer.start();
        Servers servers =
            open(own.url() + "?read_timeout=300ms&connect_timeout=300ms&retry_for=0");
        Link reader = connect(servers);
        Link writer = connect(servers)) {
      own.pause();
      assertThatThrownBy(() -> call(reader, "PING"))
          .isInstanceOf(LostConnection.class)
          .hasMessageEndingWith("no answer in 0.3 s");
      assertThatThrownBy(() -> call(writer, "SET", "a", "x".repeat(50_000_000)))
          .isInstanceOf(LostConnection.class)
          .hasMessageEndingWith("nothing more was read in 0.3 s");
      assertThatThrownBy(servers::assignment).isInstanceOf(Unavailable.class);
      own.resume();
    }
  }

  @Test
  @SuppressWarnings("try")
  void closingEndsWhatWaits() throws Exception {
    for (String url :
        List.of(at(":geheim@"), "unix://:geheim@%s?retry_for=0".formatted(server.socket()))) {
      try (Servers servers = open(url);
          Link link = connect(servers)) {
        var waiting = CompletableFuture.supplyAsync(() -> call(link, "BLPOP", "empty", "0"));
        TimeUnit.MILLISECONDS.sleep(100);
        link.close();
        assertThatThrownBy(() -> waiting.orTimeout(5, TimeUnit.SECONDS).join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(LostConnection.class);
        assertThatThrownBy(() -> call(link, "PING"))
            .isInstanceOf(LostConnection.class)
            .hasMessageEndingWith("the connection was closed");
      }
    }
  }

  @Test
  void whatLoadsOrIsReadOnlyIsAskedAgain() throws Exception {
    try (RedisServer own = RedisServer.start();
        Servers servers = open(own.url());
        Redirects redirects = new Redirects(servers)) {
      redirects.ask(bytes("a"), List.of(request("SET", "a", "1")));
      own.command("REPLICAOF", "127.0.0.1", "1");
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
          .execute(() -> own.command("REPLICAOF", "NO", "ONE"));
      var transaction =
          List.of(request("MULTI"), request("SET", "a", "2"), request("EXEC"), request("GET", "a"));
      assertThat(text(redirects.askOnce(bytes("a"), transaction)))
          .isEqualTo(List.of("OK", "QUEUED", List.of("OK"), "2"));
    }
  }

  @Test
  void aCommandThatMayBeDoneIsNotSentAgain() throws Exception {
    try (RedisServer own = RedisServer.start();
        Servers servers = open(own.url() + "?read_timeout=200ms&retry_for=5");
        Redirects redirects = new Redirects(servers)) {
      servers.assignment();
      String slowly =
          "local t=redis.call('TIME')[1]+2 while redis.call('TIME')[1]+0<t do end return redis.call('RPUSH',KEYS[1],'a')";
      var push = List.of(request("EVAL", slowly, "1", "l"));
      assertThatThrownBy(() -> redirects.askOnce(bytes("l"), push))
          .isInstanceOf(LostConnection.class);
      assertThat(redirects.ask(bytes("l"), List.of(request("LLEN", "l")))).containsExactly(1L);
    }
  }
}
