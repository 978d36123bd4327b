package dev.tarn.io;

/** Compression of Parquet pages. */
public enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  /** Levels 1 to 9. */
  GZIP,
  /** Levels 1 to 22; 3 is a good default. */
  ZSTD,
  /** Levels 0 to 11. About a hundred times slower to write than the others. */
  BROTLI,
  LZ4_RAW
}
