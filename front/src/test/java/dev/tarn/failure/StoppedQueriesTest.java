package dev.tarn.failure;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that are stopped, or fail in their middle: on time, whole or not at all, all freed. */
@Timeout(60)
class StoppedQueriesTest {

  /** Runs for hours. */
  private static final String ENDLESS =
      "SELECT sum(a.i * b.i) AS s FROM range(10000000) a(i), range(10000000) b(i)";

  private Tarn tarn;

  @TempDir Path folder;

  @BeforeEach
  void open() {
    tarn = Tarn.open(DuckDbOptions.DEFAULT.queries(2));
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private void assertWorks() {
    assertThat(tarn.sql("SELECT 42").collect().value()).isEqualTo(42);
  }

  private static long millis(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  @Test
  void aTimeoutEndsAQueryInTime() {
    Frame endless = tarn.sql(ENDLESS).timeout(Duration.ofMillis(200));
    long millis =
        millis(() ->
            assertRefused(
                LimitExceeded.class,
                "Cannot run the query: its time ran out\\. Allow more, or ask for less\\.",
                endless::collect));
    assertThat(millis).isBetween(200L, 5_000L);
    assertWorks();
  }

  @Test
  void aTimeoutCountsWhileNobodyReads() throws InterruptedException {
    Frame many = tarn.sql("SELECT * FROM range(100000000)").timeout(Duration.ofMillis(300));
    try (Stream<Row> rows = many.stream()) {
      Iterator<Row> iterator = rows.iterator();
      iterator.next();
      Thread.sleep(600);
      assertRefused(
          LimitExceeded.class,
          ".*its time ran out.*",
          () -> {
            while (iterator.hasNext()) {
              iterator.next();
            }
          });
    }
    assertWorks();
  }

  @Test
  void aTimeoutOfAWriteLeavesNothing() throws IOException {
    Path target = folder.resolve("out.parquet");
    assertRefused(
        LimitExceeded.class,
        "Cannot write \\[.*out.parquet\\]: its time ran out\\. Allow more, or ask for less\\.",
        () ->
            tarn.sql("SELECT a.i * b.i AS p FROM range(1000000) a(i), range(1000000) b(i)")
                .timeout(Duration.ofMillis(500))
                .write(Sinks.parquet(target.toString())));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    assertWorks();
  }

  @Test
  void theEnginesTimeoutCountsForAll() {
    try (Tarn hasty = Tarn.open(DuckDbOptions.DEFAULT.timeout(Duration.ofMillis(200)))) {
      assertRefused(
          LimitExceeded.class, ".*its time ran out.*", () -> hasty.sql(ENDLESS).collect());
      assertThat(hasty.sql("SELECT 42").collect().value()).isEqualTo(42);
    }
  }

  @Test
  void anInterruptEndsAQueryAndStaysSet() throws InterruptedException {
    var thrown = new AtomicReference<Throwable>();
    var interrupted = new AtomicReference<Boolean>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              thrown.set(catchThrowable(() -> tarn.sql(ENDLESS).collect()));
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    Thread.sleep(300);
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(thrown.get())
        .isExactlyInstanceOf(LimitExceeded.class)
        .hasMessage("Cannot run the query: its thread was interrupted. Run it again.");
    assertThat(interrupted.get()).isTrue();
    assertWorks();
  }

  /** With two threads in the pool, queries that were left running would block the next ones. */
  @Test
  void streamsThatAreClosedEarlyHoldNothing() throws IOException {
    Path spill = folder.resolve("spill");
    try (Tarn small =
        Tarn.open(
            DuckDbOptions.DEFAULT
                .queries(2)
                .threads(2)
                .memoryBytes(100_000_000)
                .spillFolder(spill))) {
      try (Stream<Row> rows =
          small
              .sql("SELECT md5(i::VARCHAR) AS s FROM range(1500000) r(i)")
              .sort(col("s"))
              .stream()) {
        assertThat(rows.iterator().next().text("s")).startsWith("0000");
      }
      for (int i = 0; i < 50; i++) {
        try (Stream<Row> rows = small.sql("SELECT range AS r FROM range(1000000000)").stream()) {
          assertThat(rows.limit(3).map(row -> row.longValue("r"))).containsExactly(0L, 1L, 2L);
        }
      }
      assertThat(small.sql("SELECT count(*) FROM duckdb_temporary_files()").collect().value())
          .isEqualTo(0L);
      assertThat(small.sql("SELECT 42").collect().value()).isEqualTo(42);
    }
    try (Stream<Path> files = Files.exists(spill) ? Files.list(spill) : Stream.empty()) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void closingTarnEndsAQueryThatRuns() throws Exception {
    var query = CompletableFuture.supplyAsync(() -> tarn.sql(ENDLESS).collect());
    Thread.sleep(300);
    long millis = millis(tarn::close);
    assertThat(millis).isLessThan(5_000);
    assertThat(catchThrowable(() -> query.get(10, TimeUnit.SECONDS)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isExactlyInstanceOf(LimitExceeded.class)
        .hasMessage(
            "Cannot run the query: the engine was closed. Keep it open until results are read.");
    assertRefused(
        InvalidRequest.class,
        "Cannot run a query: Tarn is closed\\. Open it again\\.",
        () -> tarn.sql("SELECT 42"));
  }

  @Test
  void closingTarnUnderAStreamIsAnErrorNotAnEnd() {
    try (Stream<Row> rows = tarn.sql("SELECT * FROM range(100000000)").stream()) {
      Iterator<Row> iterator = rows.iterator();
      iterator.next();
      tarn.close();
      assertThat(
              catchThrowable(() -> {
                while (iterator.hasNext()) {
                  iterator.next();
                }
              }))
          .isInstanceOfAny(LimitExceeded.class, InvalidRequest.class);
    }
  }

  /** Plain columns and nested ones take different ways out of the engine. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "[%s, 1]",
        "{'a': %s}",
        "MAP {1: %s}",
        "(%s)::VARCHAR::BLOB",
        "[[%s]]",
        "to_hours(((%s) %% 100)::INTEGER)"
      })
  void anErrorInTheMiddleIsNeverAShorterResult(String column) {
    int rows = 1_000_000;
    for (int at : new int[] {0, 1, 2047, 2048, 2049, 500_000, rows - 1}) {
      String value = "CASE WHEN i = %d THEN 10 // (i - %d) ELSE i END".formatted(at, at);
      Frame frame =
          tarn.sql(
              "SELECT " + column.formatted(value) + " AS x FROM range(%d) r(i)".formatted(rows));
      assertRefused(
          BadData.class,
          "Cannot run the query: division by zero in expression .*",
          () -> {
            try (Stream<Row> stream = frame.stream()) {
              stream.forEach(row -> {});
            }
          });
    }
    assertWorks();
  }

  @Test
  void anErrorInTheMiddleOfAFileIsNeverAShorterResult() throws IOException {
    var text = new StringBuilder("a,b\n");
    for (int i = 0; i < 300_000; i++) {
      text.append(i).append(",x\n");
    }
    Path file = Files.writeString(folder.resolve("late.csv"), text);
    Frame frame = tarn.csv(file.toString());
    Files.writeString(file, text + "1\n");
    assertRefused(
        BadData.class,
        "Cannot read \\[.*late.csv\\]: line 300002: .*",
        () -> frame.stream().forEach(row -> {}));
    assertWorks();
  }

  @Test
  void aSourceThatRunsOutOfMemorySaysSo() {
    Frame rows = Frame.of(new Plan.Scan(new Insatiable()), tarn.engine());
    Path file = folder.resolve("none.parquet");
    assertThatThrownBy(rows::collect).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(() -> rows.agg(count()).collect()).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(() -> rows.write(Sinks.parquet(file.toString())))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(file).doesNotExist();
    assertWorks();
  }

  @Test
  void aTimeoutCountsWhileASourceIsAskedWhatItReads() {
    Frame rows = Frame.of(new Plan.Scan(new Undecided()), tarn.engine());
    for (int i = 0; i < 3; i++) { // more often than there are threads in the pool
      assertRefused(
          LimitExceeded.class,
          "Cannot run the query: its time ran out\\. Allow more, or ask for less\\.",
          () -> rows.timeout(Duration.ofMillis(200)).collect());
    }
    assertWorks();
  }

  /** Takes an hour to say what it reads, unless it is interrupted. */
  private record Undecided() implements Source {
    @Override
    public String name() {
      return "undecided";
    }

    @Override
    public Schema schema() {
      return Schema.of("value", DataType.VARCHAR);
    }

    @Override
    public Scan plan(ScanRequest request) {
      try {
        Thread.sleep(Duration.ofHours(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new LimitExceeded("Cannot say what is read: it takes too long. Wait.");
    }
  }

  /** Rows with a value that no array of Java can hold. */
  private record Insatiable() implements Source, BatchReader {
    @Override
    public String name() {
      return "insatiable";
    }

    @Override
    public Schema schema() {
      return Schema.of("value", DataType.VARCHAR);
    }

    @Override
    public Scan plan(ScanRequest request) {
      return new RowScan(List.of(columns -> this), OptionalLong.empty());
    }

    @Override
    public Batch next() {
      byte[][] values = {new byte[Integer.MAX_VALUE]};
      return new Batch(schema(), 1, List.of(new Vector.Utf8(values)));
    }

    @Override
    public void close() {}
  }
}
