package dev.tarn.cli.shell;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import java.util.Locale;

/** Files opened as their names say. */
final class FilesByName {

  private FilesByName() {}

  /** A file, a pattern or a folder; what has no suffix holds Parquet. */
  static Frame open(Tarn tarn, String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    return switch (suffix) {
      case "csv", "tsv", "txt" -> tarn.csv(path);
      case "json" -> tarn.json(path);
      case "ndjson", "jsonl" -> tarn.ndjson(path);
      case "arrow", "feather", "ipc" -> tarn.arrow(path);
      default -> tarn.parquet(path);
    };
  }
}
