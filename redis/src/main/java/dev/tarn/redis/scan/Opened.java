package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Servers;
import java.util.Set;

/**
 * A connection of a run, which closes what is still open in the end.
 *
 * @param all those that are open
 */
record Opened(Servers servers, Node node, Link link, Set<Link> all) implements AutoCloseable {
  @Override
  public void close() {
    if (all.remove(link)) {
      servers.giveBack(node, link);
    } else {
      link.close();
    }
  }
}
