package dev.tarn.redis.wire;

import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param host a name or number; empty for a socket
 * @param port 0 for a socket
 * @param socket path of a Unix domain socket; null for TCP
 */
public record Address(String host, int port, @Nullable String socket) {

  static Address tcp(String host, int port) {
    return new Address(host, port, null);
  }

  static Address socket(String path) {
    return new Address("", 0, path);
  }

  @Override
  public String toString() {
    return socket != null ? socket : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
