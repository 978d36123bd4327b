package dev.tarn.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of the demo's own, which comes along in a jar: on a free port of the loopback
 * interface, in a temporary folder, without persistence. It ends with the demo, and with the JVM at
 * the latest.
 */
final class DemoRedis implements AutoCloseable {

  private final RedisServer server;
  private final Path folder;
  private final int port;

  private DemoRedis(RedisServer server, Path folder, int port) {
    this.server = server;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @throws IOException when there is none for this platform, or it does not start
   */
  static DemoRedis start() throws IOException {
    Path folder = Files.createTempDirectory("tarn-demo-redis-");
    try {
      int port = freePort();
      RedisServer server =
          RedisServer.newRedisServer()
              .executableProvider(ExecutableProvider.newJarResourceProvider(folder.toFile()))
              .port(port)
              .bind("127.0.0.1")
              .setting("save \"\"")
              .setting("appendonly no")
              .setting("dir " + folder)
              .onShutdownForceStop(true)
              .soutListener(line -> {})
              .serrListener(line -> {})
              .build();
      server.start();
      return new DemoRedis(server, folder, port);
    } catch (IOException e) {
      delete(folder);
      throw e;
    } catch (RuntimeException e) { // where the platform is not known
      delete(folder);
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
