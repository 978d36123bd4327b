package dev.tarn.table;

import static dev.tarn.Columns.*;
import static dev.tarn.table.Tables.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Row;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.BadData;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.WrittenFile;
import dev.tarn.testkit.Seeds;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data files of tables: what is in them, what is said of them, and what a failure leaves. */
class WritingTablesTest {

  private static DuckDbEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    engine = DuckDbEngine.open(DuckDbOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @AfterEach
  void nothingHiddenIsLeft() throws IOException {
    assertThat(files()).allMatch(path -> path.toString().endsWith(".parquet"));
    try (Stream<Path> paths = Files.walk(folder)) {
      assertThat(paths.filter(path -> path.getFileName().toString().startsWith("."))).isEmpty();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }

  private List<WrittenFile> write(String sql, DataFileSink sink) {
    return engine.writeDataFiles(sql(engine, sql), sink, RunOptions.DEFAULT);
  }

  private static TableColumn[] columnsOf(String sql) {
    var next = new java.util.concurrent.atomic.AtomicInteger(1);
    return engine.schema(sql(engine, sql)).fields().stream()
        .map(f -> column(next.getAndIncrement(), f.name(), f.type().toString()))
        .toArray(TableColumn[]::new);
  }

  private static final String ALL_TYPES =
      """
      SELECT i::BIGINT AS i, i::INTEGER AS "Int 4", i % 2 = 0 AS b, i / 8::FLOAT AS f, i / 4.0::DOUBLE AS d,
        (i / 7)::DECIMAL(9,2) AS d9, (i / 7)::DECIMAL(18,6) AS d18, (i / 7)::DECIMAL(38,10) AS d38,
        CASE WHEN i % 5 > 0 THEN 'täxt "' || i || chr(10) || ''';,' END AS "s.x""q",
        CASE WHEN i % 3 > 0 THEN encode(i::VARCHAR) END AS bl, DATE '0001-01-01' + (i * 5000)::INTEGER AS day,
        TIME '00:00:00.000001' + to_microseconds(i * 999999) AS t,
        TIMESTAMP '1950-01-01 00:00:00.000001' + to_days((i * 30)::INTEGER) AS ts,
        TIMESTAMPTZ '1950-01-01 00:00:00.000001+00' + to_days((i * 30)::INTEGER) AS tz,
        md5(i::VARCHAR)::UUID AS u,
        CASE WHEN i % 4 > 0 THEN {'X': i, 'select': {'in "n': i::VARCHAR}} END AS st,
        [i, NULL, 3] AS l, [[{'a': i}]] AS ll, MAP {'k' || i: [i]} AS m
      FROM range(1000) r(i)\
      """;

  @Test
  void allTypesComeBackAsTheyWere() {
    List<TableColumn> columns = List.of(columnsOf(ALL_TYPES));
    List<WrittenFile> files = write(ALL_TYPES, sink(folder.resolve("new/deep"), columns));
    assertThat(files).hasSize(1);
    WrittenFile file = files.get(0);
    assertThat(file.rows()).isEqualTo(1000);
    assertThat(Path.of(file.path())).hasSize(file.bytes()).hasParent(folder.resolve("new/deep"));
    assertThat(file.partition()).isEmpty();
    var read = read(engine, scan(columns, group(file.path())));
    List<Row> expected = rows(engine, ALL_TYPES);
    List<Row> actual = rowsOf(read);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      for (int c = 0; c < columns.size(); c++) {
        assertThat(actual.get(i).value(c)).isEqualTo(expected.get(i).value(c));
      }
    }
    assertThat(read.schema()).isEqualTo(engine.schema(sql(engine, ALL_TYPES)));
  }

  @Test
  void fieldIdsAreInTheFilesAtEveryDepth() {
    List<TableColumn> columns = List.of(columnsOf(ALL_TYPES));
    String file = write(ALL_TYPES, sink(folder, columns)).get(0).path();
    ParquetFooter footer = engine.footers(List.of(file)).get(0);
    assertThat(footer.rows()).isEqualTo(1000);
    assertThat(footer.bytes()).isEqualTo(Path.of(file).toFile().length());
    assertThat(footer.columns()).isEqualTo(columns.stream().map(Tables::inFile).toList());
    assertThat(footer.stats()).containsKey(List.of("st", "select", "in \"n"));
    assertThat(footer.stats().get(List.of("i")).max()).isEqualTo(999L);
  }

  // ---- partitions

  private static final List<TableColumn> TWO =
      List.of(column(1, "__p1", "VARCHAR"), column(2, "i", "BIGINT"));

  @Test
  void oddPartitionValuesComeBackExactly() {
    String sql =
        """
        SELECT CASE i WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN '__HIVE_DEFAULT_PARTITION__'
          WHEN 3 THEN 'a/b=ü "q'' {x},y:1' || chr(10) WHEN 4 THEN repeat('ü', 500) WHEN 5 THEN repeat('ü', 501)
          WHEN 6 THEN 'NULL' WHEN 7 THEN '..' WHEN 8 THEN 'v' WHEN 9 THEN 'h' || sha256('v') WHEN 10 THEN 'A'
          WHEN 11 THEN 'a' WHEN 12 THEN 'a%20b' ELSE repeat('🚀', 15) END AS __p1, i::BIGINT AS i FROM range(14) r(i)\
        """;
    List<WrittenFile> files =
        write(sql, partitioned(sink(folder, TWO), col("__p1"), col("i").modulo(2)));
    assertThat(files).hasSize(14);
    for (WrittenFile file : files) {
      var row = rowsOf(read(engine, scan(TWO, group(file.path())))).get(0);
      assertThat(file.partition()).containsExactly(row.value(0), row.longValue("i") % 2);
      assertThat(Path.of(file.path())).hasParent(folder);
    }
  }

  @Test
  void partitionValuesHaveTheTypeOfTheirExpression() {
    String sql =
        "SELECT 'x' AS __p1, 5::BIGINT AS i, DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 01:02:03.5' AS ts,"
            + " TIMESTAMPTZ '2024-02-29 01:02:03.5+00' AS tz, 1.50::DECIMAL(9,2) AS de, true AS b, unhex('00ff') AS bl,"
            + " UUID '00000000-0000-0001-0000-000000000002' AS u, 1e-7::DOUBLE AS x";
    List<TableColumn> columns = List.of(columnsOf(sql));
    Expr[] partitions =
        Stream.concat(
                columns.stream().map(c -> col(c.name())),
                Stream.of(new Expr.Call("iceberg_bucket", List.of(lit(16), col("i")))))
            .toArray(Expr[]::new);
    List<Object> values =
        write(sql, partitioned(sink(folder, columns), partitions)).get(0).partition();
    assertThat(values.get(7)).isEqualTo(new byte[] {0, -1});
    assertThat(values.subList(0, 7))
        .containsExactly(
            "x",
            5L,
            LocalDate.of(2024, 2, 29),
            LocalDateTime.parse("2024-02-29T01:02:03.5"),
            OffsetDateTime.parse("2024-02-29T01:02:03.5Z"),
            new BigDecimal("1.50"),
            true);
    assertThat(values.subList(8, 10)).containsExactly(new UUID(1, 2), 1e-7);
    assertThat(values.get(10)).isInstanceOf(Integer.class);
  }

  @Test
  void partitionsOfTheSameValueShareAFile() {
    String sql = "SELECT 'p' || (i % 7) AS __p1, i::BIGINT AS i FROM range(100000) r(i)";
    List<WrittenFile> files = write(sql, partitioned(sink(folder, TWO), col("__p1")));
    assertThat(files).hasSize(7);
    assertThat(files.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(100000);
  }

  @Test
  void manyPartitionsFitIntoLittleMemory() {
    String sql =
        "SELECT 'payload ' || i AS __p1, (hash(i) % 1000000)::BIGINT AS i FROM range(5000000) r(i)";
    DuckDbOptions small = DuckDbOptions.DEFAULT.memoryBytes(1L << 30).threads(2);
    try (DuckDbEngine other = DuckDbEngine.open(small)) {
      DataFileSink sink = sorted(partitioned(sink(folder, TWO), col("i").modulo(500)), "i");
      List<WrittenFile> files = other.writeDataFiles(sql(other, sql), sink, RunOptions.DEFAULT);
      assertThat(files).hasSize(500);
      assertSorted(files, "i");
    }
  }

  // ---- order and size

  private static void assertSorted(List<WrittenFile> files, String column) {
    String paths = String.join("','", files.stream().map(WrittenFile::path).toList());
    assertThat(
            rows(
                    engine,
                    "SELECT count(*) AS n FROM (SELECT %s < lag(%s) OVER (PARTITION BY filename ORDER BY file_row_number) AS bad FROM read_parquet(['%s'])) WHERE bad"
                        .formatted(column, column, paths))
                .get(0)
                .value(0))
        .isEqualTo(0L);
  }

  @Test
  void rowsAreSortedWithinEachFile() {
    String sql =
        "SELECT 's' || i AS __p1, (hash(i) % 1000003)::BIGINT AS i FROM range(2000000) r(i)";
    DataFileSink sink = sized(sink(folder, TWO), 2_000_000, 20_000);
    List<WrittenFile> whole = write(sql, sorted(sink, "i"));
    assertThat(whole).hasSizeBetween(3, 40);
    assertSorted(whole, "i");
    List<WrittenFile> parts =
        write(
            sql,
            sorted(
                partitioned(sink, col("i").modulo(3)),
                new SortKey(col("i"), SortKey.Direction.ASC, SortKey.Nulls.FIRST)));
    assertThat(parts).hasSizeGreaterThan(5);
    assertSorted(parts, "i");
    assertThat(parts.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(2_000_000);
  }

  @Test
  void rowsThatLieNearEachOtherStayNearEachOther() {
    String rows = "SELECT 's' || i AS __p1, i::BIGINT AS i FROM range(2000000) r(i)";
    List<WrittenFile> files = write(rows, sized(sink(folder, TWO), 1_000_000, 20_000));
    assertThat(files).hasSizeGreaterThan(2);
    assertThat(files.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(2_000_000);
    long spanned = files.stream().mapToLong(WritingTablesTest::span).sum();
    assertThat(spanned).as("files %s", files).isLessThan(3 * 2_000_000L);
  }

  private static long span(WrittenFile file) {
    ColumnStats i = java.util.Objects.requireNonNull(file.columns().get(2));
    return (Long) java.util.Objects.requireNonNull(i.max())
        - (Long) java.util.Objects.requireNonNull(i.min());
  }

  @Test
  void noRowsMakeNoFiles() throws IOException {
    String sql = "SELECT '' AS __p1, 1::BIGINT AS i WHERE false";
    assertThat(write(sql, sink(folder, TWO))).isEmpty();
    assertThat(write(sql, partitioned(sink(folder, TWO), col("i")))).isEmpty();
    assertThat(files()).isEmpty();
  }

  // ---- statistics

  private static final List<TableColumn> STATS =
      List.of(
          column(1, "i", "INTEGER"),
          column(2, "l", "BIGINT"),
          column(3, "f", "FLOAT"),
          column(4, "d", "DOUBLE"),
          column(5, "s", "VARCHAR"),
          column(6, "bl", "BLOB"),
          column(7, "de", "DECIMAL(20,3)"),
          column(8, "day", "DATE"),
          column(9, "ts", "TIMESTAMP"),
          column(10, "tz", "TIMESTAMP WITH TIME ZONE"),
          column(11, "t", "TIME"),
          column(12, "b", "BOOLEAN"),
          column(13, "u", "UUID"),
          structOf(
              14,
              "st",
              column(15, "a.\"b", "VARCHAR"),
              structOf(16, "n", column(17, "x", "DOUBLE"))),
          listOf(18, "li", column(19, "element", "INTEGER")));

  private static final List<String> LEAVES =
      List.of(
          "i",
          "l",
          "f",
          "d",
          "s",
          "bl",
          "de",
          "day",
          "ts",
          "tz",
          "t",
          "b",
          "u",
          "st.\"a.\"\"b\"",
          "st.n.x");

  private static final List<Integer> LEAF_IDS =
      List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17);

  private static String randomRows(java.util.Random random) {
    int rows = 1 + random.nextInt(300);
    double nulls = random.nextInt(4) == 0 ? 1.0 : random.nextDouble() * 0.5;
    int nans = random.nextInt(2) == 0 ? 1_000_000 : 20;
    int length = new int[] {3, 20, 255, 256, 257, 400}[random.nextInt(6)];
    String seed = Long.toString(random.nextLong());
    var columns = new ArrayList<String>();
    List<String> values =
        List.of(
            "($h % 100000)::INTEGER - 50000",
            "($h % 4000000000000)::BIGINT - 2000000000000",
            "CASE WHEN $h % NANS = 0 THEN 'nan' WHEN $h % 7 = 0 THEN '-0.0' WHEN $h % 7 = 1 THEN '0.0' ELSE (($h % 1000)::INTEGER / 8)::VARCHAR END::FLOAT",
            "CASE WHEN $h % NANS = 0 THEN 'nan' WHEN $h % 9 = 0 THEN '-inf' ELSE (($h % 1000)::INTEGER / -8)::VARCHAR END::DOUBLE",
            "repeat(chr([97, 122, 252, 8364, 128640, 1114111][1 + ($h % 6)::INTEGER]), ($h % LEN)::INTEGER) || ($h % 10)",
            "unhex(repeat(['00', 'ff', '5c', '41'][1 + ($h % 4)::INTEGER], ($h % LEN)::INTEGER))",
            "(($h % 100000000)::BIGINT - 50000000)::DECIMAL(20,3) / 8",
            "DATE '1900-01-01' + ($h % 100000)::INTEGER",
            "TIMESTAMP '1900-01-01' + to_microseconds(($h % 4000000000000000)::BIGINT)",
            "TIMESTAMPTZ '1900-01-01 00:00:00+00' + to_microseconds(($h % 4000000000000000)::BIGINT)",
            "TIME '00:00:00' + to_microseconds(($h % 86400000000)::BIGINT)",
            "$h % 2 = 0",
            "md5($h::VARCHAR)::UUID",
            "{'a.\"b': repeat('x', ($h % 20)::INTEGER), 'n': {'x': CASE WHEN $h % NANS = 0 THEN 'nan'::DOUBLE ELSE ($h % 100)::DOUBLE END}}",
            "[($h % 100)::INTEGER]");
    List<TableColumn> table = STATS;
    for (int i = 0; i < values.size(); i++) {
      String value =
          values
              .get(i)
              .replace("NANS", "" + nans)
              .replace("LEN", "" + length)
              .replace("$h", "hash(i + %s::HUGEINT + %d)".formatted(seed, i));
      columns.add(
          "CAST((CASE WHEN (hash(i + %s::HUGEINT + 1%d) %% 1000) / 1000.0 >= %s THEN %s END) AS %s) AS %s"
              .formatted(seed, i, nulls, value, table.get(i).type(), table.get(i).name()));
    }
    return "SELECT " + String.join(", ", columns) + " FROM range(" + rows + ") r(i)";
  }

  @Test
  void statisticsAreTrue() {
    Seeds.each(
        Seeds.rounds(25, 500),
        random -> {
          List<WrittenFile> files =
              write(randomRows(random), sized(sink(folder, STATS), 512 << 20, 2048));
          WrittenFile file = files.get(0);
          ParquetFooter footer = engine.footers(List.of(file.path())).get(0);
          for (int i = 0; i < LEAVES.size(); i++) {
            ColumnStats stats = file.columns().get(LEAF_IDS.get(i));
            assertTrue(file.path(), file.rows(), LEAVES.get(i), stats);
            List<String> way =
                switch (i) {
                  case 13 -> List.of("st", "a.\"b");
                  case 14 -> List.of("st", "n", "x");
                  default -> List.of(LEAVES.get(i));
                };
            assertTrue(file.path(), file.rows(), LEAVES.get(i), footer.stats().get(way));
            assertThat(footer.stats().get(way).bytes()).isEqualTo(stats.bytes());
          }
          assertThat(file.columns()).hasSize(LEAVES.size());
          assertThat(footer.stats()).hasSize(LEAVES.size());
        });
  }

  private static void assertTrue(String path, long rows, String column, ColumnStats stats) {
    var truth =
        rows(
                engine,
                "SELECT count(*) AS n, count(*) FILTER (c IS NULL) AS nulls, count(*) FILTER (CAST(c AS VARCHAR) = 'nan') AS nans,"
                    + " min(c) AS min, max(c) AS max FROM (SELECT %s AS c FROM '%s')"
                        .formatted(column, path))
            .get(0);
    assertThat(stats.values()).isEqualTo(rows);
    assertThat(stats.bytes()).isPositive();
    assertThat(stats.nulls()).isEqualTo(OptionalLong.of(truth.longValue("nulls")));
    boolean floats = List.of("f", "d", "st.n.x").contains(column);
    if (!floats) {
      assertThat(stats.nans()).isEmpty();
    } else if (stats.nans().isPresent()) {
      assertThat(stats.nans().getAsLong()).isEqualTo(truth.longValue("nans"));
    }
    if (truth.longValue("nans") > 0) {
      assertThat(stats.min()).isNull();
      assertThat(stats.max()).isNull();
    }
    if (stats.min() != null) {
      assertThat(compare(stats.min(), truth.value("min")))
          .as("min of " + column)
          .isLessThanOrEqualTo(0);
    }
    if (stats.max() != null) {
      assertThat(compare(stats.max(), truth.value("max")))
          .as("max of " + column)
          .isGreaterThanOrEqualTo(0);
    }
    boolean bounded =
        truth.longValue("nulls") < rows
            && truth.longValue("nans") == 0
            && !List.of("s", "bl").contains(column)
            && !(floats && stats.nans().isEmpty());
    if (bounded && !column.equals("d")) {
      assertThat(stats.min()).as("min of " + column).isNotNull();
      assertThat(stats.max()).as("max of " + column).isNotNull();
      assertThat(compare(stats.min(), truth.value("min"))).isZero();
      assertThat(compare(stats.max(), truth.value("max"))).isZero();
    }
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object x, Object y) {
    return switch (x) {
      case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) y);
      case String s ->
          Arrays.compareUnsigned(
              s.getBytes(java.nio.charset.StandardCharsets.UTF_8),
              ((String) y).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      case UUID u -> u.toString().compareTo(y.toString());
      case Double d -> d == 0 && (Double) y == 0 ? 0 : d.compareTo((Double) y);
      case Float d -> d == 0 && (Float) y == 0 ? 0 : d.compareTo((Float) y);
      default -> ((Comparable<Object>) x).compareTo(y);
    };
  }

  @Test
  void zerosOfBothSignsAreWithinTheBounds() {
    List<TableColumn> columns = List.of(column(1, "x", "DOUBLE"));
    for (String order : List.of("", " DESC")) {
      WrittenFile file =
          write(
                  "SELECT x FROM (VALUES ('0.0'::DOUBLE, 1), ('-0.0'::DOUBLE, 2)) t(x, i) ORDER BY i"
                      + order,
                  sink(folder, columns))
              .get(0);
      assertThat(file.columns().get(1).min()).isEqualTo(-0.0);
      assertThat(file.columns().get(1).max()).isEqualTo(0.0);
      assertThat(file.columns().get(1).nans()).hasValue(0);
    }
  }

  // ---- footers

  @Test
  void footersComeInTheOrderOfThePaths() {
    var paths = new ArrayList<String>();
    for (int i = 1; i <= 250; i++) {
      paths.add(
          write("SELECT 'x' AS __p1, i::BIGINT AS i FROM range(" + i + ") r(i)", sink(folder, TWO))
              .get(0)
              .path());
    }
    java.util.Collections.shuffle(paths, new java.util.Random(1));
    paths.add(paths.get(0));
    List<ParquetFooter> footers = engine.footers(paths);
    assertThat(footers.stream().map(ParquetFooter::path)).containsExactlyElementsOf(paths);
    for (ParquetFooter footer : footers) {
      assertThat(footer.stats().get(List.of("i")).max()).isEqualTo(footer.rows() - 1);
    }
    assertThat(engine.footers(List.of())).isEmpty();
  }

  @Test
  void aFooterThatCannotBeReadIsNamed() throws IOException {
    String good = write("SELECT 'x' AS __p1, 1::BIGINT AS i", sink(folder, TWO)).get(0).path();
    Path bad = folder.resolve("bad.parquet");
    Files.write(bad, new byte[1000]);
    assertThatThrownBy(() -> engine.footers(List.of(good, bad.toString())))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("[" + bad + "]");
    Path gone = folder.resolve("gone.parquet");
    assertThatThrownBy(() -> engine.footers(List.of(good, gone.toString())))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("[" + gone + "]");
  }

  // ---- failures

  @Test
  void aFailureLeavesNothing() throws IOException {
    String sql =
        "SELECT 's' || i AS __p1, CASE WHEN i = 1999999 THEN 'no number' ELSE i::VARCHAR END::BIGINT AS i FROM range(2000000) r(i)";
    DataFileSink sink = sized(sink(folder.resolve("x"), TWO), 1_000_000, 20_000);
    for (DataFileSink each :
        List.of(sink, partitioned(sink, col("i").modulo(10)), sorted(sink, "__p1"))) {
      assertThatThrownBy(() -> write(sql, each))
          .isInstanceOf(BadData.class)
          .hasMessageContaining("no number");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aWriteThatIsStoppedLeavesNothing() throws Exception {
    String sql = "SELECT md5(i::VARCHAR) AS __p1, i::BIGINT AS i FROM range(2000000000) r(i)";
    DataFileSink sink = sized(sink(folder, TWO), 1_000_000, 20_000);
    assertThatThrownBy(() ->
            engine.writeDataFiles(
                sql(engine, sql), sink, RunOptions.DEFAULT.timeout(Duration.ofMillis(700))))
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("time ran out");
    assertThat(files()).isEmpty();
    var thrown = new java.util.concurrent.atomic.AtomicReference<Throwable>();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                write(sql, sink);
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    Thread.sleep(500);
    writer.interrupt();
    writer.join();
    assertThat(thrown.get()).isInstanceOf(LimitExceeded.class).hasMessageContaining("interrupted");
    assertThat(files()).isEmpty();
  }

  @Test
  void filesOfTwoWritesDoNotMeet() throws IOException {
    var paths = new HashSet<String>();
    for (int i = 0; i < 5; i++) {
      write("SELECT 's' AS __p1, 1::BIGINT AS i", sink(folder, TWO))
          .forEach(f -> paths.add(f.path()));
    }
    assertThat(paths).hasSize(5);
    assertThat(files()).hasSize(5);
  }
}
