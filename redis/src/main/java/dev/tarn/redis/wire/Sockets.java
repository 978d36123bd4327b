package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.RedisOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Makes sockets that stand, before anything is said over them. */
final class Sockets {

  private final Duration connectTimeout;

  Sockets(RedisOptions options) {
    this.connectTimeout = options.connectTimeout();
  }

  /**
   * Connects; the socket has the connect time-out as its read time-out.
   *
   * @throws Unavailable when a new attempt would change nothing
   */
  ChannelSocket connect(Address address) throws IOException {
    ChannelSocket socket = address.socket() != null ? unix(address.socket()) : tcp(address);
    socket.setSoTimeout((int) connectTimeout.toMillis());
    return socket;
  }

  /** Tries all numbers of a name: a server may listen on the newer or the older one alone. */
  private ChannelSocket tcp(Address address) throws IOException {
    IOException refused = new IOException("there is no number for this name");
    for (InetAddress number : HostNames.numbers(address.host(), connectTimeout)) {
      try {
        return tcp(new InetSocketAddress(number, address.port()));
      } catch (SocketException | SocketTimeoutException e) {
        refused = e;
      }
    }
    throw refused;
  }

  private ChannelSocket tcp(InetSocketAddress address) throws IOException {
    ChannelSocket socket = ChannelSocket.over(SocketChannel.open());
    try {
      socket.connect(address, (int) connectTimeout.toMillis());
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private ChannelSocket unix(String path) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(Path.of(path));
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      connect(channel, address);
      return ChannelSocket.over(channel);
    } catch (SocketException e) {
      channel.close();
      throw explained(path, e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The system's own call waits where a server has too much to accept, and has no time-out. */
  private void connect(SocketChannel channel, UnixDomainSocketAddress address) throws IOException {
    Thread clock =
        Thread.startVirtualThread(() -> {
          try {
            Thread.sleep(connectTimeout);
            channel.close();
          } catch (InterruptedException | IOException done) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      channel.connect(address);
    } catch (AsynchronousCloseException e) {
      throw new IOException(
          "no connection in %s s".formatted(connectTimeout.toMillis() / 1000.0), e);
    } finally {
      clock.interrupt();
    }
  }

  private static IOException explained(String path, SocketException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Permission denied")) {
      throw new Unavailable(
          "Cannot connect to Redis at %s: the socket may not be written to. Give this user the right, or Redis another unixsocketperm."
              .formatted(path),
          e);
    }
    if (message.contains("too long")) {
      throw new Unavailable(
          "Cannot connect to Redis at %s: the path is too long for a socket. Use a shorter one, a link say."
              .formatted(path),
          e);
    }
    if (!Files.exists(Path.of(path))) {
      return new IOException("there is no such socket", e);
    }
    return new IOException("nobody listens on this socket", e);
  }
}
