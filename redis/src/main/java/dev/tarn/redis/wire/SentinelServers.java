package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A primary that has all keys, and that Sentinels replace when it fails. */
public final class SentinelServers implements Servers {

  private static final byte[] WHO = "get-master-addr-by-name".getBytes(UTF_8);

  private final String name;
  private final String primary;
  private final List<Address> sentinels;
  private final Connector toSentinels;
  private final Connector connector;
  private final int protocol;
  private final Backoff backoff;
  private volatile @Nullable Node node;
  private volatile int answering;

  SentinelServers(RedisUrl url) {
    this.name = url.toString();
    this.primary = url.primary();
    this.sentinels = url.addresses();
    this.toSentinels = Connector.toSentinels(url);
    this.connector = Connector.toServers(url);
    this.protocol = url.options().protocol();
    this.backoff = new Backoff(url.options().retryFor());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Assignment assignment() {
    Node found = backoff.persist(this::find, e -> OneServer.outOfReach(name, e));
    node = found;
    return Assignment.of(found);
  }

  /** They may name a server that is not the primary yet, or no longer. */
  private Node find() {
    Address address = named();
    try (Link link = connector.open(address)) {
      Identity.requirePrimary(link, protocol);
      return new Node(Identity.run(link), address);
    }
  }

  private Address named() {
    @Nullable LostConnection lost = null;
    boolean answered = false;
    int first = answering;
    for (int i = 0; i < sentinels.size(); i++) {
      int asked = (first + i) % sentinels.size();
      Address sentinel = sentinels.get(asked);
      try (Link link = toSentinels.open(sentinel)) {
        @Nullable Object reply = link.call(Command.SENTINEL, WHO, primary.getBytes(UTF_8));
        if (reply instanceof ServerError error) {
          throw refused(error, sentinel);
        }
        if (reply instanceof List<?> list && list.size() == 2) {
          answering = asked;
          return Address.tcp(
              Replies.text(list.get(0)), Integer.parseInt(Replies.text(list.get(1))));
        }
        answered = true;
      } catch (LostConnection e) {
        lost = e;
      }
    }
    if (answered || lost == null) {
      throw new Unavailable(
          "Cannot reach Redis: no Sentinel knows a primary '%s'. SENTINEL MASTERS lists those that there are. [%s]"
              .formatted(primary, name));
    }
    throw new LostConnection("no Sentinel answers; " + lost.getMessage(), lost);
  }

  private RuntimeException refused(ServerError error, Address sentinel) {
    if (error.is("NOPERM")) {
      return new Unavailable(
          "Cannot ask the Sentinel at %s for the primary: the user may not. Grant +sentinel|get-master-addr-by-name. [%s]"
              .formatted(sentinel, name));
    }
    if (error.message().startsWith("ERR unknown command")) {
      return new Unavailable(
          "Cannot ask the Sentinel at %s for the primary: it is none. Write redis:// instead of redis-sentinel://, or the port of a Sentinel. [%s]"
              .formatted(sentinel, name));
    }
    return new LostConnection("%s: %s".formatted(Peer.SENTINEL.at(sentinel), error.brief()), null);
  }

  @Override
  public Node holding(byte[] key) {
    Node last = node;
    return last == null ? assignment().primaries().getFirst() : last;
  }

  @Override
  public Node named(ServerError error, Address asked) {
    return holding(new byte[0]);
  }

  @Override
  public Link connect(Node wanted) {
    return connector.open(
        wanted.address(),
        link -> {
          Identity.requirePrimary(link, protocol);
          Identity.requireRun(Identity.run(link), wanted);
        });
  }

  /** A primary that was replaced would go on to answer. */
  @Override
  public void giveBack(Node owner, Link link) {
    link.close();
  }

  @Override
  public boolean isCluster() {
    return false;
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
  public void close() {}
}
