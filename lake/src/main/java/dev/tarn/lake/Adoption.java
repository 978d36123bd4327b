package dev.tarn.lake;

import static dev.tarn.Columns.col;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSource;
import dev.tarn.io.ReadOptions;
import dev.tarn.lake.iceberg.FileMetrics;
import dev.tarn.lake.iceberg.IcebergErrors;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.Partitions;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.jspecify.annotations.Nullable;

/**
 * A folder of Parquet files that becomes a dataset as it stands: nothing is copied or written
 * there. Columns are found by the names that they have in the files, and those in paths are
 * partitions.
 */
final class Adoption {

  /** In a table's properties: where its first files lie. */
  private static final String FOLDER = "tarn.adopted-from";

  private final Engine engine;
  private final String doing;
  private final Path root;
  private final List<Path> paths;
  private final HiveKeys keys = new HiveKeys();
  private final List<ParquetFooter> footers;
  private final Schema schema;

  Adoption(Engine engine, String folder, String name) {
    this.engine = engine;
    this.doing = "adopt [%s] as [%s]".formatted(folder, name);
    this.root = realFolder(folder);
    this.paths = files();
    if (paths.isEmpty()) {
      throw new InvalidRequest(
          "Cannot %s: the folder has no Parquet file. Files are found by .parquet, in folders below too, hidden ones left out."
              .formatted(doing));
    }
    paths.forEach(path -> keys.add(path, root.relativize(path)));
    this.footers = engine.footers(paths.stream().map(Path::toString).toList());
    this.schema = unified();
    requireWholeMicroseconds();
  }

  // ---- what is there

  private Path realFolder(String folder) {
    Path path = Path.of(folder);
    if (!Files.isDirectory(path)) {
      throw new InvalidRequest(
          "Cannot %s: there is no such folder. Check the path.".formatted(doing));
    }
    try {
      Path real = path.toRealPath();
      for (Path parent = real; parent != null; parent = parent.getParent()) {
        requireNoTable(parent);
      }
      return real;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private void requireNoTable(Path folder) throws IOException {
    if (Vacuum.isTable(folder)) {
      throw new InvalidRequest(
          "Cannot %s: %s is the folder of a table, whose files may go when it is maintained. Read the table instead."
              .formatted(doing, folder));
    }
  }

  private Unavailable unreachable(IOException e) {
    return new Unavailable("Cannot %s: %s.".formatted(doing, IcebergErrors.reason(e)), e);
  }

  private List<Path> files() {
    var found = new TreeSet<Path>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
              if (!folder.equals(root) && isHidden(folder)) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              requireNoTable(folder);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!isHidden(file) && isParquet(file) && Files.isRegularFile(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw unreachable(e);
    }
    return List.copyOf(found);
  }

  /** A folder such as {@code _year=2024} is no hidden one. */
  private static boolean isHidden(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || (name.startsWith("_") && name.indexOf('=') < 0);
  }

  private static boolean isParquet(Path file) {
    return FileFormat.ofPath(file.toString()).filter(FileFormat.PARQUET::equals).isPresent()
        && file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".parquet");
  }

  private Schema unified() {
    var columns = new UnifiedColumns(doing);
    for (ParquetFooter footer : footers) {
      columns.add(
          UnifiedColumns.hasIds(footer)
              ? new ParquetFooter(
                  footer.path(),
                  footer.rows(),
                  footer.bytes(),
                  UnifiedColumns.inOrderOfIds(footer.columns()),
                  footer.stats())
              : footer);
    }
    for (String key : keys.names()) {
      if (!columns.has(key)) {
        columns.add(key, keys.type(key));
      }
    }
    return columns.schema();
  }

  // ---- what would be lost

  /** Tables keep microseconds: what a file has beyond would be cut off without a word. */
  private void requireWholeMicroseconds() {
    var columns = new HashMap<String, List<String>>();
    for (ParquetFooter footer : footers) {
      for (FileColumn column : footer.columns()) {
        if (column.type() == DataType.Simple.TIMESTAMP_NS) {
          columns.computeIfAbsent(column.name(), k -> new ArrayList<>()).add(footer.path());
        }
      }
    }
    columns.forEach(this::requireWholeMicroseconds);
  }

  private void requireWholeMicroseconds(String column, List<String> files) {
    ReadOptions options = ReadOptions.DEFAULT.hivePartitions(ReadOptions.HivePartitions.NO);
    for (String file : files) {
      var source =
          new FileSource(
              file, engine.open(new FileScan(FileFormat.PARQUET, List.of(file), options)));
      boolean lossy =
          !Frame.of(new Plan.Scan(source), engine)
              .filter(new Expr.Call("epoch_ns", List.of(col(column))).modulo(1000).ne(0))
              .select(col(column))
              .limit(1)
              .collect()
              .isEmpty();
      if (lossy) {
        throw new BadData(
            "Cannot %s: column %s of %s has nanoseconds, and datasets keep microseconds. Write its rows into a dataset with truncateNanos()."
                .formatted(doing, column, file));
      }
    }
  }

  // ---- the table

  org.apache.iceberg.Schema columns() {
    return IcebergTypes.schema(schema);
  }

  PartitionSpec spec(org.apache.iceberg.Schema columns) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(columns);
    keys.names().forEach(key -> spec.identity(Lake.exactName(columns, "partition by", key)));
    return spec.build();
  }

