package dev.tarn.redis.scan;

/**
 * How many elements of a key to ask for at a time, by the bytes that elements had so far. Used by
 * one thread at a time.
 */
final class PageSize {

  /** Of a page. */
  private static final int TARGET_BYTES = 256 << 10;

  /** What an element costs besides its bytes. */
  private static final int OVERHEAD = 16;

  private static final int FIRST = 128;
  private static final int MOST = 2000;

  private double bytes = -1;

  /** For a key of which nothing is known. */
  int first() {
    return bytes < 0 ? FIRST : fitting(bytes);
  }

  /** For the next page of a key, after one of so many elements and bytes. */
  int next(int elements, long read) {
    double now = (double) read / Math.max(1, elements);
    bytes = Math.max(now, 0.9 * bytes + 0.1 * now);
    return fitting(now);
  }

  private static int fitting(double bytes) {
    return (int) Math.clamp(TARGET_BYTES / (bytes + OVERHEAD), 1, MOST);
  }
}
