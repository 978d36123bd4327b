package dev.tarn.lake.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The files of a manifest, decoded, and packed statistics of their columns. Immutable.
 *
 * @param bounds by the ids of columns
 * @param columns ids of the columns whose statistics were kept; null for all
 */
record ManifestContent(
    PackedFiles files, Map<Integer, ColumnBounds> bounds, @Nullable Set<Integer> columns) {

  /** What is read of an entry: not what nobody asks for, which takes as long. */
  private static final List<String> FILE =
      List.of(
          "content",
          "file_path",
          "file_format",
          "partition",
          "record_count",
          "file_size_in_bytes",
          "key_metadata",
          "split_offsets",
          "sort_order_id",
          "first_row_id");

  private static final List<String> FILE_AND_STATISTICS =
      Stream.concat(
              FILE.stream(),
              Stream.of(
                  "value_counts",
                  "null_value_counts",
                  "nan_value_counts",
                  "lower_bounds",
                  "upper_bounds"))
          .toList();

  /**
   * Reads a manifest.
   *
   * @param columns whose statistics to keep; null for all
   */
  static ManifestContent read(ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    ManifestContent decoded = ManifestDecoder.read(manifest, table, columns);
    return decoded == null ? byIceberg(manifest, table, columns) : decoded;
  }

  /** The same by Iceberg's reader, which knows all manifests and takes ten times as long. */
  static ManifestContent byIceberg(
      ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    var files = new PackedFiles.Builder(manifest);
    var bounds = new BoundsBuilder(table, columns);
    try (ManifestReader<DataFile> entries =
        ManifestFiles.read(manifest, table.io(), table.specs())) {
      entries.select(bounds.wantsNone() ? FILE : FILE_AND_STATISTICS);
      for (DataFile entry : entries) {
        bounds.add(files.size(), entry);
        files.add(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ManifestContent(files.build(), bounds.build(files.size()), columns);
  }

  /** One of the files, without its statistics. */
  DataFile file(int file) {
    return new PackedFile(files, file);
  }

  /** All of the files, without their statistics. */
  List<DataFile> all() {
    return new AbstractList<>() {
      @Override
      public DataFile get(int file) {
        return file(file);
      }

      @Override
      public int size() {
        return files.size();
      }
    };
  }

  boolean covers(Set<Integer> wanted) {
    return columns == null || columns.containsAll(wanted);
  }

  long weight() {
    long weight = files.weight();
    for (ColumnBounds column : bounds.values()) {
      weight += column.weight();
    }
    return weight;
  }
}
