package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** The id of an entry of a stream: two numbers of 64 bits without sign. */
record EntryId(long millis, long sequence) {

  static EntryId parse(byte[] id) {
    String text = new String(id, US_ASCII);
    int dash = text.indexOf('-');
    return new EntryId(
        Long.parseUnsignedLong(text.substring(0, dash)),
        Long.parseUnsignedLong(text.substring(dash + 1)));
  }

  /** The next that there may be; null behind the last. Ranges of Redis 6.0 have no open ends. */
  @Nullable EntryId next() {
    if (sequence != -1) {
      return new EntryId(millis, sequence + 1);
    }
    return millis == -1 ? null : new EntryId(millis + 1, 0);
  }

  byte[] bytes() {
    return Arguments.word(Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence));
  }
}
