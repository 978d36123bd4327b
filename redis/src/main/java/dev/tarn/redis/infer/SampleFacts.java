package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
    long matching = 0;
    for (Map.Entry<Node, List<byte[]>> node : all.byNode().entrySet()) {
      List<byte[]> named = node.getValue().stream().filter(pattern::matches).toList();
      matching +=
          Retries.on(
              servers,
              node.getKey(),
              link -> {
                List<@Nullable Object> types =
                    asked(link, named, (l, key) -> l.send(Command.TYPE, key));
                return types.stream()
                    .filter(
                        t -> t instanceof byte[] b && new String(b, UTF_8).equals(type.server()))
                    .count();
              });
    }
    var tally = new Tally();
    for (Map.Entry<Node, List<byte[]>> node : some.byNode().entrySet()) {
      List<byte[]> part = node.getValue().stream().limit(ASKED).toList();
      Retries.on(servers, node.getKey(), link -> tally.add(link, part, type));
    }
    return new SampleFacts(all.size(), matching, tally.expiring(), tally.bytes(), tally.rows());
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

    Tally add(Link link, List<byte[]> keys, KeyType type) {
      for (Object reply : SampleFacts.asked(link, keys, (l, key) -> l.send(Command.PTTL, key))) {
        asked++;
        expiring += reply instanceof Long left && left >= 0 ? 1 : 0;
      }
      for (Object reply :
          SampleFacts.asked(link, keys, (l, key) -> l.send(MEMORY, "USAGE".getBytes(UTF_8), key))) {
        if (reply instanceof Long size) {
          bytes += size;
          sized++;
        }
      }
      Optional<Command> counts = RowCounts.command(type);
      rows +=
          counts.isEmpty()
              ? keys.size()
              : SampleFacts.asked(link, keys, (l, key) -> l.send(counts.get(), key)).stream()
                  .mapToLong(RowCounts::of)
                  .sum();
      return this;
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

  private interface Ask {
    void of(Link link, byte[] key);
  }

  private static List<@Nullable Object> asked(Link link, List<byte[]> keys, Ask ask) {
    keys.forEach(key -> ask.of(link, key));
    var replies = new ArrayList<@Nullable Object>();
    for (int i = 0; i < keys.size(); i++) {
      replies.add(link.reply());
    }
    return replies;
  }
}
