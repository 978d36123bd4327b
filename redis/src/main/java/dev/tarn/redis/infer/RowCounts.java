package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** How many rows a key is: members, elements, entries or samples. */
final class RowCounts {

  private RowCounts() {}

  /** What asks a server for it; empty where a key is one row. */
  static Optional<Command> command(KeyType type) {
    return switch (type) {
      case HASH, STRING, JSON -> Optional.empty();
      case SET -> Optional.of(Command.SCARD);
      case LIST -> Optional.of(Command.LLEN);
      case SORTED_SET -> Optional.of(Command.ZCARD);
      case STREAM -> Optional.of(Command.XLEN);
      case TIME_SERIES -> Optional.of(Command.TS_INFO);
    };
  }

  /** What it answers; 0 where the key is gone, or of another type by now. */
  static long of(@Nullable Object reply) {
    return switch (reply) {
      case Long count -> count;
      case List<?> info -> samples(info);
      case null, default -> 0;
    };
  }

  /** Names and values in turn, or in pairs. */
  private static long samples(List<?> info) {
    var flat = new ArrayList<@Nullable Object>();
    for (Object part : info) {
      if (part instanceof KeyValue<?, ?> pair) {
        flat.add(pair.getKey());
        flat.add(pair.getValue());
      } else {
        flat.add(part);
      }
    }
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      if (flat.get(i) instanceof byte[] name
          && new String(name, UTF_8).equals("totalSamples")
          && flat.get(i + 1) instanceof Long count) {
        return count;
      }
    }
    return 0;
  }
}
