package dev.tarn.cli;

import dev.tarn.Sinks;
import dev.tarn.io.FileSink;
import java.util.List;
import java.util.Locale;

/** Files to write, by their names. */
final class OutputFiles {

  private OutputFiles() {}

  /** A file in the format that its suffix says. */
  static FileSink of(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    if (path.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
      return Sinks.parquet(path);
    } else if (endsWithAny(name, List.of(".csv", ".tsv"))) {
      return Sinks.csv(path);
    } else if (endsWithAny(name, List.of(".ndjson", ".jsonl"))) {
      return Sinks.ndjson(path);
    } else if (name.endsWith(".json")) {
      return Sinks.json(path);
    }
    throw new WrongCommandLine(
        "Cannot write [%s]: its suffix names no format. Use .parquet, .csv, .tsv, .json or .ndjson, or print with --format and redirect."
            .formatted(path));
  }

  private static boolean endsWithAny(String name, List<String> suffixes) {
    return suffixes.stream().anyMatch(name::endsWith);
  }
}
