package dev.tarn.benchmarks;

import static dev.tarn.Columns.megabytes;
import static dev.tarn.lake.Options.month;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.lake.Options.sortedBy;
import static dev.tarn.lake.Options.targetSize;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Result.Verdict;
import dev.tarn.benchmarks.Turns.Times;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.SnapshotInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Many rows into, within and over datasets. The peer is COPY of the same rows, same codec, same
 * order; what it wrote is forced to the disk as well.
 */
final class DatasetWrites {

  private static final String PEER = "COPY of the same rows by plain JDBC, forced to the disk";
  private static final String UPSERT_PEER = "COPY of the touched files joined with the changes";
  private static final long FILE_BYTES = 256L << 20;

  private final Scale scale;
  private final Path sales;
  private final Path folder;
  private final Tarn tarn;
  private final Plain plain;
  private final List<Result> results = new ArrayList<>();

  private DatasetWrites(Scale scale, Path sales, Path folder, Tarn tarn, Plain plain) {
    this.scale = scale;
    this.sales = sales;
    this.folder = folder;
    this.tarn = tarn;
    this.plain = plain;
  }

  static List<Result> appends(Scale scale, Fixtures fixtures) throws Exception {
    return run(scale, fixtures, DatasetWrites::appends);
  }

  static List<Result> compaction(Scale scale, Fixtures fixtures) throws Exception {
    return run(scale, fixtures, DatasetWrites::compaction);
  }

  static List<Result> upserts(Scale scale, Fixtures fixtures) throws Exception {
    return run(scale, fixtures, DatasetWrites::upserts);
  }

  private interface Part {
    void of(DatasetWrites writes) throws Exception;
  }

  private static List<Result> run(Scale scale, Fixtures fixtures, Part part) throws Exception {
    Path sales = fixtures.sales(scale.datasetRows());
    Path lake = Lakes.empty(fixtures, "lake-writes");
    try (Tarn tarn = Tarn.open(lake);
        Plain plain = Plain.open()) {
      var writes = new DatasetWrites(scale, sales, lake, tarn, plain);
      part.of(writes);
      return writes.results;
    } finally {
      Lakes.remove(lake);
    }
  }

  private String rows() {
    return "%,d rows".formatted(scale.datasetRows());
  }

  private Frame frame() {
    return tarn.parquet(sales.toString());
  }

  // ---- append

  private void appends() throws Exception {
    Dataset whole = tarn.create("whole", frame().schema());
    compare(
        "append of " + rows(),
        whole,
        PEER,
        1.25,
        () -> whole.append(frame()).rowsAdded(),
        () -> copy("SELECT * FROM " + Plain.literal(sales), ""));
    Dataset small = tarn.create("small", frame().schema(), targetSize(megabytes(16)));
    compare(
        "append of %s, 16 MiB files".formatted(rows()),
        small,
        PEER,
        1.25,
        () -> small.append(frame()).rowsAdded(),
        () -> copy("SELECT * FROM " + Plain.literal(sales), ", FILE_SIZE_BYTES " + megabytes(16)));
    Dataset sorted = tarn.create("sorted", frame().schema(), sortedBy("amount"));
    compare(
        "append of %s, sorted".formatted(rows()),
        sorted,
        PEER,
        1.25,
        () -> sorted.append(frame()).rowsAdded(),
        () -> copy("SELECT * FROM %s ORDER BY amount".formatted(Plain.literal(sales)), ""));
    Dataset months =
        tarn.create("months", frame().schema(), partitionedBy(month("sold")), sortedBy("amount"));
    compare(
        "append of %s, by month, sorted".formatted(rows()),
        months,
        PEER,
        1.25,
        () -> months.append(frame()).rowsAdded(),
        () ->
            copy(
                "SELECT *, date_trunc('month', sold) AS m FROM %s ORDER BY m, amount"
                    .formatted(Plain.literal(sales)),
                ", PARTITION_BY (m), FILE_SIZE_BYTES " + FILE_BYTES));
  }

  // ---- compaction

  private void compaction() throws Exception {
    Dataset parts = tarn.create("parts", frame(), targetSize(megabytes(1)));
    String files = "read_parquet(" + list(parts) + ")";
    String what =
        "sorted compaction of %s in %,d files".formatted(rows(), parts.statistics().files());
    compare(
        what,
        parts,
        PEER,
        1.25,
        () ->
            parts
                .compact(sortedBy("amount"), rewriteAll(), targetSize(FILE_BYTES))
                .checksum()
                .rows(),
        () -> copy("SELECT * FROM %s ORDER BY amount".formatted(files), ""));
    Map<String, Double> child =
        Child.numbers(
            Child.run(
                Child.java(
                    List.of("-Xmx256m"),
                    Child.classPath(),
                    DatasetChild.class.getName(),
                    "COMPACT",
                    folder,
                    "parts",
                    folder.resolve("spill"))));
    results.add(
        new Result(
            "datasets",
            what + " (-Xmx256m, engine limit 1 GB)",
            "",
            "passes; peak resident %.0f MB".formatted(child.getOrDefault("peak", -1.0) / 1e6),
            "passes",
            Verdict.MET, // a child that fails ends the run
            Map.of(
                "tarn_peak_mb",
                child.getOrDefault("peak", -1.0) / 1e6,
                "tarn_millis",
                child.getOrDefault("millis", -1.0))));
  }

