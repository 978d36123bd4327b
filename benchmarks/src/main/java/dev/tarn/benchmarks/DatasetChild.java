package dev.tarn.benchmarks;

import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.lake.Options.sortedBy;

import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.LakeCatalog;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Work on a dataset in a process of its own. Prints milliseconds without the start of the JVM and
 * of the engine, and peak memory.
 */
final class DatasetChild {

  private static final long ENGINE_BYTES = 1_000_000_000;

  private DatasetChild() {}

  private enum Task {
    /** A point query: lake, dataset, number of files. Prints how long it took to open it, too. */
    POINT,
    /** The same on the one file that has the row. */
    PLAIN_POINT,
    /** A sorted compaction of all files: lake, dataset, folder to spill to. */
    COMPACT
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    Path place = Path.of(args[1]);
    double millis =
        switch (Task.valueOf(args[0])) {
          case POINT -> point(place, args[2], Integer.parseInt(args[3]));
          case PLAIN_POINT -> plainPoint(place, Integer.parseInt(args[3]));
          case COMPACT -> compact(place, args[2], Path.of(args[3]));
        };
    System.out.printf("millis=%s peak=%d%n", millis, Child.peakBytes().orElse(-1));
  }

  @SuppressWarnings("SystemOut")
  private static double point(Path lake, String name, int files) {
    try (Tarn tarn = Tarn.open(lake)) {
      tarn.sql("SELECT 1").collect();
      long opening = System.nanoTime();
      Dataset dataset = tarn.dataset(name);
      long start = System.nanoTime();
      long rows = Lakes.pointQuery(dataset, files).collect().size();
      System.out.printf("opening=%s ", (start - opening) / 1e6);
      return millisOf(rows, start);
    }
  }

  private static double plainPoint(Path file, int files) throws Exception {
    try (Plain plain = Plain.open()) {
      plain.rows("SELECT 1");
      long start = System.nanoTime();
      return millisOf(plain.rows(DatasetPlanning.plainQuery(file, files)), start);
    }
  }

  private static double millisOf(long rows, long start) {
    if (rows != 1) {
      throw new IllegalStateException("%d rows where there is one".formatted(rows));
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static double compact(Path lake, String name, Path spill) throws Exception {
    Files.createDirectories(spill);
    DuckDbOptions options = DuckDbOptions.DEFAULT.memoryBytes(ENGINE_BYTES).spillFolder(spill);
    try (Tarn tarn = Tarn.open(LakeCatalog.of(lake), options)) {
      long start = System.nanoTime();
      tarn.dataset(name).compact(sortedBy("amount"), rewriteAll());
      return (System.nanoTime() - start) / 1e6;
    }
  }
}
