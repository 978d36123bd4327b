package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Rows;
import dev.tarn.Tarn;
import dev.tarn.benchmarks.Turns.Times;
import java.nio.file.Path;
import java.util.List;

/**
 * What Tarn adds to a query that plain JDBC runs as well: a filter and a group over one Parquet
 * file. The frame is built, or the text read, for each query; every value is read.
 */
final class Overhead {

  private static final String PEER = "plain JDBC";

  private static final double LEAST = 100.0;

  private Overhead() {}

  /** Many small queries: at most 5 ms more. */
  static List<Result> small(Scale scale, Fixtures fixtures) throws Exception {
    Path file = fixtures.sales(scale.smallRows());
    try (Plain plain = Plain.open();
        Tarn tarn = Tarn.open()) {
      Times times =
          turns(plain, tarn, file)
              .side("opened", () -> read(query(tarn.parquet(file.toString()))))
              .side("new text", () -> read(tarn.sql(unseen(sql(file)), LEAST)))
              .run(10 * scale.warmups(), scale.smallRounds());
      return List.of(
          small("frame, built each time", scale, times, "frame"),
          small("frame, file opened each time too", scale, times, "opened"),
          small("SQL text with a parameter, seen before", scale, times, "sql"),
          small("SQL text with a parameter, never seen before", scale, times, "new text"));
    }
  }

  private static Result small(String what, Scale scale, Times times, String side) {
    String all =
        "%s: filter and group over %,d rows, median of %,d"
            .formatted(what, scale.smallRows(), scale.smallRounds());
    return Result.difference("small", all, times, side, PEER, 5);
  }

  /** A query that scans a large file: at most 3 % more. */
  static List<Result> large(Scale scale, Fixtures fixtures) throws Exception {
    Path file = fixtures.sales(scale.rows());
    try (Plain plain = Plain.open();
        Plain other = Plain.open();
        Tarn tarn = Tarn.open()) {
      Turns turns = turns(plain, tarn, file).side("control", () -> other.rows(sql(file), LEAST));
      Times times = turns.run(scale.warmups(), scale.largeRounds());
      String rows =
          "filter and group over %,d rows, median of %d"
              .formatted(scale.rows(), scale.largeRounds());
      return List.of(
          Result.ratio("large", "plain JDBC again, as a control: " + rows, times, "control", PEER),
          Result.ratio("large", "frame: " + rows, times, "frame", PEER, 1.03),
          Result.ratio("large", "frame: CPU time of that", turns.clockTimes(), "frame", PEER),
          Result.ratio("large", "SQL text: " + rows, times, "sql", PEER, 1.03),
          Result.ratio("large", "SQL text: CPU time of that", turns.clockTimes(), "sql", PEER));
    }
  }

  private static Turns turns(Plain plain, Tarn tarn, Path file) {
    String sql = sql(file);
    Frame sales = tarn.parquet(file.toString());
    return new Turns()
        .side(PEER, () -> plain.rows(sql, LEAST))
        .side("frame", () -> read(query(sales)))
        .side("sql", () -> read(tarn.sql(sql, LEAST)));
  }

  private static String sql(Path file) {
    return """
    SELECT region, count(*) AS sales, sum(amount) AS total, max(sold) AS latest
    FROM %s WHERE amount > ? GROUP BY region\
    """
        .formatted(Plain.literal(file));
  }

  /** The text with a comment that makes it another one. */
  private static String unseen(String sql) {
    return "/* " + System.nanoTime() + " */ " + sql;
  }

  private static Frame query(Frame sales) {
    return sales
        .filter(col("amount").gt(LEAST))
        .groupBy("region")
        .agg(count().as("sales"), sum("amount").as("total"), max("sold").as("latest"));
  }

  private static long read(Frame frame) {
    Rows rows = frame.collect();
    int columns = rows.schema().size();
    for (Row row : rows) {
      for (int i = 0; i < columns; i++) {
        Checksum.use(row.value(i));
      }
    }
    return rows.size();
  }
}
