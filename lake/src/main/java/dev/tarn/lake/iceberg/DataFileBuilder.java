package dev.tarn.lake.iceberg;

import dev.tarn.spi.WrittenFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.jspecify.annotations.Nullable;

/** Makes the entries of data files from what the engine says of them. */
public final class DataFileBuilder {

  private DataFileBuilder() {}

  /**
   * The entry of a file that was written for a spec.
   *
   * @param order how its rows are sorted; null for not at all
   */
  public static DataFile dataFile(
      WrittenFile file, PartitionSpec spec, Schema schema, @Nullable SortOrder order) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(file.path())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.bytes())
            .withMetrics(FileMetrics.of(file.rows(), file.columns(), schema));
    if (spec.isPartitioned() || !spec.fields().isEmpty()) {
      builder.withPartition(Partitions.data(spec, file.partition()));
    }
    if (order != null) {
      builder.withSortOrder(order);
    }
    return builder.build();
  }
}
