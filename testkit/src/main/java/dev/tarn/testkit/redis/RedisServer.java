package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A redis-server of Debian's package on a port of the loopback interface and on a socket in the
 * file system, with data of its own, which is gone when it is closed. It ends with this JVM at the
 * latest. Debian's own service is left alone.
 */
public final class RedisServer implements AutoCloseable {

  /** Where Debian's package redis-redisearch has RediSearch 1.2. */
  public static final Path SEARCH_MODULE = Path.of("/usr/lib/redis/modules/redisearch.so");

  /** May do everything, by {@link #ADMIN_PASSWORD}, whatever the options say of others. */
  static final String ADMIN = "testkit";

  static final String ADMIN_PASSWORD = "testkit-admin";

  /** Another may be named, to try another version, or Valkey. */
  private static final Path PROGRAM =
      Path.of(System.getProperty("tarn.redis.server", "/usr/bin/redis-server"));

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final RedisOptions options;
  private final String mode;
  private ServerProcess process;
  private @Nullable RedisClient admin;

  private RedisServer(Path folder, RedisOptions options, String mode)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.port = Ports.free();
    this.options = options;
    this.mode = mode;
    this.process = launch();
  }

  /** Starts one without password and TLS; skips the test where Redis is not installed. */
  public static RedisServer start() throws IOException, InterruptedException {
    return start(RedisOptions.PLAIN);
  }

  /** Starts one; skips the test where Redis is not installed. */
  public static RedisServer start(RedisOptions options) throws IOException, InterruptedException {
    return start(options, "");
  }

  static RedisServer start(RedisOptions options, String mode)
      throws IOException, InterruptedException {
    assumeInstalled();
    Path folder = Files.createTempDirectory("tarn-redis-");
    var server = new RedisServer(folder, options, mode);
    try {
      server.awaitAnswer();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static void assumeInstalled() {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), "redis-server is not installed; ./test does it");
  }

  /** Whether the program is of an older version; Valkey counts on from Redis 7. */
  static boolean isBefore(int major) throws IOException {
    assumeInstalled();
    var process = new ProcessBuilder(PROGRAM.toString(), "--version").start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Integer.parseInt(said.replaceAll("(?s).* v=(\\d+)\\..*", "$1")) < major;
  }

  private ServerProcess launch() throws IOException, InterruptedException {
    Path file = folder.resolve("redis.conf");
    if (!Files.exists(file)) { // a sentinel writes what it learns into it
      Files.write(file, RedisConfig.lines(folder, port, options), StandardCharsets.UTF_8);
    }
    var command = new ArrayList<>(List.of(PROGRAM.toString(), file.toString()));
    if (!mode.isEmpty()) {
      command.add(mode);
    }
    return ServerProcess.start(folder, log(), command);
  }

  private Path log() {
    return folder.resolve("log");
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        String said = Files.readString(log());
        Assumptions.assumeFalse(said.contains(">>> 'tls-port"), "this redis-server has no TLS");
        throw new IOException("redis-server does not start: " + said);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private boolean answers() {
    try {
      command("PING");
      return true;
    } catch (UncheckedIOException notYet) {
      return false;
    } catch (RedisError error) {
      return !error.code().equals("LOADING");
    }
  }

  public int port() {
    return port;
  }

  /** The socket in the file system, on which it listens as well, without TLS. */
  public Path socket() {
    return folder.resolve("socket");
  }

  /** {@code redis://…}, or {@code rediss://…} for the host localhost, with the password if any. */
  public String url() {
    return url(options.passwordLogin());
  }

  /** As {@link #url()}, for a user. */
  public String url(String user, String password) {
    return url(RedisOptions.login(user, password));
  }

  private String url(String login) {
    String host = options.certificates() == null ? "127.0.0.1" : "localhost";
    return "%s://%s%s:%d".formatted(options.scheme(), login, host, port);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The id of its process. */
  public long processId() {
    return process.id();
  }

  /** A connection of its own that may do everything. */
  public RedisClient client() throws IOException {
    return RedisClient.unix(socket()).login(ADMIN, ADMIN_PASSWORD);
  }

  /**
   * Sends a command as an administrator, over a connection kept for it. It is sent once more if
   * that has been closed, as a sentinel does with all connections of a server that it demotes.
   */
  public synchronized @Nullable Object command(Object... command) {
    if (admin != null) {
      try {
        return admin.command(command);
      } catch (UncheckedIOException closed) {
        forgetAdmin();
      }
    }
    try {
      admin = client();
      return admin.command(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #command}, with all bytes of the reply as UTF-8 text. */
  public @Nullable Object text(Object... command) {
    return Resp.text(command(command));
  }

  private synchronized void forgetAdmin() {
    if (admin != null) {
      admin.close();
      admin = null;
    }
  }

  /** A section of INFO, as names and values. */
  public Map<String, String> info(String section) {
    return Info.values(String.valueOf(text("INFO", section)));
  }

  /** How often each command was called since the last {@link #forgetCalls}, by name in capitals. */
  public Map<String, Long> calls() {
    return Info.calls(info("commandstats"));
  }

  /** Begins to count calls anew. */
  public void forgetCalls() {
    command("CONFIG", "RESETSTAT");
  }

  /** Begins to record the commands that arrive. */
  public CommandLog record() throws IOException {
    return new CommandLog(this);
  }

  /** Ends it as an administrator does; what is durable is kept for {@link #restart}. */
  public void stop() throws InterruptedException {
    forgetAdmin();
    process.stop();
  }

  /** Kills it, as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    forgetAdmin();
    process.kill();
  }

  /** Starts it again on the same port, after it was stopped or killed, or else kills it before. */
  public void restart() throws IOException, InterruptedException {
    kill();
    Files.deleteIfExists(socket());
    process = launch();
    awaitAnswer();
  }

  /** Freezes the process: connections are accepted by the system, and nothing is answered. */
  public void pause() throws IOException, InterruptedException {
    process.signal("STOP");
  }

  /** Lets it go on. */
  public void resume() throws IOException, InterruptedException {
    process.signal("CONT");
  }

  @Override
  public void close() {
    try {
      kill();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
