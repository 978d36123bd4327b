package dev.tarn.table;

import static dev.tarn.Columns.*;
import static dev.tarn.table.Tables.*;
import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.BadData;
import dev.tarn.error.Unavailable;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan;
import dev.tarn.spi.TableScan.Deletes;
import dev.tarn.spi.WrittenFile;
import dev.tarn.type.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of tables: columns are found by id, rows that are gone are left out. */
class ReadingTablesTest {

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

  private String write(String sql, TableColumn... columns) {
    List<WrittenFile> files =
        engine.writeDataFiles(sql(engine, sql), sink(folder, List.of(columns)), RunOptions.DEFAULT);
    assertThat(files).hasSize(1);
    return files.get(0).path();
  }

  /** A file as others write it, at a path of its own. */
  private String copy(String name, String sql) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Path written = Path.of(write(sql, columnsOf(sql)));
    Files.move(written, path);
    return path.toString();
  }

  private static TableColumn[] columnsOf(String sql) {
    var next = new java.util.concurrent.atomic.AtomicInteger(1);
    return engine.schema(sql(engine, sql)).fields().stream()
        .map(f -> column(next.getAndIncrement(), f.name(), f.type().toString()))
        .toArray(TableColumn[]::new);
  }

  private static List<List<Object>> values(Frame frame) {
    return rowsOf(frame).stream().map(ReadingTablesTest::values).toList();
  }

  private static List<Object> values(Row row) {
    return java.util.stream.IntStream.range(0, row.schema().size())
        .mapToObj(row::value)
        .collect(java.util.stream.Collectors.toList());
  }

  private static Frame read(TableScan scan) {
    return Tables.read(engine, scan);
  }

  // ---- columns by id

  @Test
  void columnsAreFoundByIdUnderAnyName() {
    String file =
        write(
            "SELECT 1::BIGINT AS a, 'x' AS b", column(1, "a", "BIGINT"), column(2, "b", "VARCHAR"));
    List<String> odd =
        List.of("Ab.c", "quote\" it", "ünï", "filename", "FILE_ROW_NUMBER", "select", "file_index");
    for (String name : odd) {
      for (boolean place : new boolean[] {false, true}) {
        TableScan scan =
            scan(List.of(column(2, name, "VARCHAR"), column(1, "b", "BIGINT")), group(file));
        Frame frame = read(place ? placed(scan) : scan);
        assertThat(frame.columns().subList(0, 2)).containsExactly(name, "b");
        assertThat(values(frame).get(0)).startsWith("x", 1L);
        if (place) {
          assertThat(values(frame).get(0).subList(2, 4)).containsExactly(file, 0L);
        }
      }
    }
  }

  @Test
  void columnsAddedLaterHaveTheirInitialValueOrNone() {
    String file = write("SELECT 1::BIGINT AS a", column(1, "a", "BIGINT"));
    List<TableColumn> table =
        List.of(
            column(1, "a", "BIGINT"),
            column(2, "n", "VARCHAR"),
            column(3, "t", "VARCHAR", "it's \"ü\"\0"),
            column(4, "d", "DECIMAL(9,2)", new java.math.BigDecimal("1.50")),
            column(5, "b", "BOOLEAN", true),
            column(6, "day", "DATE", java.time.LocalDate.of(2024, 2, 29)),
            column(
                7,
                "ts",
                "TIMESTAMP WITH TIME ZONE",
                java.time.OffsetDateTime.parse("2024-01-01T01:02:03.123456Z")),
            column(8, "x", "DOUBLE", 1e-7),
            column(9, "u", "UUID", new java.util.UUID(1, 2)),
            column(10, "l", "INTEGER[]"));
    for (TableScan.Group group :
        List.of(group(file), shaped(List.of(inFile(column(1, "a", "BIGINT"))), file))) {
      List<Object> row = values(read(scan(table, group))).get(0);
      assertThat(row.get(2)).isEqualTo("it's \"ü\"\0");
      assertThat(row)
          .containsExactly(
              1L,
              null,
              "it's \"ü\"\0",
              new java.math.BigDecimal("1.50"),
              true,
              java.time.LocalDate.of(2024, 2, 29),
              java.time.OffsetDateTime.parse("2024-01-01T01:02:03.123456Z"),
              1e-7,
              new java.util.UUID(1, 2),
              null);
    }
  }

  @Test
  void bytesAddedLaterHaveTheirInitialValue() {
    String file = write("SELECT 1::BIGINT AS a", column(1, "a", "BIGINT"));
    byte[] bytes = {0, -1, '\\', 'x', 'a'};
    var value =
        (byte[])
            values(read(scan(List.of(column(2, "b", "BLOB", bytes)), group(file)))).get(0).get(0);
    assertThat(value).isEqualTo(bytes);
  }

  @Test
  void numbersAreWidened() {
    String file =
        write(
            "SELECT 7::INTEGER AS a, 1.5::FLOAT AS f",
            column(1, "a", "INTEGER"),
            column(2, "f", "FLOAT"));
    List<TableColumn> wide = List.of(column(1, "a", "BIGINT"), column(2, "f", "DOUBLE"));
    List<FileColumn> shape =
        List.of(inFile(column(1, "a", "INTEGER")), inFile(column(2, "f", "FLOAT")));
    for (TableScan.Group group : List.of(group(file), shaped(shape, file))) {
      assertThat(values(read(scan(wide, group)))).containsExactly(List.of(7L, 1.5));
    }
  }

  @Test
  void renamedMembersAreFoundById() {
    TableColumn x = column(11, "x", "INTEGER");
    TableColumn y = column(12, "y", "VARCHAR");
    TableColumn old = structOf(1, "s", x, y);
    String file =
        write(
            "SELECT CASE WHEN i < 2 THEN {'x': i::INTEGER, 'y': CASE WHEN i = 0 THEN 'a' END} END AS s"
                + " FROM range(3) r(i)",
            old);
    TableColumn today =
        structOf(
            1,
            "s",
            column(12, "select", "VARCHAR"),
            column(13, "y", "BOOLEAN"),
            column(11, "X.\"q", "BIGINT"));
    List<List<Object>> rows =
        values(read(scan(List.of(today), shaped(List.of(inFile(old)), file))));
    assertThat(rows.get(0).get(0).toString()).isEqualTo("{select=a, y=null, X.\"q=0}");
    assertThat(rows.get(1).get(0).toString()).isEqualTo("{select=null, y=null, X.\"q=1}");
    assertThat(rows.get(2).get(0)).isNull();
  }

  @Test
  void renamedMembersWithinListsAndMapsAreFoundById() {
    TableColumn element = structOf(11, "element", column(12, "x", "INTEGER"));
    TableColumn list = listOf(1, "l", element);
    TableColumn map =
        mapOf(
            2,
            "m",
            column(21, "key", "VARCHAR"),
            listOf(22, "value", structOf(23, "element", column(24, "v", "INTEGER"))));
    String file =
        write(
            "SELECT [{'x': 1::INTEGER}, NULL] AS l, MAP {'k': [{'v': 5::INTEGER}]} AS m UNION ALL SELECT NULL, NULL"
                + " UNION ALL SELECT [], MAP {}",
            list,
            map);
    TableColumn listNow =
        listOf(
            1, "l", structOf(11, "element", column(13, "n", "VARCHAR"), column(12, "z", "BIGINT")));
    TableColumn mapNow =
        mapOf(
            2,
            "m",
            column(21, "key", "VARCHAR"),
            listOf(22, "value", structOf(23, "element", column(24, "w", "BIGINT"))));
    List<List<Object>> rows =
        values(
            read(scan(List.of(listNow, mapNow), shaped(List.of(inFile(list), inFile(map)), file))));
    assertThat(rows.get(0).toString()).isEqualTo("[[{n=null, z=1}, null], {k=[{w=5}]}]");
    assertThat(rows.get(1)).containsOnlyNulls();
    assertThat(rows.get(2).toString()).isEqualTo("[[], {}]");
  }

  @Test
  void aColumnDroppedAndAddedAgainIsAnotherOne() {
    String file = write("SELECT 'old' AS a", column(1, "a", "VARCHAR"));
    assertThat(values(read(scan(List.of(column(2, "a", "VARCHAR")), group(file)))))
        .containsExactly(Collections.singletonList(null));
    TableColumn old = structOf(1, "s", column(2, "a", "VARCHAR"));
    String nested = write("SELECT {'a': 'old'} AS s", old);
    TableColumn now = structOf(1, "s", column(3, "a", "VARCHAR"));
    assertThat(
            values(read(scan(List.of(now), shaped(List.of(inFile(old)), nested))))
                .get(0)
                .toString())
        .isEqualTo("[{a=null}]");
  }

  @Test
  void filesWithoutIdsAreReadByTheirShape() {
    String file =
        write(
            "SELECT 'a' AS \"Ab.c\", 1::INTEGER AS \"q\"\"\"",
            column(8, "Ab.c", "VARCHAR"),
            column(9, "q\"", "INTEGER"));
    List<FileColumn> shape =
        List.of(
            new FileColumn(
                OptionalInt.of(1), "Ab.c", DataType.VARCHAR, List.of(), FileColumn.Place.FILE),
            new FileColumn(
                OptionalInt.empty(), "q\"", DataType.INTEGER, List.of(), FileColumn.Place.FILE));
    assertThat(
            values(
                read(
                    scan(
                        List.of(column(1, "t", "VARCHAR"), column(2, "q", "INTEGER")),
                        shaped(shape, file)))))
        .containsExactly(Arrays.asList("a", null));
  }

  @Test
  void groupsAreReadTogetherAndNoneYieldNothing() {
    String one = write("SELECT 1::BIGINT AS a", column(1, "a", "BIGINT"));
    String two = write("SELECT 2::INTEGER AS old", column(1, "old", "INTEGER"));
    List<TableColumn> table = List.of(column(1, "a", "BIGINT"));
    TableScan both =
        scan(table, group(one), shaped(List.of(inFile(column(1, "old", "INTEGER"))), two));
    assertThat(values(read(both).sort("a"))).containsExactly(List.of(1L), List.of(2L));
    assertThat(values(read(placed(both)).sort("a")))
        .containsExactly(List.of(1L, one, 0L), List.of(2L, two, 0L));
    assertThat(values(read(placed(scan(table))))).isEmpty();
    assertThat(read(placed(scan(table))).schema().names()).containsExactly("a", "_file", "_pos");
  }

  @Test
  void foldersOfOurOwnFilesAreNoColumns() throws IOException {
    String file = copy("a=9/[x]*/f.parquet", "SELECT 1::BIGINT AS a, 2::BIGINT AS i");
    copy("a=9/x9/f.parquet", "SELECT 3::BIGINT AS a, 4::BIGINT AS i");
    List<TableColumn> table = List.of(column(1, "a", "BIGINT"), column(2, "i", "BIGINT"));
    assertThat(values(read(placed(scan(table, group(file))))))
        .containsExactly(List.of(1L, 2L, file, 0L));
    List<FileColumn> shape = table.stream().map(Tables::inFile).toList();
    assertThat(values(read(scan(table, shaped(shape, file))))).containsExactly(List.of(1L, 2L));
  }

  // ---- columns in paths

  @Test
  void columnsInThePathAreReadFromIt() throws IOException {
    String sql = "SELECT 1::BIGINT AS i, 'file' AS p, 'file' AS year";
    List<String> files =
        List.of(
            copy("year=1/x/year=2024/p=a%20b+c%2F%C3%BC/f.parquet", sql),
            copy("x/year=2025/p=__HIVE_DEFAULT_PARTITION__/f.parquet", sql),
            copy("x/year=__HIVE_DEFAULT_PARTITION__/p=/f.parquet", sql));
    List<TableColumn> table =
        List.of(
            column(1, "i", "BIGINT"),
            column(5, "P", "VARCHAR"),
            column(6, "y", "INTEGER"),
            column(2, "q", "VARCHAR"));
    List<FileColumn> shape =
        List.of(
            inFile(column(1, "i", "BIGINT")),
            inPath(5, "p"),
            inPath(6, "year"),
            inFile(column(2, "p", "VARCHAR")));
    TableScan scan = scan(table, shaped(shape, files.toArray(String[]::new)));
    assertThat(values(read(scan).sort("y")))
        .containsExactly(
            Arrays.asList(1L, "a b+c/ü", 2024, "file"),
            Arrays.asList(1L, null, 2025, "file"),
            Arrays.asList(1L, "", null, "file"));
    assertThat(values(read(placed(scan)).filter(col("y").eq(2025)))).hasSize(1);
    assertThat(read(scan).filter(col("y").eq(2025)).explain().toString()).contains("1/3");
  }

  // ---- filters

  @Test
  void filtersReachTheFiles() {
    String file =
        write(
            "SELECT i::BIGINT AS i, i::INTEGER AS j FROM range(1000) r(i)",
            column(1, "i", "BIGINT"),
            column(2, "j", "INTEGER"));
    List<TableColumn> table = List.of(column(1, "n", "BIGINT"), column(2, "m", "INTEGER"));
    List<FileColumn> shape =
        List.of(inFile(column(1, "i", "BIGINT")), inFile(column(2, "j", "INTEGER")));
    TableScan scan =
        placed(
            scan(
                table,
                group(file),
                shaped(shape, file),
                without(group(file), new Deletes.Positions(Map.of(file, new long[] {5})))));
    String plan = read(scan).filter(col("n").lt(7)).explain().toString();
    assertThat(read(scan).filter(col("n").lt(7)).collect()).hasSize(20);
    assertThat(plan).doesNotContain("FILTER");
  }

  // ---- rows that are gone

  @Test
  void deletedRowsAreLeftOut() throws IOException {
    String a =
        write(
            "SELECT i::BIGINT AS i, 'a' || (i % 3) AS s FROM range(10) r(i)",
            column(1, "i", "BIGINT"), column(2, "s", "VARCHAR"));
    String b =
        write(
            "SELECT i::BIGINT AS i, CASE WHEN i > 12 THEN 'b' END AS s FROM range(10, 20) r(i)",
            column(1, "i", "BIGINT"),
            column(2, "s", "VARCHAR"));
    String positions =
        copy(
            "d/positions.parquet",
            "SELECT * FROM (VALUES ('%s', 0::BIGINT), ('file:%s', 1), ('file://%s', 2), ('nowhere', 3)) t(file_path, pos)"
                .formatted(a, a, b));
    String equal =
        write(
            "SELECT NULL::VARCHAR AS x, 10::BIGINT AS y UNION ALL SELECT 'a2', 5",
            column(2, "x", "VARCHAR"),
            column(1, "y", "BIGINT"));
    List<Deletes> deletes =
        List.of(
            new Deletes.PositionFiles(List.of(positions)),
            new Deletes.Positions(Map.of(b, LongStream.range(5, 9).toArray(), a, new long[] {9})),
            new Deletes.EqualValues(
                List.of(equal), List.of(column(2, "s", "VARCHAR"), column(1, "i", "BIGINT"))));
    List<TableColumn> table = List.of(column(1, "id", "BIGINT"));
    List<FileColumn> shape =
        List.of(inFile(column(1, "i", "BIGINT")), inFile(column(2, "s", "VARCHAR")));
    for (TableScan.Group group : List.of(group(a, b), shaped(shape, a, b))) {
      TableScan scan = scan(table, without(group, deletes.toArray(Deletes[]::new)));
      List<Object> left = values(read(scan).sort("id")).stream().map(row -> row.get(0)).toList();
      assertThat(left).containsExactly(2L, 3L, 4L, 6L, 7L, 8L, 11L, 13L, 14L, 19L);
      assertThat(values(read(placed(scan)).filter(col("id").eq(13))))
          .containsExactly(List.of(13L, b, 3L));
      assertThat(values(read(scan).filter(col("id").lt(4)).sort("id")))
          .containsExactly(List.of(2L), List.of(3L));
    }
  }

  @Test
  void manyDeletedRowsAndFilesAreFine() {
    String file = write("SELECT i::BIGINT AS i FROM range(300000) r(i)", column(1, "i", "BIGINT"));
    List<TableColumn> table = List.of(column(1, "i", "BIGINT"));
    var gone =
        new Deletes.Positions(
            Map.of(file, LongStream.range(0, 300_000).filter(i -> i % 3 != 0).toArray()));
    assertThat(read(scan(table, without(group(file), gone))).agg(count().as("n")).collect().value())
        .isEqualTo(100_000L);
    String small = write("SELECT 1::BIGINT AS i", column(1, "i", "BIGINT"));
    String[] many = new String[3000];
    Arrays.fill(many, small);
    assertThat(read(placed(scan(table, group(many)))).agg(count().as("n")).collect().value())
        .isEqualTo(3000L);
  }

  // ---- failures

  @Test
  void aMissingFileIsNamed() {
    String file = write("SELECT 1::BIGINT AS a", column(1, "a", "BIGINT"));
    String gone = folder.resolve("gone.parquet").toString();
    assertThatThrownBy(
            () -> read(scan(List.of(column(1, "a", "BIGINT")), group(file, gone))).collect())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(gone);
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    String file =
        write(
            "SELECT i::BIGINT AS a, md5(i::VARCHAR) AS s FROM range(100000) r(i)",
            column(1, "a", "BIGINT"),
            column(2, "s", "VARCHAR"));
    String good =
        write(
            "SELECT 1::BIGINT AS a, '' AS s", column(1, "a", "BIGINT"), column(2, "s", "VARCHAR"));
    byte[] bytes = Files.readAllBytes(Path.of(file));
    Arrays.fill(bytes, 1000, bytes.length / 2, (byte) 0x5a);
    Files.write(Path.of(file), bytes);
    assertThatThrownBy(() ->
            read(scan(
                    List.of(column(1, "a", "BIGINT"), column(2, "s", "VARCHAR")),
                    group(good, file)))
                .collect())
        .isInstanceOf(BadData.class)
        .hasMessageContaining(file);
    Files.write(Path.of(file), new byte[100]);
    assertThatThrownBy(() ->
            read(scan(
                    List.of(column(1, "a", "BIGINT"), column(2, "s", "VARCHAR")),
                    group(good, file)))
                .collect())
        .isInstanceOf(BadData.class)
        .hasMessageContaining(file);
  }

  @Test
  void valuesOfPartsDoNotDeleteRows() {
    TableColumn struct = structOf(1, "s", column(2, "x", "INTEGER"));
    String file = write("SELECT {'x': 1::INTEGER} AS s", struct);
    var deletes = new Deletes.EqualValues(List.of(file), List.of(column(2, "x", "INTEGER")));
    assertRefused(
        dev.tarn.error.InvalidRequest.class,
        "Cannot read the table: rows are deleted by the value of x, which is part of another column\\. Rewrite its delete files\\.",
        () -> read(scan(List.of(struct), without(group(file), deletes))).collect());
  }
}
