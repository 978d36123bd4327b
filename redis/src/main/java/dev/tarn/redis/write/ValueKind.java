package dev.tarn.redis.write;

/** What keys hold that are written. */
public enum ValueKind {
  HASH("hashes"),
  JSON("json"),
  STRING("strings"),
  SET("sets"),
  LIST("lists"),
  SORTED_SET("sorted sets"),
  STREAM("streams");

  private final String plural;

  ValueKind(String plural) {
    this.plural = plural;
  }

  String plural() {
    return plural;
  }

  /** Whether all of a key is in one row. */
  boolean isOneRow() {
    return this == HASH || this == JSON || this == STRING;
  }
}
