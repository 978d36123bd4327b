package dev.tarn.io;

import dev.tarn.error.InvalidRequest;

/** Compression of Parquet pages. */
public enum Codec {
  UNCOMPRESSED(0, -1),
  SNAPPY(0, -1),
  GZIP(1, 9),
  /** 3 is a good level. */
  ZSTD(1, 22),
  /** About a hundred times slower to write than the others. */
  BROTLI(0, 11),
  LZ4_RAW(0, -1);

  private final int least;
  private final int most;

  Codec(int least, int most) {
    this.least = least;
    this.most = most;
  }

  void requireLevel(int level) {
    if (most < 0) {
      throw new InvalidRequest(
          "Cannot write %s at level %d: it has no levels. Leave the level out."
              .formatted(this, level));
    }
    if (level < least || level > most) {
      throw new InvalidRequest(
          "Cannot write %s at level %d: its levels are %d to %d. Choose one of those."
              .formatted(this, level, least, most));
    }
  }
}
