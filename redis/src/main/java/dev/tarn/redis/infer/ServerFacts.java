package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.Servers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What servers say of themselves.
 *
 * @param version of the first of them
 * @param servers that hold keys
 * @param keys of all together
 * @param roundTrip in nanoseconds, the median
 * @param indexes of the search module; empty where it is not there
 */
public record ServerFacts(
    String version, int servers, long keys, long roundTrip, OptionalInt indexes) {

  private static final Command PING = Command.of("PING");
  private static final Command DBSIZE = Command.of("DBSIZE");
  private static final Command MODULE = Command.of("MODULE");
  private static final Command FT_LIST = Command.of("FT._LIST");
  private static final int PINGS = 15;

  /** Asks them. */
  public static ServerFacts of(Servers servers) {
    return Retries.on(servers, nodes -> of(servers, nodes));
  }

  private static ServerFacts of(Servers servers, List<Node> nodes) {
    long keys = 0;
    for (Node node : nodes) {
      try (Link link = servers.connect(node)) {
        keys += link.call(DBSIZE) instanceof Long n ? n : 0L;
      }
    }
    try (Link link = servers.connect(nodes.getFirst())) {
      return new ServerFacts(version(link), nodes.size(), keys, roundTrip(link), indexes(link));
    }
  }

  private static String version(Link link) {
    String info = Replies.text(link.call(Command.INFO, "server".getBytes(UTF_8)));
    for (String name : List.of("valkey_version:", "redis_version:")) {
      int at = info.indexOf(name);
      if (at >= 0) {
        String version = info.substring(at + name.length()).lines().findFirst().orElse("");
        return (name.startsWith("valkey") ? "Valkey " : "Redis ") + version.strip();
      }
    }
    return "Redis";
  }

  private static long roundTrip(Link link) {
    long[] times = new long[PINGS];
    for (int i = 0; i < PINGS; i++) {
      long start = System.nanoTime();
      link.call(PING);
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[PINGS / 2];
  }

  /** An old module does not list its indexes; then there may be some. */
  private static OptionalInt indexes(Link link) {
    Object listed = link.call(FT_LIST);
    if (listed instanceof java.util.Collection<?> names) {
      return OptionalInt.of(names.size());
    }
    boolean search =
        text(link.call(MODULE, "LIST".getBytes(UTF_8))).matches("(?s).*\\b(search|ft)\\b.*");
    return search ? OptionalInt.of(0) : OptionalInt.empty();
  }

  private static String text(@org.jspecify.annotations.Nullable Object reply) {
    if (reply instanceof byte[] bytes) {
      return new String(bytes, UTF_8).toLowerCase(Locale.ROOT);
    } else if (reply instanceof List<?> list) {
      return String.join(" ", list.stream().map(ServerFacts::text).toList());
    } else if (reply instanceof redis.clients.jedis.util.KeyValue<?, ?> pair) {
      return text(pair.getKey()) + " " + text(pair.getValue());
    }
    return "";
  }
}
