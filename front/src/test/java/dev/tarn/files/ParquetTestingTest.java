package dev.tarn.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Rows;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.io.ReadOptions.Checksums;
import dev.tarn.io.ReadOptions.OnBadFile;
import dev.tarn.testkit.Refusals;
import dev.tarn.testkit.SharedData;
import dev.tarn.type.DataType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of apache/parquet-testing: read as plain DuckDB reads it, value by value, or refused
 * by name. All values are compared as DuckDB's text of them, computed on both sides, and once more
 * as Java objects against the driver's own.
 */
class ParquetTestingTest {

  /** Files that are refused, and what in them cannot be read. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "byte_stream_split_extended.gzip.parquet",
          "BYTE_STREAM_SPLIT encoding is only supported for FLOAT, DOUBLE, INT32 or INT64 data",
          "map_no_value.parquet",
          "MAP_KEY_VALUE requires two children",
          "datapage_v1-corrupt-checksum.parquet",
          "a page of column a is damaged, its checksum does not fit",
          "rle-dict-uncompressed-corrupt-checksum.parquet",
          "a page of column long_field is damaged, its checksum does not fit");

  /** Each of its two values is a map with a key of a gigabyte: compared by hash. */
  private static final String HUGE = "large_string_map.brotli.parquet";

  /** How many rows some files have, as their descriptions say. */
  private static final Map<String, Integer> ROWS =
      Map.of(
          "alltypes_plain.parquet", 8,
          "alltypes_dictionary.parquet", 2,
          "alltypes_tiny_pages.parquet", 7300,
          "delta_binary_packed.parquet", 200,
          "datapage_v1-uncompressed-checksum.parquet", 5120,
          "overflow_i16_page_cnt.parquet", 40_000,
          "int96_from_spark.parquet", 6,
          "concatenated_gzip_members.parquet", 513,
          "nation.dict-malformed.parquet", 25,
          "hadoop_lz4_compressed_larger.parquet", 10_000);

  private static Tarn tarn;
  private static Connection plain;

  @BeforeAll
  static void open() throws SQLException {
    tarn = Tarn.open();
    plain = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = plain.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }

  @AfterAll
  static void close() throws SQLException {
    tarn.close();
    plain.close();
  }

  static Stream<Path> files() {
    List<Path> files = SharedData.files("parquet-testing", ".parquet");
    // A parameterized test without arguments fails; this one is skipped by SharedData.path.
    return files.isEmpty() ? Stream.of(Path.of("absent")) : files.stream();
  }

  private static String name(Path file) {
    return Objects.toString(file.getFileName());
  }

  @ParameterizedTest
  @MethodSource("files")
  @Timeout(300)
  void aFileIsReadRightOrRefusedByName(Path file) throws SQLException {
    SharedData.path("parquet-testing");
    String why = REFUSED.get(name(file));
    if (why != null) {
      Refusals.assertRefused(
          BadData.class,
          "(?i)Cannot read \\[.*" + name(file) + "\\]: " + why + "\\. .*",
          () -> tarn.parquet(file.toString()).collect());
      return;
    }
    Frame frame = tarn.parquet(file.toString());
    if (name(file).equals(HUGE)) {
      assertThat(hugeSummary(frame)).isEqualTo(plainRows(hugeSql(file)));
      return;
    }
    assertThat(texts(frame))
        .isEqualTo(plainRows("SELECT " + textsOf(frame) + " FROM '" + file + "'"));
    Rows rows = frame.collect();
    if (ROWS.containsKey(name(file))) {
      assertThat(rows.size()).isEqualTo(ROWS.get(name(file)));
    }
    assertObjects(file, rows);
  }

  @Test
  void theTablesNameFilesThatAreThere() {
    SharedData.path("parquet-testing");
    assertThat(files().map(ParquetTestingTest::name))
        .containsAll(REFUSED.keySet())
        .containsAll(ROWS.keySet())
        .contains(HUGE);
  }

  // ---- as text

  private static String textsOf(Frame frame) {
    return frame.columns().stream()
        .map(name -> "CAST(\"" + name.replace("\"", "\"\"") + "\" AS VARCHAR)")
        .collect(Collectors.joining(", "));
  }

  private static List<List<Object>> texts(Frame frame) {
    return values(frame.sql("SELECT " + textsOf(frame) + " FROM this").collect());
  }

  private static List<List<Object>> values(Rows rows) {
    var values = new ArrayList<List<Object>>();
    for (Row row : rows) {
      values.add(new ArrayList<>(row.toMap().values()));
    }
    return values;
  }

