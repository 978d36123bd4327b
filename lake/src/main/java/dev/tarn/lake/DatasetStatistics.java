package dev.tarn.lake;

import dev.tarn.type.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What there is to know of a dataset at a glance.
 *
 * @param rows of the current version; rows that a delete file takes away among them
 * @param files data files of the current version
 * @param bytes their size
 * @param smallFiles how many of them are small enough to be worth putting together
 * @param deleteFiles how many files with deleted rows others have added to it
 * @param partitions how many partitions have rows
 * @param snapshots how many versions there are
 * @param oldest when the oldest of them was made
 * @param newest when the newest was made
 * @param columns of now
 * @param partitioning how new files are partitioned
 * @param sortedBy how rows of new files are sorted
 * @param metadataBytes size of all metadata that is in its folder
 * @param advice what maintenance it would profit from, each by the name of what does it
 */
public record DatasetStatistics(
    String name,
    long rows,
    long files,
    long bytes,
    long smallFiles,
    long deleteFiles,
    long partitions,
    int snapshots,
    Optional<Instant> oldest,
    Optional<Instant> newest,
    Schema columns,
    List<String> partitioning,
    List<String> sortedBy,
    long metadataBytes,
    List<String> advice) {

  public DatasetStatistics {
    partitioning = List.copyOf(partitioning);
    sortedBy = List.copyOf(sortedBy);
    advice = List.copyOf(advice);
  }

  /** Average size of a data file; 0 where there is none. */
  public long averageFileBytes() {
    return files == 0 ? 0 : bytes / files;
  }

  /** For people to read, one thing a line. */
  public String text() {
    var text = new StringBuilder();
    line(text, "dataset", name);
    line(text, "rows", "%,d".formatted(rows));
    line(
        text,
        "files",
        "%,d, %s, %s on average, %,d small"
            .formatted(files, size(bytes), size(averageFileBytes()), smallFiles));
    if (deleteFiles > 0) {
      line(text, "delete files", "%,d".formatted(deleteFiles));
    }
    line(
        text,
        "partitions",
        partitioning.isEmpty()
            ? "none"
            : "%,d by %s".formatted(partitions, String.join(", ", partitioning)));
    line(text, "sorted by", sortedBy.isEmpty() ? "nothing" : String.join(", ", sortedBy));
    line(text, "versions", versions());
    line(text, "metadata", size(metadataBytes));
    columns.fields().forEach(field -> line(text, "column", field.name() + " " + field.type()));
    advice.forEach(advised -> line(text, "advice", advised));
    return text.toString();
  }

  private String versions() {
    return newest.isEmpty()
        ? "none"
        : "%,d, from %s to %s".formatted(snapshots, oldest.orElseThrow(), newest.orElseThrow());
  }

  private static void line(StringBuilder text, String what, String value) {
    text.append("%-14s%s%n".formatted(what, value));
  }

  /** A number of bytes in the unit that suits it. */
  static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    double value = bytes;
    String unit = "bytes";
    for (String next : List.of("KB", "MB", "GB", "TB")) {
      if (value < 1024) {
        break;
      }
      value /= 1024;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, unit);
  }

  @Override
  public String toString() {
    return text();
  }
}
