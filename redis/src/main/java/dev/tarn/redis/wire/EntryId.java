package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** The id of a stream's entry: two numbers of 64 bits without sign. */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

  public static final EntryId ZERO = new EntryId(0, 0);

  /** Null when the text is none; without a second number that is 0. */
  public static @Nullable EntryId parse(String text) {
    int dash = text.indexOf('-');
    try {
      return dash < 0
          ? new EntryId(Long.parseUnsignedLong(text), 0)
          : new EntryId(
              Long.parseUnsignedLong(text, 0, dash, 10),
              Long.parseUnsignedLong(text, dash + 1, text.length(), 10));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Of one that a server gave. */
  public static EntryId of(String text) {
    EntryId id = parse(text);
    if (id == null) {
      throw new LostConnection("'%s' is no id of a stream's entry".formatted(text), null);
    }
    return id;
  }

  /** The next that there may be; null behind the last. Ranges of Redis 6.0 have no open ends. */
  public @Nullable EntryId next() {
    if (sequence != -1) {
      return new EntryId(millis, sequence + 1);
    }
    return millis == -1 ? null : new EntryId(millis + 1, 0);
  }

  /** The one before that there may be; null before the first. */
  public @Nullable EntryId previous() {
    if (sequence != 0) {
      return new EntryId(millis, sequence - 1);
    }
    return millis == 0 ? null : new EntryId(millis - 1, -1);
  }

  public byte[] bytes() {
    return toString().getBytes(US_ASCII);
  }

  @Override
  public int compareTo(EntryId other) {
    int byMillis = Long.compareUnsigned(millis, other.millis);
    return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
