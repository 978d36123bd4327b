package dev.tarn.redis.scan;

/**
 * Whole numbers from 0 between two ends, which belong to it. None where {@code first} is more than
 * {@code last}; both ends are always numbers that Redis takes as they are.
 */
record Span(long first, long last) {

  static final Span ALL = new Span(0, Long.MAX_VALUE);
  private static final Span NONE = new Span(1, 0);

  /** Those that are in an interval, or next to it. */
  static Span of(Interval interval) {
    if (interval.isEmpty() || interval.high() < 0) {
      return NONE;
    }
    return new Span(
        Math.max(0, (long) Math.floor(interval.low())), (long) Math.ceil(interval.high()));
  }

  boolean isAll() {
    return equals(ALL);
  }

  boolean isEmpty() {
    return first > last;
  }

  /** The last of so many from a number on that it has. */
  long end(long from, long count) {
    return from > last - count + 1 ? last : from + count - 1;
  }
}
