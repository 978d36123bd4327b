package dev.tarn.streams;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.EntryRows;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is consumed. Immutable.
 *
 * @param group of the stream, for this dataset alone; made where there is none
 * @param rows entries in a commit at most
 * @param bytes of entries in a commit, about
 * @param every how long entries wait for more before they are committed
 * @param skipped told of malformed entries, which are left out; null where they are an error
 */
public record ConsumeOptions(
    String group,
    int rows,
    long bytes,
    Duration every,
    @Nullable Consumer<EntryRows.Malformed> skipped) {

  /** Group {@code tarn}; a commit of up to 100,000 entries or 32 MiB each 10 s; malformed fail. */
  public static final ConsumeOptions DEFAULT =
      new ConsumeOptions("tarn", 100_000, 32L << 20, Duration.ofSeconds(10), null);

  public ConsumeOptions {
    if (group.isBlank() || rows < 1 || bytes < 1 || every.isNegative()) {
      throw new InvalidRequest(
          "Cannot consume a stream by group '%s' with commits of %d rows, %d bytes, each %s. Name the group, and give more than nothing."
              .formatted(group, rows, bytes, every));
    }
  }

  public ConsumeOptions group(String name) {
    return new ConsumeOptions(name, rows, bytes, every, skipped);
  }

  public ConsumeOptions rows(int most) {
    return new ConsumeOptions(group, most, bytes, every, skipped);
  }

  public ConsumeOptions bytes(long most) {
    return new ConsumeOptions(group, rows, most, every, skipped);
  }

  public ConsumeOptions every(Duration time) {
    return new ConsumeOptions(group, rows, bytes, time, skipped);
  }

  /**
   * Leaves malformed entries out and tells of them, before the commit that goes past them: after a
   * kill they may be told again.
   */
  public ConsumeOptions skipMalformed(Consumer<EntryRows.Malformed> listener) {
    return new ConsumeOptions(group, rows, bytes, every, listener);
  }
}
