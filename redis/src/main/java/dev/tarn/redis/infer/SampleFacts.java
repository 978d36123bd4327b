package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.Servers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What some keys of the whole keyspace say of those that match.
 *
 * @param looked keys that were looked at
 * @param matching of them that match and are of the type
 * @param expiring of a thousand of these, how many expire
 * @param bytes that one of these takes in the server, on average; empty where it does not say
 * @param rowsPerKey that one of these is, on average
 */
record SampleFacts(
    long looked, long matching, long expiring, OptionalLong bytes, double rowsPerKey) {

  private static final Command MEMORY = Command.of("MEMORY");
  private static final int ASKED = 200;

  /**
   * Looks at keys.
   *
   * @param all of the keyspace, whatever they are called
   * @param some that match and are of the type
   */
  static SampleFacts of(
      Servers servers, KeySample all, KeySample some, KeyPattern pattern, KeyType type) {
    try (var reader = new SampleReader(servers)) {
      long matching = 0;
      for (List<byte[]> part : SampleReader.parts(all)) {
        List<byte[]> named = part.stream().filter(pattern::matches).toList();
        matching +=
            reader.ask(named, key -> new Request(Command.TYPE, key)).stream()
                .filter(t -> t instanceof byte[] b && new String(b, UTF_8).equals(type.server()))
                .count();
      }
      var tally = new Tally();
      for (List<byte[]> keys : some.byNode().values()) {
        tally.add(reader, keys.stream().limit(ASKED).toList(), type);
      }
      return new SampleFacts(all.size(), matching, tally.expiring(), tally.bytes(), tally.rows());
    }
  }

  /**
   * How many keys match and are of the type, about.
   *
   * @param some of them
   * @param keys that there are in all
   */
  long documents(KeySample some, long keys) {
    return some.whole() ? some.size() : looked == 0 ? 0 : keys * matching / looked;
  }

  /** Of the keys that were asked: how many, how many expire, how large they are. */
  private static final class Tally {
    private long asked;
    private long expiring;
    private long bytes;
    private long sized;
    private long rows;

    void add(SampleReader reader, List<byte[]> keys, KeyType type) {
      for (Object reply : reader.ask(keys, key -> new Request(Command.PTTL, key))) {
        asked++;
        expiring += reply instanceof Long left && left >= 0 ? 1 : 0;
      }
      byte[] usage = "USAGE".getBytes(UTF_8);
      for (Object reply : reader.ask(keys, key -> new Request(MEMORY, usage, key))) {
        if (reply instanceof Long size) {
          bytes += size;
          sized++;
        }
      }
      Optional<Command> counts = RowCounts.command(type);
      rows +=
          counts.isEmpty()
              ? keys.size()
              : reader.ask(keys, key -> new Request(counts.get(), key)).stream()
                  .mapToLong(RowCounts::of)
                  .sum();
    }

    /** In a thousand. */
    long expiring() {
      return asked == 0 ? 0 : 1000 * expiring / asked;
    }

    /** Of a key, on average. */
    double rows() {
      return asked == 0 ? 0 : (double) rows / asked;
    }

    OptionalLong bytes() {
      return sized == 0 ? OptionalLong.empty() : OptionalLong.of(bytes / sized);
    }
  }
}
