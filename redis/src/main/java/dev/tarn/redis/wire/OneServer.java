package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;

/** A server that has all keys. */
public final class OneServer implements Servers {

  private final String name;
  private final Address address;
  private final Connector connector;
  private final Backoff backoff;
  private volatile Node node;

  OneServer(RedisUrl url) {
    this.name = url.toString();
    this.address = url.addresses().getFirst();
    this.connector = new Connector(url.options(), url.secure());
    this.backoff = new Backoff(url.options().retryFor());
    this.node = new Node("", address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Assignment assignment() {
    Backoff.Attempts attempts = backoff.start();
    while (true) {
      try (Link link = connector.open(address)) {
        node = new Node(Identity.run(link), address);
        return Assignment.of(node);
      } catch (LostConnection e) {
        if (!attempts.again()) {
          throw outOfReach(name, e);
        }
      }
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
    Link link = connector.open(wanted.address());
    try {
      if (wanted.isRecognizable()) {
        Identity.requireRun(Identity.run(link), wanted);
      }
      return link;
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  @Override
  public boolean isCluster() {
    return false;
  }

  @Override
  public Backoff backoff() {
    return backoff;
  }

  @Override
  public void close() {}
}
