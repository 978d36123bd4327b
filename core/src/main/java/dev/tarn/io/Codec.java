package dev.tarn.io;

import dev.tarn.error.InvalidRequest;

/** Compression of Parquet pages. */
public enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  /** Levels 1 to 22, of which 3 is a good one. */
  ZSTD,
  /** About a hundred times slower to write than the others. */
  BROTLI,
  LZ4_RAW;

  private static final int MOST = 22;

  void requireLevel(int level) {
    if (this != ZSTD) {
      throw new InvalidRequest(
          "Cannot write %s at level %d: only ZSTD is written with levels. Leave the level out."
              .formatted(this, level));
    }
    if (level < 1 || level > MOST) {
      throw new InvalidRequest(
          "Cannot write ZSTD at level %d: its levels are 1 to %d. Choose one of those."
              .formatted(level, MOST));
    }
  }
}
