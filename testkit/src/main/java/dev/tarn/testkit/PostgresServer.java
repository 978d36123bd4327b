package dev.tarn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of Debian's packages, with data of its own, on a port of the loopback
 * interface. It refuses to run as root: then it runs as the user that its package makes.
 */
public final class PostgresServer implements AutoCloseable {

  /** Of the one user there is, {@code postgres}. */
  public static final String PASSWORD = "s3cret pass'word";

  private static final int START_SECONDS = 60;

  private final Path folder;
  private final int port;
  private final Path programs;

  private PostgresServer(Path folder, int port, Path programs) {
    this.folder = folder;
    this.port = port;
    this.programs = programs;
  }

  /** Starts one; skips the test where there is no PostgreSQL. */
  public static PostgresServer start() throws IOException, InterruptedException {
    Optional<Path> programs = programs();
    Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed; ./test does it");
    Path folder = Files.createTempDirectory("tarn-postgres-");
    var server = new PostgresServer(folder, freePort(), programs.orElseThrow());
    try {
      server.initialize();
      server.control("start");
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Optional<Path> programs() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(versions)) {
      return all.map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void initialize() throws IOException, InterruptedException {
    Path password = folder.resolve("password");
    Files.writeString(password, PASSWORD, StandardCharsets.UTF_8);
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    run(
        asServer(
            "initdb",
            "--pgdata=" + data(),
            "--username=postgres",
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync"));
  }

  /** Starts or stops it. */
  public void control(String verb) throws IOException, InterruptedException {
    run(
        asServer(
            "pg_ctl",
            verb,
            "--wait",
            "--timeout=" + START_SECONDS,
            "--mode=immediate",
            "--pgdata=" + data(),
            "--log=" + folder.resolve("log"),
            "--options=-h 127.0.0.1 -p " + port + " -k " + folder));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private List<String> asServer(String program, String... arguments) {
    var command = new ArrayList<String>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("tarn-postgres-", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(2L * START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            command.getFirst() + " failed: " + Files.readString(output, StandardCharsets.UTF_8));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** For JDBC; the password goes with the properties. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  @Override
  public void close() {
    try {
      if (Files.exists(data().resolve("postmaster.pid"))) {
        control("stop");
      }
      run(List.of("rm", "-rf", folder.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
