package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys at random: {@code SCAN} takes any number for a cursor and goes on from there, so that
 * calls from random ones see the keyspace here and there. Where that finds too few, as the pattern
 * is rare or the server has few keys, it is scanned from the first key on.
 */
final class KeySampler {

  private static final Command DBSIZE = Command.of("DBSIZE");
  private static final int PAGE = 500;
  private static final int RANDOM_CALLS = 40;

  /** Of each page, so that neighbours do not make up all of the sample. */
  private static final int CALLS_FOR_A_SAMPLE = 16;

  private final KeyPattern pattern;
  private final Optional<String> type;
  private final int wanted;
  private final Random random;

  /**
   * A sampler.
   *
   * @param type as the server calls it; empty for all
   */
  KeySampler(KeyPattern pattern, Optional<String> type, int wanted, long seed) {
    this.pattern = pattern;
    this.type = type;
    this.wanted = wanted;
    this.random = new Random(seed);
  }

  KeySample sample(Servers servers) {
    return Retries.on(
        servers, nodes -> pattern.isLiteral() ? ofOne(servers) : ofAll(servers, nodes));
  }

  private KeySample ofOne(Servers servers) {
    byte[] key = pattern.prefix();
    return new KeySample(Map.of(servers.holding(key), List.of(key)), true);
  }

  private KeySample ofAll(Servers servers, List<Node> nodes) {
    int each = Math.max(1, (wanted + nodes.size() - 1) / nodes.size());
    var byNode = new LinkedHashMap<Node, List<byte[]>>();
    boolean whole = true;
    for (Node node : nodes) {
      try (Link link = servers.connect(node)) {
        Found found = ofNode(link, each);
        byNode.put(node, found.keys);
        whole &= found.all;
      }
    }
    return new KeySample(byNode, whole);
  }

  private record Found(List<byte[]> keys, boolean all) {}

  private Found ofNode(Link link, int each) {
    long size = link.call(DBSIZE) instanceof Long n ? n : 0;
    var keys = new LinkedHashSet<String>();
    if (size > 4L * Math.max(each, PAGE)) {
      here(link, each, keys);
    }
    return keys.size() >= each ? new Found(bytes(keys), false) : fromTheFirst(link, each, keys);
  }

  /** Some of the keys of pages here and there. */
  private void here(Link link, int each, Set<String> keys) {
    int share = Math.max(1, (each + CALLS_FOR_A_SAMPLE - 1) / CALLS_FOR_A_SAMPLE);
    for (int i = 0; i < RANDOM_CALLS && keys.size() < each; i++) {
      String cursor = Long.toString(random.nextLong() >>> 16);
      Page page = page(link, cursor.getBytes(UTF_8), true);
      if (page == null) {
        return;
      }
      List<String> found = new ArrayList<>(page.keys);
      Collections.shuffle(found, random);
      found.stream().limit(share).forEach(keys::add);
    }
    trim(keys, each);
  }

  private Found fromTheFirst(Link link, int each, Set<String> keys) {
    byte[] cursor = {'0'};
    do {
      Page page = requireNonNull(page(link, cursor, false));
      keys.addAll(page.keys);
      cursor = page.next;
      if (keys.size() > each) {
        trim(keys, each);
        return new Found(bytes(keys), false);
      }
    } while (cursor.length != 1 || cursor[0] != '0');
    return new Found(bytes(keys), true);
  }

  private static void trim(Set<String> keys, int most) {
    int i = 0;
    for (var it = keys.iterator(); it.hasNext(); i++) {
      it.next();
      if (i >= most) {
        it.remove();
      }
    }
  }

  private static List<byte[]> bytes(Set<String> keys) {
    return keys.stream()
        .map(key -> key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
        .toList();
  }

  /**
   * Keys of a page, each byte a character.
   *
   * @param next the cursor
   */
  private record Page(List<String> keys, byte[] next) {}

  /**
   * Keys from a cursor on.
   *
   * @param made whether the cursor is not one that the server gave; null where it does not take it
   */
  private @Nullable Page page(Link link, byte[] cursor, boolean made) {
    var arguments = new ArrayList<byte[]>();
    Collections.addAll(arguments, cursor, "MATCH".getBytes(UTF_8), pattern.bytes());
    Collections.addAll(arguments, "COUNT".getBytes(UTF_8), Integer.toString(PAGE).getBytes(UTF_8));
    type.ifPresent(
        name -> Collections.addAll(arguments, "TYPE".getBytes(UTF_8), name.getBytes(UTF_8)));
    Object reply = link.call(Command.SCAN, arguments.toArray(byte[][]::new));
    if (reply instanceof ServerError error) {
      if (made) {
        return null;
      }
      throw refused(link, error);
    }
    List<?> parts = Link.list(reply);
    List<String> keys =
        Link.list(parts.get(1)).stream()
            .map(key -> new String((byte[]) key, java.nio.charset.StandardCharsets.ISO_8859_1))
            .toList();
    return new Page(keys, (byte[]) parts.get(0));
  }

  private RuntimeException refused(Link link, ServerError error) {
    return Retries.passing(link, error)
        .<RuntimeException>map(e -> e)
        .orElseGet(() ->
            new Unavailable(
                "Cannot look at [%s]: the server at %s answered: %s. Check that the user may read these keys."
                    .formatted(pattern, link.address(), error.message())));
  }
}
