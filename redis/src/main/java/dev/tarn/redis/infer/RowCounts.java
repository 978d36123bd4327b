package dev.tarn.redis.infer;

import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Replies;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
      case List<?> info -> Replies.entry(info, "totalSamples") instanceof Long count ? count : 0;
      case null, default -> 0;
    };
  }
}
