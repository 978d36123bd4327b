package dev.tarn.redis.wire;

import java.time.Duration;

/**
 * The servers behind a URL. Safe for use by several threads; whoever opened it closes it.
 *
 * <p>A server that does not answer is tried again, with growing pauses, for as long as the options
 * say.
 */
public sealed interface Servers extends AutoCloseable
    permits OneServer, SentinelServers, ClusterServers {

  /**
   * Looks at the certificates that a URL names, and connects to nobody yet.
   *
   * @throws dev.tarn.error.InvalidRequest when they are none
   * @throws dev.tarn.error.Unavailable when they cannot be read
   */
  static Servers open(RedisUrl url) {
    return switch (url.kind()) {
      case ONE -> new OneServer(url);
      case SENTINEL -> new SentinelServers(url);
      case CLUSTER -> new ClusterServers(url);
    };
  }

  /** What they are called in messages, without secrets. */
  String name();

  /**
   * Asks who holds keys now.
   *
   * @throws dev.tarn.error.Unavailable when nobody answers in time
   */
  Assignment assignment();

  /** Who held the key when it was asked last. */
  Node holding(byte[] key);

  /**
   * Whom a server names instead of itself.
   *
   * @param error MOVED or ASK
   * @param asked who gave it
   */
  Node named(ServerError error, Address asked);

  /**
   * Opens a connection to a server; whoever opened it closes it. Tried once.
   *
   * @throws LostConnection when it cannot be reached, or another has taken its place
   * @throws dev.tarn.error.Unavailable when it refuses, which a new attempt would not change
   */
  Link connect(Node node);

  /**
   * Takes a connection back that is no longer used, and keeps it for the next who {@link #connect}s
   * where all that was asked over it was answered; else it is closed.
   */
  void giveBack(Node node, Link link);

  /** Where several servers have the keys: a hash slot to a server. */
  boolean isCluster();

  /** How long the next bytes of an answer may take. */
  Duration readTimeout();

  /** How long a server that does not answer is tried again. */
  Backoff backoff();

  @Override
  void close();
}
