package dev.tarn.lake;

import dev.tarn.Frame;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.TableScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lake of its own for each test of maintenance. */
abstract class Upkeep {

  static DuckDbEngine engine;

  @TempDir Path folder;
  Lake lake;

  @BeforeAll
  static void openEngine() {
    engine = DuckDbEngine.open(DuckDbOptions.DEFAULT);
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  @BeforeEach
  void openLake() {
    lake = Lake.open(LakeCatalog.of(folder.resolve("lake")), engine);
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  static Frame sql(String text) {
    return Frame.of(engine.sql(text, Parameters.NONE, name -> Optional.empty()), engine);
  }

  /** Runs a statement for its effect, such as COPY: by a query that has none. */
  static void writeParquet(Path file, String query) throws IOException {
    Files.createDirectories(file.getParent());
    sql(query).write(dev.tarn.Sinks.parquet(file.toString()));
  }

  static RowChecksum checksum(Dataset dataset) {
    return RowChecksum.of(dataset.frame(), dataset.table().schema());
  }

  static List<DataFile> files(Dataset dataset) {
    var head = dataset.head();
    return head == null ? List.of() : List.copyOf(new RowChanges(dataset).files(head).values());
  }

  /** How many files a query opens. */
  static int opened(Dataset dataset, String predicate) {
    var head = dataset.head();
    var filters = new Pushed(dataset).filters(Options.where(predicate));
    TableScan scan =
        dataset
            .source(head)
            .plan(
                new dev.tarn.spi.ScanRequest(
                    dataset.schema().names(), filters, java.util.OptionalLong.empty()));
    return scan.files();
  }

  /** Everything in a folder, with sizes. */
  static List<String> tree(Path root) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        if (!path.getFileName().toString().startsWith("catalog.db")) {
          found.add(path + " " + (Files.isRegularFile(path) ? Files.size(path) : "folder"));
        }
      }
    }
    return List.copyOf(found);
  }

  static Path location(Dataset dataset) {
    return Path.of(dataset.table().location());
  }

  /** Makes all files in a folder look older. */
  static void age(Path root, Duration by) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        Instant modified = Files.getLastModifiedTime(path).toInstant();
        Files.setLastModifiedTime(path, FileTime.from(modified.minus(by)));
      }
    }
  }
}
