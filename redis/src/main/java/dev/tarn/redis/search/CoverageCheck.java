package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.scan.ScanSpec;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Looks whether an index has some of the keys that there are: one that was told to pass over those
 * that were there before it does not say so.
 */
final class CoverageCheck {

  private static final int SAMPLE = 100;
  private static final int CALLS = 20;
  private static final byte[] TYPE = "TYPE".getBytes(UTF_8);

  private final Link link;
  private final RedisIndex index;
  private final ScanSpec spec;

  private CoverageCheck(Link link, RedisIndex index, ScanSpec spec) {
    this.link = link;
    this.index = index;
    this.spec = spec;
  }

  /**
   * Looks, unless an index had the keys not long ago.
   *
   * @throws Doubtful when some are missing
   */
  static void require(Indexes indexes, Supplier<Link> link, RedisIndex index, ScanSpec spec) {
    String pattern = spec.pattern().toString();
    if (!indexes.isCovered(index, pattern)) {
      String missing = new CoverageCheck(link.get(), index, spec).missing();
      if (!missing.isEmpty()) {
        throw new Doubtful("%s does not have %s".formatted(index.name(), missing));
      }
      indexes.covered(index, pattern);
    }
  }

  /**
   * Looks whether the first documents of an index are keys of the pattern, unless it did not long
   * ago: version 1 does not tell which keys it has, and who names it may have named a larger one.
   *
   * @throws Doubtful when some are not
   */
  static void requireNoOthers(
      Indexes indexes, Supplier<Link> link, RedisIndex index, ScanSpec spec) {
    List<String> asked = List.of("exact", index.name(), spec.pattern().toString());
    if (indexes.kept(asked) != null) {
      return;
    }
    long start = System.nanoTime();
    SearchChoice all = SearchChoice.of(index, "*");
    List<byte[]> keys = new KeySearch(all, link.get()).first(SAMPLE).keys();
    if (!keys.stream().allMatch(spec.pattern()::matches)) {
      throw new Doubtful("%s has other keys than %s".formatted(index.name(), spec.pattern()));
    }
    indexes.keep(asked, true, start);
  }

  /** What is missing; empty for nothing. */
  private String missing() {
    List<byte[]> keys = sample();
    long there = keys.isEmpty() ? 0 : indexed(keys);
    if (there >= keys.size()) {
      return "";
    }
    List<byte[]> left = keys.stream().filter(this::isThere).toList(); // some may have gone
    there = left.isEmpty() ? 0 : indexed(left);
    return there >= left.size()
        ? ""
        : "%d of %d keys that were looked at".formatted(left.size() - there, left.size());
  }

  private boolean isThere(byte[] key) {
    Object type = link.call(Command.TYPE, key);
    return Replies.text(type).equals(spec.type().server());
  }

  private long indexed(List<byte[]> keys) {
    var words = new ArrayList<byte[]>();
    for (String word : List.of(index.name(), "*", "INKEYS", Integer.toString(keys.size()))) {
      words.add(word.getBytes(UTF_8));
    }
    words.addAll(keys);
    for (String word : List.of("NOCONTENT", "LIMIT", "0", index.followsKeys() ? "0" : "1")) {
      words.add(word.getBytes(UTF_8));
    }
    return SearchReply.keys(link.call(SearchCommands.FT_SEARCH, words.toArray(byte[][]::new)))
        .total();
  }

  /** From somewhere, where the server takes such a cursor. */
  private List<byte[]> sample() {
    var keys = new LinkedHashMap<ByteBuffer, byte[]>(); // a small database comes round again
    byte[] cursor = Long.toString(ThreadLocalRandom.current().nextInt(1 << 24)).getBytes(UTF_8);
    for (int calls = 0; calls < CALLS && keys.size() < SAMPLE; calls++) {
      List<?> reply =
          Link.list(
              link.call(
                  Command.SCAN,
                  cursor,
                  "MATCH".getBytes(UTF_8),
                  spec.pattern().bytes(),
                  "COUNT".getBytes(UTF_8),
                  "200".getBytes(UTF_8),
                  TYPE,
                  spec.type().server().getBytes(UTF_8)));
      if (reply.size() != 2 || !(reply.getFirst() instanceof byte[] next)) {
        break;
      }
      Link.list(reply.get(1)).forEach(key -> keys.put(ByteBuffer.wrap((byte[]) key), (byte[]) key));
      cursor = next;
    }
    return keys.values().stream().limit(SAMPLE).toList();
  }
}
