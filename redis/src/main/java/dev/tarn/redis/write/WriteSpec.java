package dev.tarn.redis.write;

import dev.tarn.redis.IfExists;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is written how.
 *
 * @param key columns of which the key is made
 * @param separator between their values
 * @param ttlColumn seconds of each key
 * @param value the column with string, member or element; empty for the only one left
 * @param order the column with score or position, or with the id of an entry
 * @param connections to each server
 * @param memory bytes that may be under way
 */
public record WriteSpec(
    ValueKind kind,
    String prefix,
    List<String> key,
    String separator,
    Optional<Duration> ttl,
    Optional<String> ttlColumn,
    IfExists ifExists,
    Optional<String> value,
    Optional<String> order,
    OptionalInt connections,
    long memory) {

  public WriteSpec {
    key = List.copyOf(key);
  }

  /** For messages. */
  public String name() {
    return "redis %s %s".formatted(kind.plural(), prefix);
  }
}
