package dev.tarn.testkit.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The plainest client: one connection, one reply after another, no retries. What tests hold the
 * project's reading against. Not for several threads.
 *
 * <p>Replies are {@code byte[]} (bulk strings), {@code String} (simple strings such as OK), {@code
 * Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code List} (also of sets), {@code
 * Map} in the order sent, or null. A map's keys are as read: {@code byte[]} are to be iterated, not
 * looked up; {@link #text} makes them strings.
 */
public final class RedisClient implements AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private final AutoCloseable socket;
  private final InputStream in;
  private final OutputStream out;

  private RedisClient(AutoCloseable socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = new BufferedInputStream(in, BUFFER);
    this.out = new BufferedOutputStream(out, BUFFER);
  }

  /** Connects to a port of the loopback interface. */
  public static RedisClient tcp(int port) throws IOException {
    Socket socket = connect("127.0.0.1", port);
    return new RedisClient(socket, socket.getInputStream(), socket.getOutputStream());
  }

  /** Connects by TLS and verifies that the certificate is of this host. */
  public static RedisClient tls(String host, int port, SSLContext context) throws IOException {
    Socket plain = connect(host, port);
    try {
      var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new RedisClient(socket, socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Connects to a socket in the file system. */
  public static RedisClient unix(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return new RedisClient(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Socket connect(String host, int port) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), (int) CONNECT_LIMIT.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Logs in; returns this. */
  public RedisClient login(String user, String password) {
    command("AUTH", user, password);
    return this;
  }

  /** Speaks RESP3 from now on; returns this. */
  public RedisClient resp3() {
    command("HELLO", 3);
    return this;
  }

  /**
   * Sends one command, of {@code byte[]} and of anything else as its text, and returns the reply.
   *
   * @throws RedisError if the server answers one
   * @throws UncheckedIOException if the connection breaks
   */
  public @Nullable Object command(Object... command) {
    try {
      Resp.write(out, command);
      out.flush();
      return unlessError(reply());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #command}, with all bytes of the reply as UTF-8 text. */
  public @Nullable Object text(Object... command) {
    return Resp.text(command(command));
  }

  /** As {@link #text}, of a command that answers a list; empty if it is null. */
  public List<String> texts(Object... command) {
    return strings(text(command));
  }

  /** As {@link #text}, of a command that answers a map, in RESP2 a list of keys and values. */
  public Map<String, String> textMap(Object... command) {
    var map = new java.util.LinkedHashMap<String, String>();
    Object reply = text(command);
    if (reply instanceof Map<?, ?> pairs) {
      pairs.forEach((key, value) -> map.put(String.valueOf(key), String.valueOf(value)));
      return map;
    }
    List<String> flat = strings(reply);
    for (int i = 0; i < flat.size(); i += 2) {
      map.put(flat.get(i), flat.get(i + 1));
    }
    return map;
  }

  static List<String> strings(@Nullable Object reply) {
    return reply instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  /** Sends all commands at once and returns their replies; errors are among them. */
  public List<@Nullable Object> pipeline(List<Object[]> commands) {
    CompletableFuture<Void> writing = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> writeAll(commands, writing)); // else both sides could fill up
    var replies = new ArrayList<@Nullable Object>(commands.size());
    try {
      for (int i = 0; i < commands.size(); i++) {
        replies.add(reply());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writing.join();
    return replies;
  }

  private void writeAll(List<Object[]> commands, CompletableFuture<Void> done) {
    try {
      for (Object[] command : commands) {
        Resp.write(out, command);
      }
      out.flush();
      done.complete(null);
    } catch (IOException e) {
      done.completeExceptionally(e);
    }
  }

  /** Sends a command and waits for no reply: of MONITOR, SUBSCRIBE, or one that shall be cut. */
  public void send(Object... command) {
    try {
      Resp.write(out, command);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next reply; an error is thrown. Pushed messages are left out. */
  public @Nullable Object receive() {
    try {
      return unlessError(reply());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Object reply() throws IOException {
    Object reply = Resp.read(in);
    while (reply instanceof Resp.Push) {
      reply = Resp.read(in);
    }
    return reply;
  }

  private static @Nullable Object unlessError(@Nullable Object reply) {
    if (reply instanceof RedisError error) {
      throw error;
    }
    return reply;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close a connection", e);
    }
  }
}
