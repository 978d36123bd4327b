package dev.tarn.redis.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections that nobody uses for the moment: a query for one key takes less time than to connect.
 * Safe for use by several threads.
 */
final class KeptLinks implements AutoCloseable {

  private static final int MOST_OF_A_NODE = 4;

  /** One that was idle for longer may have been cut by whatever is in between. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Connector connector;
  private final Map<Node, Deque<Idle>> links = new HashMap<>();
  private boolean closed;

  private record Idle(Link link, long since) {
    boolean isStale() {
      return System.nanoTime() - since > LONGEST.toNanos();
    }
  }

  KeptLinks(Connector connector) {
    this.connector = connector;
  }

  /** The one that was used last; or else a new one, which has to pass a check. */
  Link connect(Node node, Consumer<Link> check) {
    Link idle = take(node);
    return idle == null ? connector.open(node.address(), check) : idle;
  }

  private synchronized @Nullable Link take(Node node) {
    removeStale(node);
    Deque<Idle> idle = links.get(node);
    return idle == null || idle.isEmpty() ? null : idle.pop().link();
  }

  synchronized boolean has(Node node) {
    removeStale(node);
    return !links.getOrDefault(node, new ArrayDeque<>()).isEmpty();
  }

  /** Takes a connection back, or closes it. */
  void keep(Node node, Link link) {
    if (link.isBroken()) {
      drop(node); // the others may be as well
    }
    if (!link.isIdle() || !added(node, link)) {
      link.close();
    }
  }

  private synchronized boolean added(Node node, Link link) {
    removeStale(node);
    Deque<Idle> idle = links.computeIfAbsent(node, n -> new ArrayDeque<>());
    if (closed || idle.size() >= MOST_OF_A_NODE) {
      return false;
    }
    idle.push(new Idle(link, System.nanoTime()));
    return true;
  }

  private void removeStale(Node node) {
    Deque<Idle> idle = links.get(node);
    while (idle != null && !idle.isEmpty() && idle.getLast().isStale()) {
      idle.removeLast().link().close();
    }
  }

  /** Closes those of a server, which has broken one. */
  private synchronized void drop(Node node) {
    Deque<Idle> idle = links.remove(node);
    if (idle != null) {
      idle.forEach(known -> known.link().close());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    links.values().forEach(idle -> idle.forEach(known -> known.link().close()));
    links.clear();
  }
}
