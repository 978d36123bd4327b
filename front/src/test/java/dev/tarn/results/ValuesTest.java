package dev.tarn.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a value of each type is in Java, alone and within lists and structs. */
class ValuesTest {

  private static final TimeZone BEFORE = TimeZone.getDefault();
  private static Tarn tarn;

  /** In a zone with summer time: a value must not depend on where it is read. */
  @BeforeAll
  static void open() {
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
    TimeZone.setDefault(BEFORE);
  }

  static List<Arguments> values() {
    UUID uuid = UUID.fromString("00000000-0000-0000-0000-0000000000ff");
    BigInteger most = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
    return List.of(
        Arguments.of("true", true),
        Arguments.of("(-128)::TINYINT", -128),
        Arguments.of("255::UTINYINT", 255),
        Arguments.of("65535::USMALLINT", 65535),
        Arguments.of("4294967295::UINTEGER", 4294967295L),
        Arguments.of("18446744073709551615::UBIGINT", new BigInteger("18446744073709551615")),
        Arguments.of("'" + most + "'::UHUGEINT", most),
        Arguments.of(
            "'-170141183460469231731687303715884105727'::HUGEINT",
            new BigInteger("-170141183460469231731687303715884105727")),
        Arguments.of("1.1::FLOAT", 1.1f),
        Arguments.of("'-0'::DOUBLE", -0.0),
        Arguments.of("'nan'::DOUBLE", Double.NaN),
        Arguments.of("'-inf'::FLOAT", Float.NEGATIVE_INFINITY),
        Arguments.of("1.7976931348623157e308", Double.MAX_VALUE),
        Arguments.of("1.50::DECIMAL(4,2)", new BigDecimal("1.50")),
        Arguments.of(
            "0.00000000000000000001::DECIMAL(38,20)", new BigDecimal("0.00000000000000000001")),
        Arguments.of("'é🎈' || chr(0) || '\"\\'", "é🎈\0\"\\"),
        Arguments.of("DATE '2024-02-29'", LocalDate.of(2024, 2, 29)),
        Arguments.of("DATE '0044-03-15 (BC)'", LocalDate.of(-43, 3, 15)),
        Arguments.of("DATE '12345-06-07'", LocalDate.of(12345, 6, 7)),
        Arguments.of("DATE '-infinity'", LocalDate.ofEpochDay(-Integer.MAX_VALUE)),
        Arguments.of("TIME '23:59:59.000001'", LocalTime.of(23, 59, 59, 1000)),
        Arguments.of("'12:00:00.123456789'::TIME_NS", LocalTime.of(12, 0, 0, 123456789)),
        Arguments.of("'12:00:00+05:30'::TIMETZ", OffsetTime.parse("12:00:00+05:30")),
        Arguments.of("TIMESTAMP '2024-03-31 02:30:00'", LocalDateTime.of(2024, 3, 31, 2, 30)),
        Arguments.of(
            "TIMESTAMP '0001-01-01 00:00:00.000001'", LocalDateTime.of(1, 1, 1, 0, 0, 0, 1000)),
        Arguments.of("TIMESTAMP '290000-01-01'", LocalDateTime.of(290000, 1, 1, 0, 0)),
        Arguments.of(
            "'1969-12-31 23:59:59.5'::TIMESTAMP_MS",
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 500_000_000)),
        Arguments.of(
            "'2024-01-01 00:00:00.123456789'::TIMESTAMP_NS",
            LocalDateTime.of(2024, 1, 1, 0, 0, 0, 123456789)),
        Arguments.of(
            "TIMESTAMPTZ '2024-03-31 00:30:00+00'", OffsetDateTime.parse("2024-03-31T00:30Z")),
        Arguments.of(
            "TIMESTAMPTZ '2024-07-01 12:00:00+02'", OffsetDateTime.parse("2024-07-01T10:00Z")),
        Arguments.of("INTERVAL '1 year 2 days 3 hours'", "1 year 2 days 03:00:00"),
        Arguments.of("UUID '" + uuid + "'", uuid),
        Arguments.of("'101'::BIT", "101"),
        Arguments.of("'b'::ENUM('a', 'b')", "b"),
        Arguments.of("'{\"a\": [1]}'::JSON", "{\"a\": [1]}"),
        Arguments.of("['x', NULL, '']", Arrays.asList("x", null, "")),
        Arguments.of("[1, 2]::INT[2]", List.of(1, 2)),
        Arguments.of("MAP {1: ['x'], 2: NULL}", mapOf(1, List.of("x"), 2, null)),
        Arguments.of(
            "{'b': 1, 'A c': {'d': [true]}}", Map.of("b", 1, "A c", Map.of("d", List.of(true)))),
        Arguments.of("union_value(k := 1)", "1"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueIsTheSameAloneAndWithin(String sql, Object expected) {
    assertThat(value(sql)).isEqualTo(expected);
    assertThat(value("[" + sql + ", NULL]")).isEqualTo(Arrays.asList(expected, null));
    assertThat(value("{'v': " + sql + "}")).isEqualTo(Map.of("v", expected));
    assertThat(value("CASE WHEN false THEN " + sql + " END")).isNull();
  }

  /** All but unions, whose text does not say which member it is. */
  static List<Arguments> valuesToReadAgain() {
    return values().stream()
        .filter(value -> !value.get()[0].toString().startsWith("union"))
        .toList();
  }

  /** Rows that were collected are a source, too. */
  @ParameterizedTest
  @MethodSource("valuesToReadAgain")
  void aValueIsTheSameWhenItIsReadAgain(String sql, Object expected) {
    assertThat(again(sql)).isEqualTo(expected);
    assertThat(again("[" + sql + ", NULL]")).isEqualTo(Arrays.asList(expected, null));
    assertThat(again("MAP {'v': [{'v': " + sql + "}]}"))
        .isEqualTo(Map.of("v", List.of(Map.of("v", expected))));
  }

  @Test
  void jsonStaysJsonWhenItIsReadAgain() {
    String sql = "{'e': '{\"b\": [1.10, 1e400]}'::JSON, 'n': NULL::JSON}";
    tarn.register("again", tarn.rows(tarn.sql("SELECT " + sql + " AS v").collect()));
    assertThat(
            tarn.sql("SELECT v.e::VARCHAR || json_type(v.e->'b') || typeof(v.n) FROM again")
                .collect()
                .value())
        .isEqualTo("{\"b\": [1.10, 1e400]}ARRAYJSON");
  }

  @Test
  void bytesAreTheSameAloneAndWithin() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String hex = java.util.HexFormat.of().formatHex(all);
    assertThat((byte[]) again("unhex('" + hex + "')")).containsExactly(all);
    assertThat((byte[]) ((List<?>) again("[unhex('" + hex + "')]")).get(0)).containsExactly(all);
    assertThat((byte[]) ((Map<?, ?>) again("MAP {'k': unhex('" + hex + "')}")).get("k"))
        .containsExactly(all);
    assertThat((byte[]) value("unhex('" + hex + "')")).containsExactly(all);
    assertThat((byte[]) ((List<?>) value("[unhex('" + hex + "')]")).get(0)).containsExactly(all);
    assertThat((byte[]) value("''::BLOB")).isEmpty();
  }

  @Test
  void whatHasNoFormInJavaIsSaid() {
    assertThatThrownBy(() -> value("TIME '24:00:00'"))
        .isInstanceOf(BadData.class)
        .hasMessage("Cannot read TIME: '24:00:00' has no form in Java. Cast it to VARCHAR.");
    assertThat(value("TIME '24:00:00'::VARCHAR")).isEqualTo("24:00:00");
  }

  private static Object value(String sql) {
    return tarn.sql("SELECT " + sql + " AS v").collect().value();
  }

  private static Object again(String sql) {
    return tarn.rows(tarn.sql("SELECT " + sql + " AS v").collect()).collect().value();
  }

  private static Map<Object, Object> mapOf(Object a, Object x, Object b, Object y) {
    var map = new java.util.LinkedHashMap<Object, Object>();
    map.put(a, x);
    map.put(b, y);
    return map;
  }
}
