package dev.tarn.benchmarks;

import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import java.sql.ResultSet;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
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
 * 100,000 records out of the engine and into it. The peers are what one would write by hand: a loop
 * over a JDBC result set, and the driver's appender into a table that is then queried.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RecordBenchmark {

  @Param("100000")
  public long rows = 1;

  /** A row of the fixture. */
  public record Sale(long id, String region, double amount, LocalDateTime sold) {}

  /** A row to put in. */
  public record Amount(long id, String region, double amount) {}

  private Tarn tarn;
  private Plain plain;
  private Frame sales;
  private Frame inMemory;
  private List<Amount> amounts;
  private String sql;

  @Setup
  public void open() throws Exception {
    var file = Fixtures.standard().sales(rows);
    tarn = Tarn.open();
    plain = Plain.open();
    sales = tarn.parquet(file.toString());
    sql = "SELECT id, region, amount, sold FROM " + Plain.literal(file);
    amounts = sales.select("id", "region", "amount").collect(Amount.class);
    inMemory = tarn.rows(Amount.class, amounts);
    plain.execute("CREATE TABLE amounts (id BIGINT, region VARCHAR, amount DOUBLE)");
  }

  @TearDown
  public void close() throws Exception {
    tarn.close();
    plain.close();
  }

  @Benchmark
  public List<Sale> collectRecords() {
    return sales.collect(Sale.class);
  }

  @Benchmark
  public List<Sale> plainRecords() throws Exception {
    try (var statement = plain.connection().prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      var all = new ArrayList<Sale>();
      while (result.next()) {
        all.add(
            new Sale(
                result.getLong(1),
                result.getString(2),
                result.getDouble(3),
                result.getObject(4, LocalDateTime.class)));
      }
      return all;
    }
  }

  /** Records that are a frame already, into an aggregate. */
  @Benchmark
  public Object queryRows() {
    return inMemory.groupBy("region").agg(sum("amount")).collect();
  }

  /** The same from a list of records. */
  @Benchmark
  public Object queryRecords() {
    return tarn.rows(Amount.class, amounts).groupBy("region").agg(sum("amount")).collect();
  }

  @Benchmark
  public long plainAppend() throws Exception {
    plain.execute("TRUNCATE amounts");
    try (var appender = plain.connection().createAppender("amounts")) {
      for (Amount amount : amounts) {
        appender
            .beginRow()
            .append(amount.id())
            .append(amount.region())
            .append(amount.amount())
            .endRow();
      }
    }
    return plain.rows("SELECT region, sum(amount) FROM amounts GROUP BY region");
  }
}
