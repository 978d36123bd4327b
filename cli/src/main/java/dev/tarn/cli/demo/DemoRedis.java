package dev.tarn.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of the demo's own, whose program comes along in a jar: on a free port of the
 * loopback interface, in a temporary folder, without persistence. Both are gone with the demo, and
 * with the JVM at the latest.
 */
final class DemoRedis implements AutoCloseable {

  private final Path folder;
  private final int port;
  private @Nullable Process server;
  private boolean closed;

  private DemoRedis(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @throws IOException when there is none for this platform, it does not start, or the JVM ends
   */
  static DemoRedis start() throws IOException {
    var redis = new DemoRedis(Files.createTempDirectory("tarn-demo-redis-"), freePort());
    try {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("tarn-demo-redis").unstarted(redis::end));
      awaitReady(redis.launch());
      return redis;
    } catch (IOException e) {
      redis.close();
      throw e;
    } catch (RuntimeException e) { // where the platform is not known
      redis.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Never after the end, which may come from another thread. */
  private synchronized Process launch() throws IOException {
    if (closed) {
      throw new IOException("it was stopped");
    }
    var program = ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
    server =
        new ProcessBuilder(
                List.of(
                    program.getAbsolutePath(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    folder.toString()))
            .redirectErrorStream(true)
            .start();
    return server;
  }

  /** Nobody reads what it says later; it does not mind. */
  private static void awaitReady(Process started) throws IOException {
    try (BufferedReader said = started.inputReader()) {
      String last = "it said nothing";
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.contains("Ready to accept connections")) {
          return;
        }
        last = line.isBlank() ? last : line.strip();
      }
      throw new IOException("it ended at once: " + last);
    }
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** As {@link #close}, where nobody is left to be told. */
  private void end() {
    try {
      close();
    } catch (IOException e) {
      System.getLogger(DemoRedis.class.getName())
          .log(System.Logger.Level.DEBUG, "Cannot remove " + folder, e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (server != null) {
      server.destroyForcibly().onExit().join(); // whatever interrupts: the folder is its own
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
