package dev.tarn.io;

/** A format of data files. */
public enum FileFormat {
  PARQUET,
  /** Comma-separated text; {@code .gz} and {@code .zst} are unpacked by their names. */
  CSV,
  /** An array of objects, or objects one after another. */
  JSON,
  /** One JSON object a line. */
  NDJSON,
  /** Arrow IPC files (also named Feather 2). */
  ARROW
}
