package dev.tarn.redis.write;

import org.jspecify.annotations.Nullable;

/** The id of a stream's entry: two numbers of 64 bits without sign. */
record EntryId(long millis, long sequence) implements Comparable<EntryId> {

  static final EntryId ZERO = new EntryId(0, 0);

  /** Null when the text is none; without a second number that is 0. */
  static @Nullable EntryId parse(String text) {
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
