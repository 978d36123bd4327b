package dev.tarn.benchmarks;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to open files before they are read: a CSV, whose columns are checked whole, and a
 * folder of very many small Parquet files. Held against plain DuckDB that opens and reads in one.
 */
final class OpenFiles {

  private static final String PEER = "plain JDBC, opening and reading in one query";

  private OpenFiles() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    var results = new ArrayList<Result>();
    try (Plain plain = Plain.open();
        Tarn tarn = Tarn.open()) {
      Path csv = fixtures.csv(scale.csvRows());
      results.addAll(
          compare(
              "CSV of %,d rows".formatted(scale.csvRows()),
              new Turns()
                  .side(PEER, () -> plain.rows(query("read_csv(%s)", csv)))
                  .side("open", () -> open(tarn.csv(csv.toString())))
                  .side("query", query(tarn.csv(csv.toString())))
                  .side("both", () -> query(tarn.csv(csv.toString())).run()),
              scale));
      Path many = fixtures.many(scale.files());
      results.addAll(
          compare(
              "%,d Parquet files of 100 rows".formatted(scale.files()),
              new Turns()
                  .side(PEER, () -> plain.rows(query("read_parquet(%s)", many + "/*.parquet")))
                  .side("open", () -> open(tarn.parquet(many.toString())))
                  .side("query", query(tarn.parquet(many.toString())))
                  .side("both", () -> query(tarn.parquet(many.toString())).run()),
              scale));
    }
    return results;
  }

  private static List<Result> compare(String what, Turns turns, Scale scale) throws Exception {
    Times times = turns.run(Math.min(1, scale.warmups()), scale.fileRounds());
    return List.of(
        Result.ratio("files", what + ": opening", times, "open", PEER),
        Result.ratio("files", what + ": a query once open", times, "query", PEER),
        Result.ratio("files", what + ": opening and a query", times, "both", PEER));
  }

  private static String query(String from, Object path) {
    return "SELECT count(*) AS sales, sum(amount) AS total FROM "
        + from.formatted(Plain.literal(path));
  }

  private static long open(Frame opened) {
    Checksum.use(opened.columns());
    return 1;
  }

  private static Turns.Side query(Frame sales) {
    return () -> {
      Row row = sales.agg(count().as("sales"), sum("amount").as("total")).collect().row(0);
      Checksum.use(row.value("total"));
      return 1;
    };
  }
}
