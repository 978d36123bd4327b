package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.sum;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.PlanSql;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a frame of ten operations costs: to build, to render, and what the engine answers about it.
 * Fixture: the small file of sales, 10,000 rows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RenderBenchmark {

  private Tarn tarn;
  private Plain plain;
  private Frame sales;
  private Frame typical;
  private String sql;

  @Setup
  public void open() throws Exception {
    String file = Fixtures.standard().sales(Scale.USUAL.smallRows()).toString();
    tarn = Tarn.open();
    plain = Plain.open();
    sales = tarn.parquet(file);
    typical = build();
    sql = tarn.plan(typical).sql();
  }

  @TearDown
  public void close() throws Exception {
    tarn.close();
    plain.close();
  }

  /** Ten operations, names checked as they are added. */
  @Benchmark
  public Frame build() {
    return sales
        .filter(col("amount").gt(10))
        .filter(col("region").ne("region-7").and(col("sold").isNotNull()))
        .withColumns(
            col("sold").truncatedTo("month").as("month"),
            lit(1.19).times(col("amount")).as("gross"))
        .rename("region", "area")
        .groupBy("month", "area")
        .agg(
            count().as("sales"),
            sum("gross").as("gross"),
            mean("amount").as("mean"),
            max("id").as("last"))
        .filter(col("sales").gt(2))
        .withColumns(col("gross").dividedBy(col("sales")).as("each"))
        .drop("last")
        .sort(desc("gross"), "area")
        .limit(100);
  }

  @Benchmark
  public String render() {
    return new PlanSql(DuckDbDialect.DUCKDB, source -> "sales").render(typical.plan());
  }

  @Benchmark
  public Object schema() {
    return typical.schema();
  }

  @Benchmark
  public Object explain() {
    return tarn.plan(typical);
  }

  /** The peer of schema: the same SQL prepared by plain JDBC. */
  @Benchmark
  public Object plainPrepare() throws Exception {
    try (var statement = plain.connection().prepare(sql)) {
      return statement.getMetaData().getColumnTypeName(1);
    }
  }

  /** The peer of explain: the plan as text, not read. */
  @Benchmark
  public long plainExplain() throws Exception {
    return plain.rows("EXPLAIN (FORMAT JSON) " + sql);
  }
}
