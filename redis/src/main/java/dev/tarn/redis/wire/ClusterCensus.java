package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks every primary of a cluster what it says of itself: no other knows for sure which slots are
 * on their way to it, and in which run it is. Keeps its connections. Asked by one thread at a time.
 */
final class ClusterCensus implements AutoCloseable {

  private static final byte[] NODES = "NODES".getBytes(UTF_8);
  private static final byte[] SLOTS = "SLOTS".getBytes(UTF_8);

  private final Connector connector;
  private final Duration patience;
  private final String name;
  private final Map<Address, Link> links = new ConcurrentHashMap<>();
  private final Map<String, String> runs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  ClusterCensus(Connector connector, Duration patience, String name) {
    this.connector = connector;
    this.patience = patience;
    this.name = name;
  }

  /**
   * Begins with what one node knows.
   *
   * @throws LostConnection when it does not answer, or does not know all of the cluster
   */
  Assignment askedOf(Address first) {
    ClusterView view = ask(first);
    var views = new ArrayList<ClusterView>(List.of(view));
    var claims = new LinkedHashMap<String, Member>();
    var silent = new ArrayList<Member>();
    view.self().ifPresent(self -> note(self, view, self.address(), claims));
    for (Member member : view.otherPrimaries()) {
      try {
        ClusterView own = ask(member.address());
        views.add(own);
        own.self().ifPresent(self -> note(self, own, member.address(), claims));
      } catch (LostConnection e) {
        silent.add(member);
      }
    }
    silent.removeIf(member -> views.stream().anyMatch(other -> other.rulesOut(member)));
    silent.forEach(member -> claims.putIfAbsent(member.id(), member));
    return ClusterView.assignment(claims.values(), runs);
  }

  private void note(Member self, ClusterView own, Address address, Map<String, Member> claims) {
    runs.put(self.id(), own.run());
    if (self.isPrimary()) {
      claims.put(
          self.id(),
          new Member(
              self.id(),
              address,
              self.flags(),
              self.epoch(),
              self.slots(),
              self.importing(),
              self.exporting()));
    }
  }

  /** Over the connection that there is, which may have been lost long ago, or else a new one. */
  private ClusterView ask(Address address) {
    Link kept = links.get(address);
    if (kept != null) {
      try {
        return view(kept);
      } catch (LostConnection e) {
        drop(address, kept);
      }
    }
    Link link = connector.open(address);
    link.readTimeout(patience);
    links.put(address, link);
    if (closed) {
      drop(address, link);
    }
    try {
      return view(link);
    } catch (LostConnection e) {
      drop(address, link);
      throw e;
    } catch (Unavailable e) {
      drop(address, link);
      throw new Unavailable("%s [%s]".formatted(e.getMessage(), name), e);
    }
  }

  private void drop(Address address, Link link) {
    links.remove(address, link);
    link.close();
  }

  /** In one round trip. */
  static ClusterView view(Link link) {
    link.send(Command.CLUSTER, NODES);
    link.send(Command.CLUSTER, SLOTS);
    Identity.askRun(link);
    @Nullable Object nodes = link.reply();
    @Nullable Object slots = link.reply();
    String run = Identity.run(link.reply());
    if (nodes instanceof ServerError error) {
      throw refused(error, link.address());
    }
    return ClusterView.of(Replies.text(nodes), slots, run, link.address());
  }

  private static RuntimeException refused(ServerError error, Address address) {
    if (error.isPassing()) {
      return new LostConnection("Redis at %s: %s".formatted(address, error.brief()), null);
    }
    if (error.is("NOPERM")) {
      return new Unavailable(
          "Cannot ask the cluster at %s for its nodes: the user may not. Grant +cluster|nodes, +cluster|slots and +cluster|myid, or +cluster before Redis 7."
              .formatted(address));
    }
    return new Unavailable(
        "Cannot ask the cluster at %s for its nodes: it is none (%s). Write redis:// instead of redis-cluster://."
            .formatted(address, error.brief()));
  }

  @Override
  public void close() {
    closed = true;
    links.values().forEach(Link::close);
    links.clear();
  }
}
