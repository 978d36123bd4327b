package dev.tarn.results;

import static dev.tarn.Columns.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import dev.tarn.QueryPlan.Pushdown;
import dev.tarn.Rows;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.dflib.DflibFrames;
import dev.tarn.duckdb.ArrowFrames;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.spi.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static Tarn tarn;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  private static Frame numbers(long count) {
    return tarn.sql("SELECT range AS n, 'name' || range AS s FROM range(?)", count);
  }

  @Test
  void arrowReadersYieldAllRows() throws Exception {
    try (var allocator = new RootAllocator();
        ArrowReader reader = ArrowFrames.reader(numbers(10_000), allocator, 3_000)) {
      long sum = 0;
      long rows = 0;
      while (reader.loadNextBatch()) {
        var n = (BigIntVector) reader.getVectorSchemaRoot().getVector("n");
        for (int i = 0; i < n.getValueCount(); i++) {
          sum += n.get(i);
        }
        rows += n.getValueCount();
      }
      assertThat(rows).isEqualTo(10_000);
      assertThat(sum).isEqualTo(49_995_000L);
    }
  }

  @Test
  void arrowReadersFailWhereTheQueryFails() {
    Frame failing =
        tarn.sql(
            "SELECT CASE WHEN range = 500000 THEN 'x' ELSE '1' END::INT AS v FROM range(1000000)");
    assertThatThrownBy(
            () -> {
              try (var allocator = new RootAllocator();
                  ArrowReader reader = ArrowFrames.reader(failing, allocator, 1_000)) {
                while (reader.loadNextBatch()) {
                  assertThat(reader.getVectorSchemaRoot().getRowCount()).isPositive();
                }
              }
            })
        .isInstanceOf(BadData.class);
    assertThat(numbers(3).select(count()).collect().value()).isEqualTo(3L);
  }

  @Test
  void arrowReadersThatAreClosedEarlyFreeTheQuery() throws Exception {
    try (var allocator = new RootAllocator();
        ArrowReader reader = ArrowFrames.reader(numbers(1_000_000_000_000L), allocator, 1_000)) {
      assertThat(reader.loadNextBatch()).isTrue();
    }
    assertThat(numbers(3).select(count()).collect().value()).isEqualTo(3L);
  }

  @Test
  void dflibGetsTheSameRows() {
    var data = DflibFrames.toDataFrame(numbers(3).withColumns(lit(null).as("nothing")));
    assertThat(data.getColumnsIndex().toArray()).containsExactly("n", "s", "nothing");
    assertThat(data.height()).isEqualTo(3);
    assertThat(data.getColumn("s").get(2)).isEqualTo("name2");
    assertThat(data.getColumn("nothing").get(0)).isNull();
  }

  @Test
  void aResultCanBeQueriedAgain() {
    Rows rows = numbers(5_000).withColumns(list("n", "n").as("twice")).collect();
    Frame again = tarn.rows(rows);
    assertThat(again.schema()).isEqualTo(rows.schema());
    assertThat(again.collect().stream().toList()).isEqualTo(rows.stream().toList());
    assertThat(again.join(again.select("n"), "n").select(count()).collect().value())
        .isEqualTo(5_000L);
  }

  @Test
  void closingABatchesEarlyCancelsTheQuery() {
    for (int i = 0; i < 50; i++) {
      try (Batches batches = numbers(1_000_000_000_000L).batches(10)) {
        assertThat(batches.next()).isNotNull();
      }
    }
    assertThat(numbers(3).select(count()).collect().value()).isEqualTo(3L);
  }

  @Test
  void batchesComeOnce() {
    try (Batches batches = numbers(3).batches(10)) {
      assertThat(batches).hasSize(1);
      assertThatThrownBy(batches::iterator)
          .isInstanceOf(InvalidRequest.class)
          .hasMessage("Cannot iterate batches again: they come once. Run the frame again.");
    }
  }

  @Test
  void manyVirtualThreadsShareOneTarn() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Object>>();
      for (int i = 0; i < 200; i++) {
        long n = i;
        tasks.add(() -> numbers(n + 1).filter(col("n").eq(n)).select("s").collect().value());
      }
      List<Future<Object>> results = threads.invokeAll(tasks);
      for (int i = 0; i < 200; i++) {
        assertThat(results.get(i).get()).isEqualTo("name" + i);
      }
    }
  }

  @Test
  void anInterruptedThreadGetsItsAnswerAtOnce() throws Exception {
    Frame endless = numbers(100_000_000_000L).agg(sum(sql("n % 7")).as("s"));
    var failure = new ArrayList<Throwable>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                endless.collect();
              } catch (LimitExceeded e) {
                failure.add(e);
              }
            });
    Thread.sleep(300);
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(failure).hasSize(1);
    assertThat(failure.get(0)).hasMessageContaining("its thread was interrupted");
  }

  @Test
  void openResultsEndWithTheirTarn() {
    Tarn own = Tarn.open();
    Batches batches = own.sql("SELECT * FROM range(1000000000000)").batches(100);
    assertThat(batches.next()).isNotNull();
    own.close();
    assertThatThrownBy(
            () -> {
              while (batches.next() != null) {
                assertThat(batches.schema().size()).isEqualTo(1);
              }
            })
        .isInstanceOfAny(LimitExceeded.class, InvalidRequest.class);
    batches.close();
    assertThatThrownBy(() -> own.sql("SELECT 1")).isInstanceOf(InvalidRequest.class);
    own.close();
  }

  @Test
  void progressRunsFromRunningToEnded(@TempDir Path folder) {
    var seen = Collections.synchronizedList(new ArrayList<Progress>());
    try (Tarn watched = Tarn.open()) {
      watched.onProgress(seen::add);
      watched
          .sql("SELECT range AS n, hash(range) AS h FROM range(6000000)")
          .write(Sinks.parquet(folder.resolve("n.parquet").toString()));
      watched
          .parquet(folder.resolve("n.parquet").toString())
          .groupBy("h")
          .agg(count().as("n"))
          .agg(max("n"))
          .collect();
    }
    assertThat(seen).isNotEmpty();
    assertThat(seen.getLast().state()).isEqualTo(Progress.State.ENDED);
    assertThat(seen).anyMatch(p -> p.state() == Progress.State.RUNNING);
  }

  @Test
  void plansSayWhatIsPushedDown(@TempDir Path folder) {
    String sales = folder.resolve("sales").toString();
    tarn.sql("SELECT range AS id, range % 4 AS region, range * 2 AS amount FROM range(1000)")
        .write(Sinks.parquet(sales).partitionedBy("region"));
    Frame frame = tarn.parquet(sales);
    QueryPlan plan =
        tarn.plan(frame.filter(col("region").eq(1).and(col("amount").gt(100))).select("id"));
    assertThat(plan.pushes(Pushdown.FILTER)).isTrue();
    assertThat(plan.pushes(Pushdown.PROJECTION)).isTrue();
    assertThat(plan.pushes(Pushdown.FILES)).isTrue();
    assertThat(plan.sources().get(0).filesKept()).hasValue(1);
    assertThat(plan.sources().get(0).filesTotal()).hasValue(4);
    QueryPlan whole = tarn.plan(frame);
    assertThat(whole.pushes(Pushdown.FILTER)).isFalse();
    assertThat(whole.pushes(Pushdown.PROJECTION)).isFalse();
    assertThat(whole.pushes(Pushdown.FILES)).isFalse();
    assertThat(whole.sources().get(0).filesKept()).hasValue(4);
    assertThat(frame.filter(col("region").eq(1)).explain())
        .contains("files 1 of 4")
        .contains("filter region = 1")
        .contains("FROM read_parquet(");
    QueryPlan analyzed = tarn.analyze(frame.filter(col("region").eq(1)));
    assertThat(analyzed.root().rows()).hasValue(250);
    assertThat(analyzed.elapsed()).isPresent();
  }

  @Test
  void registeredFramesAreTables() {
    try (Tarn own = Tarn.open()) {
      own.register("Sales", own.sql("SELECT 1 AS id, 'toys' AS category"));
      own.register("odd \"name\"", own.sql("SELECT 2 AS id"));
      assertThat(
              own.sql("SELECT category FROM sales WHERE id = $id", java.util.Map.of("id", 1))
                  .collect()
                  .value())
          .isEqualTo("toys");
      assertThat(own.sql("SELECT max(a.id) FROM \"odd \"\"name\"\"\" a, SALES b").collect().value())
          .isEqualTo(2);
      assertThat(own.sql("WITH sales AS (SELECT 7 AS id) SELECT id FROM sales").collect().value())
          .isEqualTo(7);
      assertThat(own.sql("PIVOT sales ON category IN ('toys') USING count(*)").columns())
          .containsExactly("id", "toys");
      assertThatThrownBy(() -> own.sql("PIVOT sales ON category USING count(*)"))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Cannot run the SQL text: the columns of a PIVOT without values are not known before it"
                  + " runs. Say ON column IN (…), or use a frame's pivot(…).");
      assertThat(own.sql("DESCRIBE sales").collect().column("column_name"))
          .containsExactly("id", "category");
      assertThat(own.sql("FROM sales UNION ALL FROM sales").collect().size()).isEqualTo(2);
      assertThat(own.tables().keySet()).containsExactly("odd \"name\"", "Sales");
      assertThatThrownBy(() -> own.table("sale"))
          .hasMessage(
              "Cannot find table sale: registered are odd \"name\", Sales. Did you mean Sales?");
    }
  }

  @Test
  void orderOfSqlTextIsKept() {
    String shuffled = "SELECT range AS n FROM range(200000) ORDER BY hash(range)";
    List<Object> hashed = tarn.sql(shuffled).select("n").collect().column("n");
    List<Object> limited = tarn.sql(shuffled + " LIMIT 100000").collect().column("n");
    assertThat(hashed).hasSize(200_000).isNotEqualTo(hashed.stream().sorted().toList());
    assertThat(limited).isEqualTo(hashed.subList(0, 100_000));
  }

  @Test
  void longChainsOfOperationsRun() {
    Frame frame = numbers(3);
    for (int i = 0; i < 200; i++) {
      frame = frame.withColumns(col("n").plus(1).as("n")).filter(col("n").gt(i));
    }
    assertThat(frame.agg(sum("n").as("s")).collect().value())
        .isEqualTo(java.math.BigInteger.valueOf(603));
  }

  @Test
  void shownTablesSayWhenTheyAreCut() {
    assertThat(numbers(3).text(5)).endsWith("3 rows");
    assertThat(numbers(1).text(5)).endsWith("1 row");
    assertThat(numbers(9).text(5)).endsWith("more rows, the first 5 shown");
    assertThat(numbers(9).collect().toString()).endsWith("9 rows");
    assertThat(tarn.sql("SELECT 'a\nb' || chr(27) || '[31m' AS t, NULL AS n").text(1))
        .contains("│ a\\nb\\x1b[31m │ NULL   │");
  }
}
