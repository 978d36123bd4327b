package dev.tarn.redis.search;

/**
 * What finding and reading keys costs a server, in microseconds, as measured with a million hashes.
 * Only how they compare matters.
 */
public final class Costs {

  /** For each key there is, whether it is meant or not. */
  private static final double SCANNED = 0.35;

  /** For each key that is read. */
  private static final double READ = 3;

  /** For each key that an index finds. */
  private static final double FOUND = 2;

  private Costs() {}

  /**
   * Whether an index costs less than a scan.
   *
   * @param matched keys that the index finds
   * @param documents that it has
   * @param keys there are
   * @param all whether the scan reads all the documents, and not some of which one cannot know how
   *     many they are
   */
  static boolean favourIndex(long matched, long documents, long keys, boolean all) {
    double read = all ? READ : 0;
    return matched * (FOUND + read) < keys * SCANNED + documents * read;
  }

  /**
   * How many times as fast as a scan of all the documents an index is.
   *
   * @param matched keys that the index finds
   * @param documents that the scan would read
   * @param keys there are
   */
  public static double gain(double matched, long documents, long keys) {
    return (keys * SCANNED + documents * READ) / (Math.max(1, matched) * (FOUND + READ));
  }
}