  // ---- upsert

  private void upserts() throws Exception {
    long changes = Math.max(10, scale.datasetRows() / 200);
    Dataset dataset = tarn.create("upserted", frame(), sortedBy("id"), targetSize(megabytes(16)));
    upsert(dataset, changes, "random keys", "hash(i) % " + scale.datasetRows());
    upsert(dataset, changes, "keys in a row", "i + " + scale.datasetRows() / 2);
  }

  private void upsert(Dataset dataset, long changes, String how, String key) throws Exception {
    String sql =
        """
        SELECT min(k)::BIGINT AS id, 'changed' AS region, -1.0::DOUBLE AS amount,
               TIMESTAMP '2030-01-01' AS sold
        FROM (SELECT %s AS k FROM range(%d) AS t(i)) GROUP BY k\
        """
            .formatted(key, changes);
    Path file = folder.resolve("changes.parquet");
    plain.copy("COPY (%s) TO %s (FORMAT parquet)".formatted(sql, Plain.literal(file)));
    String touched = touched(dataset, file);
    String joined =
        """
        SELECT t.id, CASE WHEN c.id IS NULL THEN t.region ELSE c.region END AS region,
               CASE WHEN c.id IS NULL THEN t.amount ELSE c.amount END AS amount,
               CASE WHEN c.id IS NULL THEN t.sold ELSE c.sold END AS sold
        FROM %s AS t LEFT JOIN %s AS c ON t.id = c.id ORDER BY t.id\
        """
            .formatted(touched, Plain.literal(file));
    Frame frame = tarn.parquet(file.toString());
    compare(
        "upsert of %,d rows, %s, into %s".formatted(changes, how, rows()),
        dataset,
        UPSERT_PEER,
        1.5,
        () -> dataset.merge(frame).on("id").upsert().updated() > 0 ? 1 : 0,
        () -> copy(joined, ", FILE_SIZE_BYTES " + megabytes(16)) > 0 ? 1 : 0);
  }

  /** The files that hold a key of the changes, as an operand of FROM. */
  private String touched(Dataset dataset, Path changes) throws SQLException, IOException {
    var paths = new ArrayList<String>();
    String sql =
        "SELECT DISTINCT filename FROM read_parquet(%s, filename=true) WHERE id IN (SELECT id FROM %s)"
            .formatted(list(dataset), Plain.literal(changes));
    try (var statement = plain.connection().createStatement();
        var files = statement.executeQuery(sql)) {
      while (files.next()) {
        paths.add(Plain.literal(files.getString(1)));
      }
    }
    return "read_parquet([" + String.join(", ", paths) + "])";
  }

  private String list(Dataset dataset) throws IOException {
    return Lakes.paths(folder, dataset.name()).stream()
        .map(Plain::literal)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  // ---- both sides

  private void compare(
      String what,
      Dataset dataset,
      String peer,
      double most,
      Turns.Side tarnSide,
      Turns.Side plainSide)
      throws Exception {
    Optional<Long> base = dataset.history().stream().findFirst().map(SnapshotInfo::snapshot);
    var turns =
        new Turns()
            .side(peer, plainSide)
            .side(
                "tarn",
                () -> {
                  long result = tarnSide.run();
                  if (base.isPresent()) {
                    dataset.rollbackTo(base.get()); // milliseconds
                  }
                  return result;
                });
    Times times = turns.run(Math.min(1, scale.warmups()), scale.datasetRounds());
    results.add(Result.ratio("datasets", what, times, "tarn", peer, most));
    results.add(
        Result.ratio("datasets", what + ": CPU time of that", turns.clockTimes(), "tarn", peer));
  }

  /** Copies into a folder, forces what is in it to the disk, and removes it. */
  private long copy(String query, String more) throws SQLException, IOException {
    Path target = folder.resolve("copied");
    long rows =
        plain.copy(
            "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd%s)"
                .formatted(query, Plain.literal(target), more));
    force(target);
    Lakes.remove(target);
    return rows;
  }

  private static void force(Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(target)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }
}