  void commit(Transaction transaction) {
    Table table = transaction.table();
    NameMapping mapping = mapping(table.schema());
    transaction
        .updateProperties()
        .set(TableProperties.DEFAULT_NAME_MAPPING, NameMappingParser.toJson(mapping))
        .set(FOLDER, root.toString())
        .commit();
    AppendFiles append = transaction.newAppend();
    for (int i = 0; i < paths.size(); i++) {
      if (footers.get(i).rows() > 0) {
        append.appendFile(dataFile(table, paths.get(i), footers.get(i), mapping));
      }
    }
    append.commit();
    transaction.commitTransaction();
  }

  /** With every spelling of a column's name that a file has. */
  private NameMapping mapping(org.apache.iceberg.Schema table) {
    var spellings = new HashMap<Integer, TreeSet<String>>();
    for (ParquetFooter footer : footers) {
      for (FileColumn column : footer.columns()) {
        int id = table.caseInsensitiveFindField(column.name()).fieldId();
        spellings.computeIfAbsent(id, k -> new TreeSet<>()).add(column.name());
      }
    }
    var fields = new ArrayList<MappedField>();
    for (MappedField field : MappingUtil.create(table).asMappedFields().fields()) {
      var names = new TreeSet<>(field.names());
      names.addAll(spellings.getOrDefault(field.id(), new TreeSet<>()));
      fields.add(MappedField.of(field.id(), names, field.nestedMapping()));
    }
    return NameMapping.of(MappedFields.of(fields));
  }

  private DataFile dataFile(Table table, Path path, ParquetFooter footer, NameMapping mapping) {
    if (UnifiedColumns.hasIds(footer)) {
      UnifiedColumns.requireIds(doing, footer, table.schema());
    }
    Map<Integer, ColumnStats> stats = FileMetrics.byId(footer, table.schema(), mapping);
    Metrics metrics = FileMetrics.of(footer.rows(), stats, table.schema());
    DataFiles.Builder builder =
        DataFiles.builder(table.spec())
            .withPath(path.toString())
            .withFormat(org.apache.iceberg.FileFormat.PARQUET)
            .withFileSizeInBytes(footer.bytes())
            .withMetrics(metrics);
    if (table.spec().isPartitioned()) {
      builder.withPartition(Partitions.data(table.spec(), partition(path, footer)));
    }
    return builder.build();
  }

  private List<@Nullable Object> partition(Path path, ParquetFooter footer) {
    List<Field> fields = keys.names().stream().map(key -> schema.field(key).orElseThrow()).toList();
    List<@Nullable Object> values;
    try {
      values = keys.values(path, fields.stream().map(Field::type).toList());
    } catch (IllegalArgumentException e) {
      throw new BadData(
          "Cannot %s: a value in the path %s has not the type of the column of that name in the files. Rename the folder."
              .formatted(doing, path),
          e);
    }
    for (int i = 0; i < fields.size(); i++) {
      requireSame(footer, fields.get(i), values.get(i));
    }
    return values;
  }

  /** Where the file has the column as well, what it says counts, and it must say the same. */
  private void requireSame(ParquetFooter footer, Field key, @Nullable Object value) {
    FileColumn own =
        footer.columns().stream()
            .filter(column -> column.name().equalsIgnoreCase(key.name()))
            .findFirst()
            .orElse(null);
    if (own == null) {
      return;
    }
    ColumnStats stats = footer.stats().get(List.of(own.name()));
    boolean isSame =
        stats != null
            && (value == null
                ? stats.nulls().orElse(-1) == footer.rows()
                : stats.nulls().orElse(-1) == 0
                    && Objects.equals(text(value), text(stats.min()))
                    && Objects.equals(text(value), text(stats.max())));
    if (!isSame) {
      throw new BadData(
          "Cannot %s: column %s is in the path of %s and in the file, whose statistics do not say that they agree. Rewrite the file without the column."
              .formatted(doing, key.name(), footer.path()));
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
