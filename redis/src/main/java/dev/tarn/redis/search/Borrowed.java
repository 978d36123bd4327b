package dev.tarn.redis.search;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Servers;

/** A connection to the one server that has all keys, which is given back when it is closed. */
record Borrowed(Servers servers, Node node, Link link) implements AutoCloseable {

  static Borrowed from(Servers servers) {
    Node node = servers.assignment().primaries().getFirst();
    return new Borrowed(servers, node, servers.connect(node));
  }

  @Override
  public void close() {
    servers.giveBack(node, link);
  }
}
