package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The nodes of a cluster, each with the keys of some slots. */
public final class ClusterServers implements Servers {

  private static final byte[] MYID = "MYID".getBytes(UTF_8);

  private final String name;
  private final List<Address> seeds;
  private final Connector connector;
  private final Backoff backoff;
  private final KeptLinks kept;
  private final ClusterCensus census;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Assignment last;

  ClusterServers(RedisUrl url) {
    this.name = url.toString();
    this.seeds = url.addresses();
    this.connector = Connector.toServers(url);
    this.kept = new KeptLinks(connector);
    this.backoff = new Backoff(url.options().retryFor());
    this.census = new ClusterCensus(connector, url.options().connectTimeout(), name);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Assignment assignment() {
    Assignment found = backoff.persist(this::ask, e -> OneServer.outOfReach(name, e));
    last = found;
    return found;
  }

  /** From whoever knows enough; those that were primaries last know best. */
  private Assignment ask() {
    awaitTurn();
    try {
      @Nullable LostConnection lost = null;
      for (Address address : known()) {
        try {
          return census.askedOf(address);
        } catch (LostConnection e) {
          lost = lost == null ? e : lost;
        }
      }
      throw lost == null ? new LostConnection("nobody to ask", null) : lost;
    } finally {
      asking.unlock();
    }
  }

  private void awaitTurn() {
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException e) {
      throw Backoff.interrupted("wait for", e);
    }
  }

  private Set<Address> known() {
    var known = new LinkedHashSet<Address>();
    Assignment found = last;
    if (found != null) {
      found.primaries().forEach(node -> known.add(node.address()));
    }
    known.addAll(seeds);
    return known;
  }

  private Assignment last() {
    Assignment found = last;
    return found == null ? assignment() : found;
  }

  @Override
  public Node holding(byte[] key) {
    Assignment.Owner owner = last().owners().get(Slots.of(key));
    if (owner == null) {
      throw new IllegalStateException("an assignment without a slot");
    }
    return owner.node();
  }

  @Override
  public Node named(ServerError error, Address asked) {
    String[] words = error.message().split(" ", -1);
    String text = words.length > 2 ? words[2] : "";
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
      throw new LostConnection("Redis at %s: %s".formatted(asked, error.brief()), null);
    }
    String host = text.substring(0, colon);
    int port = Integer.parseInt(text.substring(colon + 1));
    Address address = Address.tcp(host.isEmpty() || host.equals("?") ? asked.host() : host, port);
    return last().primaries().stream()
        .filter(node -> node.address().equals(address))
        .findFirst()
        .orElseGet(() -> new Node("", address));
  }

  @Override
  public Link connect(Node wanted) {
    return kept.connect(
        wanted,
        link -> {
          if (!wanted.id().isEmpty()) {
            requireIdentity(link, wanted);
          }
        });
  }

  private static void requireIdentity(Link link, Node wanted) {
    link.send(Command.CLUSTER, MYID);
    Identity.askRun(link);
    @Nullable Object reply = link.reply();
    String run = Identity.run(link.reply());
    String member =
        reply instanceof ServerError
            ? ClusterCensus.view(link).self().map(Member::id).orElse("")
            : Replies.text(reply);
    if (!member.equals(wanted.member())) {
      throw new LostConnection("Redis at %s: another has taken its place".formatted(wanted), null);
    }
    Identity.requireRun(run, wanted);
  }

  @Override
  public void giveBack(Node owner, Link link) {
    kept.keep(owner, link);
  }

  @Override
  public boolean isCluster() {
    return true;
  }

  @Override
  public Duration readTimeout() {
    return connector.readTimeout();
  }

  @Override
  public Backoff backoff() {
    return backoff;
  }

  @Override
  public void close() {
    kept.close();
    census.close();
  }
}
