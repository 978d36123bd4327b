package dev.tarn.redis.wire;

/** Whom a connection is to, in messages. */
enum Peer {
  SERVER("Redis", "redis", "redis://user:password@host"),

  /** One that knows the primary; it has users and passwords of its own. */
  SENTINEL("the Sentinel", "redis-sentinel", "?sentinel_user=…&sentinel_password=…");

  private final String text;
  private final String scheme;
  private final String login;

  Peer(String text, String scheme, String login) {
    this.text = text;
    this.scheme = scheme;
    this.login = login;
  }

  String at(Address address) {
    return "%s at %s".formatted(text, address);
  }

  /** How a URL says user and password for it. */
  String login() {
    return login;
  }

  /** What to write in a URL to speak to it without TLS. */
  String plainly() {
    return "Write %s:// instead of %s://.".formatted(scheme, scheme.replace("redis", "rediss"));
  }

  /** What to write in a URL to speak to it over TLS. */
  String securely() {
    return "Write %s:// instead of %s://.".formatted(scheme.replace("redis", "rediss"), scheme);
  }
}
