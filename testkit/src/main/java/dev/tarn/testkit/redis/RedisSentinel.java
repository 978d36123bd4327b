package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A primary and a replica, watched by three sentinels of which two must agree. Where the servers
 * have TLS, the sentinels must have it as well.
 */
public final class RedisSentinel implements AutoCloseable {

  /** What the sentinels call the primary. */
  public static final String NAME = "mymaster";

  private static final int SENTINELS = 3;
  private static final int QUORUM = 2;
  private static final int DOWN_AFTER_MILLIS = 500;

  /**
   * Sentinels look around every ten seconds by default, and do nothing for thirty after the machine
   * has stood still for two. A replica is promoted only if it was heard of within five pings; while
   * its primary is down it is asked once a second, whatever the period.
   */
  private static final Map<String, Integer> PERIODS_MILLIS =
      Map.of(
          "info-period", 200,
          "publish-period", 200,
          "ask-period", 200,
          "ping-period", 300,
          "tilt-period", 2000);

  private final RedisOptions options;
  private final RedisOptions sentinelOptions;
  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinel(RedisOptions options, RedisOptions sentinelOptions) {
    this.options = options;
    this.sentinelOptions = sentinelOptions;
  }

  /** Starts them without passwords; skips the test where Redis is not installed. */
  public static RedisSentinel start() throws IOException, InterruptedException {
    return start(RedisOptions.PLAIN, RedisOptions.PLAIN);
  }

  /** Starts them; skips the test where Redis is not installed. */
  public static RedisSentinel start(RedisOptions servers, RedisOptions sentinels)
      throws IOException, InterruptedException {
    var all = new RedisSentinel(servers, sentinels);
    try {
      all.launch();
      all.awaitAcquaintance();
      return all;
    } catch (IOException | InterruptedException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void launch() throws IOException, InterruptedException {
    RedisOptions own = options.line("repl-diskless-sync-delay 0");
    RedisServer primary = RedisServer.start(own);
    servers.add(primary);
    servers.add(RedisServer.start(own.line("replicaof 127.0.0.1 " + primary.port())));
    Await.until(
        "the replica follows",
        () -> "up".equals(servers.getLast().info("replication").get("master_link_status")));
    RedisOptions watching = watching(primary.port());
    for (int i = 0; i < SENTINELS; i++) {
      RedisServer sentinel = RedisServer.start(watching, "--sentinel");
      sentinels.add(sentinel);
      if (!RedisServer.isBefore(7)) {
        PERIODS_MILLIS.forEach(
            (name, millis) -> sentinel.command("SENTINEL", "DEBUG", name, millis));
      }
    }
  }

  private RedisOptions watching(int port) {
    return sentinelOptions
        .line("sentinel monitor %s 127.0.0.1 %d %d".formatted(NAME, port, QUORUM))
        .line("sentinel auth-user %s %s".formatted(NAME, RedisServer.ADMIN))
        .line("sentinel auth-pass %s %s".formatted(NAME, RedisServer.ADMIN_PASSWORD))
        .line("sentinel sentinel-user " + RedisServer.ADMIN)
        .line("sentinel sentinel-pass " + RedisServer.ADMIN_PASSWORD)
        .line("sentinel down-after-milliseconds %s %d".formatted(NAME, DOWN_AFTER_MILLIS))
        .line("sentinel failover-timeout %s 2000".formatted(NAME));
  }

  private void awaitAcquaintance() throws InterruptedException {
    Await.until(
        "the sentinels know the replica and each other",
        () -> sentinels.stream().map(this::seen).allMatch(RedisSentinel::isComplete));
  }

  private Map<String, String> seen(RedisServer sentinel) {
    try (RedisClient client = sentinel.client()) {
      return client.textMap("SENTINEL", "MASTER", NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isComplete(Map<String, String> seen) {
    return "1".equals(seen.get("num-slaves")) && "2".equals(seen.get("num-other-sentinels"));
  }

  /**
   * {@code redis-sentinel://127.0.0.1:port,…/mymaster}, or {@code rediss-sentinel://…}, with the
   * password of the servers if any; that of the Sentinels is not in it.
   */
  public String url() {
    return url(options.passwordLogin());
  }

  /** As {@link #url()}, for a user of the servers. */
  public String url(String user, String password) {
    return url(RedisOptions.login(user, password));
  }

  private String url(String login) {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(Collectors.joining(",", options.scheme() + "-sentinel://" + login, "/" + NAME));
  }

  /** The three sentinels. */
  public List<RedisServer> sentinels() {
    return List.copyOf(sentinels);
  }

  /** The primary now, as the first sentinel that lives sees it. */
  public RedisServer primary() {
    RedisServer sentinel =
        sentinels.stream().filter(RedisServer::isAlive).findFirst().orElseThrow();
    int port = primaryPort(sentinel);
    return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
  }

  /** The other one. */
  public RedisServer replica() {
    RedisServer primary = primary();
    return servers.stream().filter(server -> server != primary).findFirst().orElseThrow();
  }

  private static int primaryPort(RedisServer sentinel) {
    Object address = sentinel.text("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    return address instanceof List<?> hostAndPort
        ? Integer.parseInt(String.valueOf(hostAndPort.getLast()))
        : -1;
  }

  /** Makes the replica the primary, and waits until all sentinels say so. */
  public void failover() throws InterruptedException {
    RedisServer replica = replica();
    RedisServer sentinel = sentinels.getFirst();
    Await.until(
        "the replica is primary",
        () -> {
          if (isPrimary(replica)) {
            return true;
          }
          askForFailover(sentinel, replica);
          return false;
        });
  }

  /** Also once more: one that takes longer than its time-out is given up for good. */
  private void askForFailover(RedisServer sentinel, RedisServer replica) {
    Map<String, String> seen = seen(sentinel);
    boolean goesOn = String.valueOf(seen.get("flags")).contains("failover_in_progress");
    if (goesOn || Integer.toString(replica.port()).equals(seen.get("port"))) {
      return;
    }
    try {
      sentinel.command("SENTINEL", "FAILOVER", NAME);
    } catch (RedisError e) {
      if (!String.valueOf(e.getMessage()).startsWith("NOGOODSLAVE")) {
        throw e;
      }
    }
  }

  /** Kills the primary and waits until the replica has taken over. */
  public void killPrimary() throws InterruptedException {
    RedisServer replica = replica();
    primary().kill();
    awaitPrimary(replica);
  }

  private void awaitPrimary(RedisServer server) throws InterruptedException {
    Await.until("the replica is primary", () -> isPrimary(server));
  }

  private boolean isPrimary(RedisServer server) {
    return "master".equals(server.info("replication").get("role"))
        && sentinels.stream()
            .filter(RedisServer::isAlive)
            .allMatch(sentinel -> primaryPort(sentinel) == server.port());
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
  }
}