  private static List<List<Object>> plainRows(String sql) throws SQLException {
    try (Statement statement = plain.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      var rows = new ArrayList<List<Object>>();
      while (result.next()) {
        var row = new ArrayList<Object>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static final String SUMMARY =
      "SELECT cardinality(arr), hash(arr)::VARCHAR, map_values(arr)[1] FROM ";

  private static String hugeSql(Path file) {
    return SUMMARY + "'" + file + "'";
  }

  private static List<List<Object>> hugeSummary(Frame frame) {
    return values(frame.sql(SUMMARY + "this").collect());
  }

  // ---- as objects

  /** Simple types only: the driver's nested objects are of its own classes. */
  private static void assertObjects(Path file, Rows rows) throws SQLException {
    try (Statement statement = plain.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM '" + file + "'")) {
      int n = 0;
      while (result.next()) {
        for (int i = 0; i < rows.schema().size(); i++) {
          Object actual = rows.row(n).value(i);
          String as = "row %d column %s".formatted(n, rows.schema().names().get(i));
          switch (rows.schema().fields().get(i).type()) {
            case DataType.Simple.FLOAT, DataType.Simple.DOUBLE, DataType.Simple.BOOLEAN ->
                assertThat(actual).as(as).isEqualTo(result.getObject(i + 1));
            case DataType.Simple.BLOB ->
                assertThat((byte[]) actual).as(as).isEqualTo(result.getBytes(i + 1));
            case DataType.Simple.TIMESTAMP ->
                assertThat(actual)
                    .as(as)
                    .isEqualTo(result.getObject(i + 1, java.time.LocalDateTime.class));
            case DataType.Decimal d ->
                assertThat(actual).as(as).isEqualTo(result.getBigDecimal(i + 1));
            default -> assertThat(actual == null).as(as).isEqualTo(result.getObject(i + 1) == null);
          }
        }
        n++;
      }
      assertThat(rows.size()).isEqualTo(n);
    }
  }

  // ---- what is known about some files

  private static Rows read(String name) {
    return tarn.parquet(SharedData.path("parquet-testing/" + name).toString()).collect();
  }

  @Test
  void knownValuesAreRead() {
    Rows all = read("alltypes_plain.parquet");
    assertThat(all.column("id")).containsExactly(4, 5, 6, 7, 2, 3, 0, 1);
    assertThat(all.row(1).value("timestamp_col"))
        .isEqualTo(java.time.LocalDateTime.of(2009, 3, 1, 0, 1));
    assertThat(read("int32_decimal.parquet").row(23).decimal("value")).isEqualByComparingTo("24");
    assertThat(read("fixed_length_decimal.parquet").row(0).decimal("value"))
        .isEqualByComparingTo("1");
    assertThat(read("nulls.snappy.parquet").column("b_struct")).hasSize(8);
    assertThat(read("single_nan.parquet").column("mycol")).containsOnlyNulls();
    assertThat(read("rle_boolean_encoding.parquet").column("datatype_boolean")).hasSize(68);
    assertThat(read("list_columns.parquet").row(0).list("int64_list"))
        .isEqualTo(List.of(1L, 2L, 3L));
    assertThat(read("binary.parquet").row(11).as("foo", byte[].class)).containsExactly((byte) 0x0B);
  }

  /**
   * DuckDB does not look at page checksums: read by it alone, a changed byte is a changed value.
   */
  @Test
  void aDamagedPageIsAnErrorUnlessChecksumsAreNotWanted() {
    String file =
        SharedData.path("parquet-testing/datapage_v1-corrupt-checksum.parquet").toString();
    for (Checksums choice : List.of(Checksums.WHEN_SMALL, Checksums.ALWAYS)) {
      assertThatThrownBy(() -> tarn.parquet(file, o -> o.checksums(choice)))
          .isInstanceOf(BadData.class)
          .hasMessage(
              "Cannot read [%s]: a page of column a is damaged, its checksum does not fit. Restore the file from a copy."
                  .formatted(file));
    }
    assertThatThrownBy(() -> tarn.sql("FROM '" + file + "'")).isInstanceOf(BadData.class);
    assertThatThrownBy(() -> tarn.parquet(file, o -> o.onBadFile(OnBadFile.SKIP)))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("checksum does not fit");
    Rows sound = read("datapage_v1-uncompressed-checksum.parquet");
    Rows damaged = tarn.parquet(file, o -> o.checksums(Checksums.NEVER)).collect();
    assertThat(damaged.column("a")).isNotEqualTo(sound.column("a"));
  }
}
