package dev.tarn.benchmarks;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import java.sql.ResultSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One column of 1,000,000 rows from Parquet into Java, every value used: by Tarn's batches of
 * 65,536 rows, by the driver's chunks, and by a JDBC result set.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ReadBenchmark {

  @Param("1000000")
  public long rows = 1;

  /** A BIGINT, a DOUBLE and a VARCHAR column. */
  @Param({"id", "amount", "region"})
  public String column = "id";

  private Tarn tarn;
  private Plain plain;
  private Frame frame;
  private String sql;

  @Setup
  public void open() throws Exception {
    var file = Fixtures.standard().sales(rows);
    tarn = Tarn.open();
    plain = Plain.open();
    frame = tarn.parquet(file.toString()).select(column);
    sql = "SELECT %s FROM %s".formatted(column, Plain.literal(file));
  }

  @TearDown
  public void close() throws Exception {
    tarn.close();
    plain.close();
  }

  @Benchmark
  public long tarnBatches() {
    long sum = 0;
    try (Batches batches = frame.batches(65_536)) {
      for (Batch batch : batches) {
        sum += sum(batch.vector(0));
      }
    }
    return sum;
  }

  private static long sum(Vector vector) {
    long sum = 0;
    switch (vector) {
      case Vector.Longs longs -> {
        for (long value : longs.values()) {
          sum += value;
        }
      }
      case Vector.Doubles doubles -> {
        for (double value : doubles.values()) {
          sum += (long) value;
        }
      }
      default -> {
        for (int i = 0; i < vector.size(); i++) {
          sum += String.valueOf(vector.value(i)).length();
        }
      }
    }
    return sum;
  }

  @Benchmark
  public long plainChunks() throws Exception {
    return plain.chunks(
        sql,
        switch (column) {
          case "id" ->
              (vector, rows) -> {
                long sum = 0;
                for (int i = 0; i < rows; i++) {
                  sum += vector.isNull(i) ? 0 : vector.getLong(i);
                }
                return sum;
              };
          case "amount" ->
              (vector, rows) -> {
                long sum = 0;
                for (int i = 0; i < rows; i++) {
                  sum += vector.isNull(i) ? 0 : (long) vector.getDouble(i);
                }
                return sum;
              };
          default ->
              (vector, rows) -> {
                long sum = 0;
                for (int i = 0; i < rows; i++) {
                  sum += vector.isNull(i) ? 0 : vector.getString(i).length();
                }
                return sum;
              };
        });
  }

  @Benchmark
  public long plainJdbc() throws Exception {
    try (var statement = plain.connection().prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      long sum = 0;
      while (result.next()) {
        sum +=
            switch (column) {
              case "id" -> result.getLong(1);
              case "amount" -> (long) result.getDouble(1);
              default -> result.getString(1).length();
            };
      }
      return sum;
    }
  }
}
