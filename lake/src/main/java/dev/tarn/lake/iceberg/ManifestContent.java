package dev.tarn.lake.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * The files of a manifest, decoded, and packed statistics of their columns. Immutable.
 *
 * @param files without their statistics
 * @param partitions the different partitions of the files; empty without any
 * @param partitionOf the position of each file's partition
 * @param bounds by the ids of columns
 * @param columns ids of the columns whose statistics were kept; null for all
 */
record ManifestContent(
    List<DataFile> files,
    List<StructLike> partitions,
    int[] partitionOf,
    Map<Integer, ColumnBounds> bounds,
    @Nullable Set<Integer> columns) {

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

  /** What a file is without its statistics, about. */
  private static final long FILE_WEIGHT = 700;

  /**
   * Reads a manifest.
   *
   * @param columns whose statistics to keep; null for all
   */
  static ManifestContent read(ManifestFile manifest, Table table, @Nullable Set<Integer> columns) {
    var files = new ArrayList<DataFile>();
    var partitions = new LinkedHashMap<StructLike, Integer>();
    var partitionOf = new ArrayList<Integer>();
    var builders = new HashMap<Integer, ColumnBounds.Builder>();
    try (ManifestReader<DataFile> entries =
        ManifestFiles.read(manifest, table.io(), table.specs())) {
      entries.select(columns != null && columns.isEmpty() ? FILE : FILE_AND_STATISTICS);
      for (DataFile entry : entries) {
        for (int id : columnsOf(entry, columns)) {
          builders
              .computeIfAbsent(id, key -> new ColumnBounds.Builder(key, isUuid(table, key)))
              .add(files.size(), entry);
        }
        partitionOf.add(partitions.computeIfAbsent(entry.partition(), p -> partitions.size()));
        files.add(entry.copyWithoutStats());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var bounds = new HashMap<Integer, ColumnBounds>();
    builders.forEach((id, builder) -> bounds.put(id, builder.build(files.size())));
    return new ManifestContent(
        files,
        List.copyOf(partitions.keySet()),
        partitionOf.stream().mapToInt(i -> i).toArray(),
        bounds,
        columns);
  }

  private static Set<Integer> columnsOf(DataFile entry, @Nullable Set<Integer> wanted) {
    if (wanted != null) {
      return wanted;
    }
    var ids = new HashSet<Integer>();
    addKeys(ids, entry.valueCounts());
    addKeys(ids, entry.nullValueCounts());
    addKeys(ids, entry.lowerBounds());
    addKeys(ids, entry.upperBounds());
    return ids;
  }

  private static void addKeys(Set<Integer> ids, @Nullable Map<Integer, ?> map) {
    if (map != null) {
      ids.addAll(map.keySet());
    }
  }

  /** Writers do not agree on the order of UUIDs. */
  private static boolean isUuid(Table table, int id) {
    Type type = table.schema().findType(id);
    return type != null && type.typeId() == Type.TypeID.UUID;
  }

  boolean covers(Set<Integer> wanted) {
    return columns == null || columns.containsAll(wanted);
  }

  long weight() {
    long weight = 256 + FILE_WEIGHT * files.size();
    for (ColumnBounds column : bounds.values()) {
      weight += column.weight();
    }
    return weight;
  }
}
