package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;
import static dev.tarn.lake.Options.day;
import static dev.tarn.lake.Options.partitionedBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.LakeCatalog;
import dev.tarn.lake.Option;
import dev.tarn.lake.iceberg.Catalogs;
import dev.tarn.lake.iceberg.LocalFileIO;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * Lakes that are measured and then thrown away. Datasets of very many files have one file that is
 * there; of the others there are only the entries, as Iceberg's API makes them, with true bounds of
 * rows that nobody will read.
 */
final class Lakes {

  /** Rows of a file, one a second: a hundred files to a day. */
  private static final int ROWS = 864;

  private static final int FILES_A_DAY = 86_400 / ROWS;
  private static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);

  private Lakes() {}

  /** A lake's folder in that of the fixtures, empty. */
  static Path empty(Fixtures fixtures, String name) throws IOException {
    Path folder = fixtures.folder().resolve(name);
    remove(folder);
    return Files.createDirectories(folder);
  }

  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** The file of a dataset whose rows are there: one from the middle. */
  static int middle(int files) {
    return files / 2;
  }

  /** An id that only the middle file has. */
  static long wantedId(int files) {
    return (long) middle(files) * ROWS + 17;
  }

  /** The rows of one file. */
  static Frame rows(Tarn tarn, int file) {
    return tarn.sql(
        """
        SELECT i AS id, 'region-' || (i * 7919 % 50) AS region,
               (i * 2654435761 % 1000003) / 100.0::DOUBLE AS amount,
               TIMESTAMP '2024-01-01' + to_seconds(i) AS sold
        FROM range(?, ?) AS t(i)\
        """,
        (long) file * ROWS, (file + 1L) * ROWS);
  }

  /**
   * A dataset of so many files, by one commit for the file that is there and one for the others.
   */
  static Dataset many(Tarn tarn, Path lake, String name, int files, boolean byDay)
      throws IOException {
    Option.OfTable[] layout =
        byDay ? new Option.OfTable[] {partitionedBy(day("sold"))} : new Option.OfTable[0];
    tarn.create(name, rows(tarn, middle(files)), layout);
    withTable(
        lake,
        name,
        table -> {
          AppendFiles append = table.newAppend();
          for (int i = 0; i < files; i++) {
            if (i != middle(files)) {
              append.appendFile(entry(table, i));
            }
          }
          append.commit();
        });
    return tarn.dataset(name);
  }

  /** A dataset of so many files, each by a commit of its own. */
  static Dataset oneByOne(Tarn tarn, Path lake, String name, int files) throws IOException {
    tarn.create(name, rows(tarn, 0));
    withTable(
        lake,
        name,
        table -> {
          for (int i = 1; i < files; i++) {
            table.newAppend().appendFile(entry(table, i)).commit();
          }
        });
    return tarn.dataset(name);
  }

  private interface Work {
    void on(Table table);
  }

  private static void withTable(Path lake, String name, Work work) throws IOException {
    Catalog catalog = Catalogs.open(LakeCatalog.of(lake));
    try (var _ = (java.io.Closeable) catalog) {
      work.on(catalog.loadTable(TableIdentifier.of("default", name)));
    }
  }

  /** The paths of a dataset's files. */
  static List<String> paths(Path lake, String name) throws IOException {
    var paths = new ArrayList<String>();
    withTable(
        lake,
        name,
        table -> {
          try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> paths.add(LocalFileIO.path(task.file().location())));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return paths;
  }

  private static DataFile entry(Table table, int file) {
    DataFiles.Builder builder =
        DataFiles.builder(table.spec())
            .withPath(table.location() + "/data/entry-%06d.parquet".formatted(file))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(20_000)
            .withMetrics(metrics(file));
    if (table.spec().isPartitioned()) {
      var day = new PartitionData(table.spec().partitionType());
      day.set(0, Math.toIntExact(FIRST_DAY.toEpochDay()) + file / FILES_A_DAY);
      builder.withPartition(day);
    }
    return builder.build();
  }

  private static Metrics metrics(int file) {
    long first = (long) file * ROWS;
    long last = first + ROWS - 1;
    Map<Integer, Long> counts =
        Map.of(1, (long) ROWS, 2, (long) ROWS, 3, (long) ROWS, 4, (long) ROWS);
    Map<Integer, Long> none = Map.of(1, 0L, 2, 0L, 3, 0L, 4, 0L);
    return new Metrics(
        (long) ROWS,
        counts,
        counts,
        none,
        Map.of(3, 0L),
        bounds(first, "region-0", 0.0),
        bounds(last, "region-9", 10_000.02));
  }

  private static Map<Integer, ByteBuffer> bounds(long id, String region, double amount) {
    long micros = (FIRST_DAY.toEpochDay() * 86_400 + id) * 1_000_000;
    return Map.of(
        1, Conversions.toByteBuffer(Types.LongType.get(), id),
        2, Conversions.toByteBuffer(Types.StringType.get(), region),
        3, Conversions.toByteBuffer(Types.DoubleType.get(), amount),
        4, Conversions.toByteBuffer(Types.TimestampType.withoutZone(), micros));
  }

  /** What finds one row of the middle file. */
  static Frame pointQuery(Dataset dataset, int files) {
    long id = wantedId(files);
    var sold = FIRST_DAY.atStartOfDay().plusSeconds(id);
    return dataset.partitioning().isEmpty()
        ? dataset.frame().filter(col("id").eq(id))
        : dataset.frame().filter(col("sold").eq(sold));
  }
}
