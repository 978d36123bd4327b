package dev.tarn.io;

import java.util.Locale;
import java.util.Optional;

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
  ARROW;

  /** The format that a path's suffix names, {@code .gz} and {@code .zst} looked past. */
  public static Optional<FileFormat> ofPath(String path) {
    String plain = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    String suffix = plain.substring(plain.lastIndexOf('.') + 1);
    return Optional.ofNullable(
        switch (suffix) {
          case "parquet" -> PARQUET;
          case "csv", "tsv" -> CSV;
          case "json" -> JSON;
          case "ndjson", "jsonl" -> NDJSON;
          case "arrow", "feather", "ipc" -> ARROW;
          default -> null;
        });
  }
}
