package dev.tarn.lake;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import dev.tarn.lake.iceberg.DataFileBuilder;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.lake.iceberg.Partitions;
import dev.tarn.plan.Plan;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;

/** Writes rows that have a dataset's columns into files that nothing names yet. */
final class DataWriter {

  /** 256 MiB: large enough to scan at full speed, small enough to rewrite. */
  static final long DEFAULT_FILE_BYTES = 256L << 20;

  private final Engine engine;
  private final Table table;
  private final Schema schema;
  private final PartitionSpec spec;
  private List<SortKey> sortedBy;
  private long fileBytes;
  private OptionalLong rowGroupRows = OptionalLong.empty();

  /** For the columns, partitions, order and codec that a table has now. */
  DataWriter(Engine engine, Table table) {
    this.engine = engine;
    this.table = table;
    this.schema = table.schema();
    this.spec = table.spec();
    this.sortedBy = sortKeys(table.sortOrder());
    this.fileBytes =
        PropertyUtil.propertyAsLong(
            table.properties(), TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, DEFAULT_FILE_BYTES);
  }

  DataWriter sortedBy(List<SortKey> keys) {
    sortedBy = List.copyOf(keys);
    return this;
  }

  /** A frame that is sorted last is written in its order, where the table has none of its own. */
  DataWriter inOrderOf(Frame frame) {
    if (sortedBy.isEmpty()
        && frame.plan() instanceof Plan.Sort sort
        && sort.keys().stream().allMatch(this::isOfTable)) {
      sortedBy = sort.keys();
    }
    return this;
  }

  private boolean isOfTable(SortKey key) {
    return key.expr() instanceof Expr.Column column
        && schema.caseInsensitiveFindField(column.name()) != null;
  }

  /** About how large a file gets. */
  long fileBytes() {
    return fileBytes;
  }

  DataWriter fileBytes(long bytes) {
    fileBytes = bytes;
    return this;
  }

  /** Files are closed between row groups: small ones for small files, or large rows. */
  DataWriter rowGroupRows(OptionalLong rows) {
    rowGroupRows = rows;
    return this;
  }

  /** Files that were written; whoever does not commit them removes them. */
  record Written(List<WrittenFile> files, List<DataFile> dataFiles) {
    Written {
      files = List.copyOf(files);
      dataFiles = List.copyOf(dataFiles);
    }

    static final Written NOTHING = new Written(List.of(), List.of());

    long rows() {
      return files.stream().mapToLong(WrittenFile::rows).sum();
    }

    long bytes() {
      return files.stream().mapToLong(WrittenFile::bytes).sum();
    }

    Written and(Written other) {
      var allFiles = new ArrayList<>(files);
      allFiles.addAll(other.files);
      var allDataFiles = new ArrayList<>(dataFiles);
      allDataFiles.addAll(other.dataFiles);
      return new Written(allFiles, allDataFiles);
    }

    /** Removes the files; what cannot be removed is left to vacuum. */
    void remove() {
      for (WrittenFile file : files) {
        try {
          Files.deleteIfExists(Path.of(file.path()));
        } catch (IOException leftToVacuum) {
          System.getLogger(DataWriter.class.getName())
              .log(System.Logger.Level.WARNING, "Cannot remove " + file.path(), leftToVacuum);
        }
      }
    }
  }

  Written write(Plan plan) {
    List<Expr> partitions = Partitions.expressions(spec);
    var sink =
        new DataFileSink(
            LocalFileIO.path(table.location()) + "/data",
            IcebergTypes.columns(schema),
            partitions,
            sortedBy,
            codec(),
            level(),
            fileBytes,
            rowGroupRows);
    List<WrittenFile> files = engine.writeDataFiles(plan, sink, RunOptions.DEFAULT);
    SortOrder order = table.sortOrder();
    boolean inOrder = sortedBy.equals(sortKeys(order)); // else the files must not claim it
    var dataFiles = new ArrayList<DataFile>();
    for (WrittenFile file : files) {
      dataFiles.add(DataFileBuilder.dataFile(file, spec, schema, inOrder ? order : null));
    }
    return new Written(files, dataFiles);
  }

  private Codec codec() {
    String name =
        table
            .properties()
            .getOrDefault(TableProperties.PARQUET_COMPRESSION, "zstd")
            .toUpperCase(Locale.ROOT);
    return switch (name) {
      case "LZ4" -> Codec.LZ4_RAW;
      default -> Codec.valueOf(name);
    };
  }

  private OptionalInt level() {
    String level = table.properties().get(TableProperties.PARQUET_COMPRESSION_LEVEL);
    return level == null || codec() != Codec.ZSTD
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(level));
  }

  /** The keys of a table's order that are plain columns, up to the first that is not. */
  static List<SortKey> sortKeys(SortOrder order) {
    var keys = new ArrayList<SortKey>();
    for (SortField field : order.fields()) {
      String name = order.schema().findColumnName(field.sourceId());
      if (!field.transform().isIdentity() || name == null || name.contains(".")) {
        break;
      }
      keys.add(
          new SortKey(
              new Expr.Column(name),
              field.direction() == org.apache.iceberg.SortDirection.ASC
                  ? SortKey.Direction.ASC
                  : SortKey.Direction.DESC,
              field.nullOrder() == org.apache.iceberg.NullOrder.NULLS_FIRST
                  ? SortKey.Nulls.FIRST
                  : SortKey.Nulls.LAST));
    }
    return keys;
  }
}
