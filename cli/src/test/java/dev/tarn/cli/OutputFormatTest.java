package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputFormatTest {

  private static String print(String format, String query) {
    CommandRun run = CommandRun.of("sql", query, "--format", format);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.out();
  }

  // ---- CSV

  @Test
  void csvTellsNullFromEmptyText() {
    assertThat(print("csv", "SELECT NULL AS a, '' AS b, 'x' AS c")).isEqualTo("a,b,c\n,\"\",x\n");
  }

  @Test
  void csvQuotesWhatWouldEndAValue() {
    assertThat(
            print(
                "csv",
                "SELECT 'a,b' AS \"x,y\", 'say \"hi\"' AS q, 'two' || chr(10) || 'lines' AS l"))
        .isEqualTo("\"x,y\",q,l\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
  }

  @Test
  void csvWritesNumbersTimesAndNestedValues() {
    assertThat(
            print(
                "csv",
                "SELECT 1.50::DECIMAL(9,2) AS d, 12345678.5::DOUBLE AS f,"
                    + " TIMESTAMP '2024-01-02 03:04:00' AS t, [1, 2] AS l"))
        .isEqualTo("d,f,t,l\n1.50,12345678.5,2024-01-02 03:04:00,\"[1,2]\"\n");
  }

  // ---- JSON

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1::TINYINT | 1",
        "9007199254740993 | 9007199254740993",
        "170141183460469231731687303715884105727::HUGEINT | 170141183460469231731687303715884105727",
        "0.10::DECIMAL(20,2) | 0.10",
        "12345678901234567890123456.789::DECIMAL(38,3) | 12345678901234567890123456.789",
        "0.1::DOUBLE | 0.1",
        "'NaN'::DOUBLE | null",
        "'-Infinity'::FLOAT | null",
        "true | true",
        "NULL | null",
        "DATE '2024-02-29' | \"2024-02-29\"",
        "TIMESTAMP '2024-01-02 03:04:00' | \"2024-01-02T03:04:00\"",
        "TIMESTAMPTZ '2024-01-02 03:04:05.678+02' | \"2024-01-02T01:04:05.678Z\"",
        "TIME '01:02:03' | \"01:02:03\"",
        "'\\xAA\\x00'::BLOB | \"qgA=\"",
        "'a\"b\\c' | \"a\\\"b\\\\c\"",
        "[1, NULL, 3] | [1,null,3]",
        "{'k': [{'v': 1.5::DECIMAL(3,1)}]} | {\"k\":[{\"v\":1.5}]}",
        "MAP {1: 'one'} | {\"1\":\"one\"}",
        "'{\"a\": [1, 2]}'::JSON | {\"a\": [1, 2]}",
        "[1, 2]::INTEGER[2] | [1,2]",
      })
  void jsonKeepsTypesAndLosesNothing(String expression, String json) {
    assertThat(print("ndjson", "SELECT " + expression + " AS x"))
        .isEqualTo("{\"x\":" + json + "}\n");
  }

  @Test
  void jsonIsAnArrayWithARowALine() {
    assertThat(print("json", "SELECT i AS a, [i, i] AS b FROM range(3) r(i)"))
        .isEqualTo("[{\"a\":0,\"b\":[0,0]},\n{\"a\":1,\"b\":[1,1]},\n{\"a\":2,\"b\":[2,2]}]\n");
  }

  @Test
  void ndjsonIsAnObjectALine() {
    assertThat(print("ndjson", "SELECT i AS a FROM range(2) r(i)"))
        .isEqualTo("{\"a\":0}\n{\"a\":1}\n");
  }

  @Test
  void ndjsonKeepsAJsonColumnOnItsLine() {
    assertThat(print("ndjson", "SELECT ('{\"a\":' || chr(10) || '1}')::JSON AS j"))
        .isEqualTo("{\"j\":{\"a\": 1}}\n");
  }

  @ParameterizedTest
  @CsvSource({"csv, 'a\n'", "json, '[]\n'", "ndjson, ''", "markdown, '| a |\n| ---: |\n'"})
  void noRowsAreStillWellFormed(String format, String text) {
    assertThat(print(format, "SELECT 1 AS a WHERE false")).isEqualTo(text);
  }

  // ---- Markdown

  @Test
  void markdownEscapesPipesLinesAndTags() {
    assertThat(
            print(
                "markdown",
                "SELECT 'a|b' AS \"x|y\", 'one' || chr(10) || '<two>' AS t, NULL AS n, 1 AS i"))
        .isEqualTo(
            """
            | x\\|y | t | n | i |
            | --- | --- | --- | ---: |
            | a\\|b | one<br>&lt;two> | NULL | 1 |
            """);
  }

  // ---- many rows

  @ParameterizedTest
  @CsvSource({"csv, 1000001", "ndjson, 1000000", "json, 1000000", "markdown, 1000002"})
  void allRowsArePrinted(String format, long lines) {
    assertThat(print(format, "FROM range(1000000)").lines().count()).isEqualTo(lines);
  }
}
