package dev.tarn.redis.wire;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import java.time.Duration;

/** A server that has all keys. */
public final class OneServer implements Servers {

  private final String name;
  private final Address address;
  private final Connector connector;
  private final Backoff backoff;
  private final KeptLinks kept;
  private volatile Node node;

  OneServer(RedisUrl url) {
    this.name = url.toString();
    this.address = url.addresses().getFirst();
    this.connector = Connector.toServers(url);
    this.kept = new KeptLinks(connector);
    this.backoff = new Backoff(url.options().retryFor());
    this.node = new Node("", address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Assignment assignment() {
    node = backoff.persist(this::find, e -> outOfReach(name, e));
    return Assignment.of(node);
  }

  private Node find() {
    Node known = node;
    if (kept.has(known)) {
      return known; // the connection is to this run of the server, which may take no more of them
    }
    try (Link link = connector.open(address)) {
      Identity.Said said = Identity.said(link);
      if (said.isOfCluster()) {
        throw new InvalidRequest(
            "Cannot use Redis at %s alone: it is one of a cluster, and has only some of the keys. Write redis-cluster:// instead of redis://."
                .formatted(address));
      }
      return new Node(said.run(), address);
    }
  }

  static Unavailable outOfReach(String name, LostConnection e) {
    return new Unavailable(
        "Cannot reach Redis: %s. Check that it runs and that the URL is right. [%s]"
            .formatted(e.getMessage(), name),
        e);
  }

  @Override
  public Node holding(byte[] key) {
    return node;
  }

  @Override
  public Node named(ServerError error, Address asked) {
    return node;
  }

  @Override
  public Link connect(Node wanted) {
    return kept.connect(
        wanted,
        link -> {
          if (wanted.isRecognizable()) {
            Identity.requireRun(Identity.run(link), wanted);
          }
        });
  }

  @Override
  public void giveBack(Node owner, Link link) {
    kept.keep(owner, link);
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
  public void close() {
    kept.close();
  }
}
