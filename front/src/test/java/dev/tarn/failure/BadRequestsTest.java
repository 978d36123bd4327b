package dev.tarn.failure;

import static dev.tarn.Columns.*;
import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that are wrong, or meet values that do not fit: each says so, and the next one works. */
class BadRequestsTest {

  record Item(int a, String b) {}

  private static Tarn tarn;
  private static Frame items;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
    items = tarn.rows(Item.class, List.of(new Item(1, "x"), new Item(0, "y")));
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @AfterEach
  void theNextQueryWorks() {
    assertThat(tarn.sql("SELECT 42").collect().value()).isEqualTo(42);
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() {
    assertRefused(
        InvalidRequest.class,
        "Cannot select column aa: \\[Item\\] has a, b\\. Did you mean a\\?",
        () -> items.select("aa"));
    assertRefused(
        InvalidRequest.class,
        "Cannot filter by column amount: \\[Item\\] has a, b\\..*",
        () -> items.filter(col("amount").gt(1)));
  }

  @Test
  void aColumnThatIsNotThereInSqlIsPointedAt() {
    assertThatThrownBy(() -> tarn.sql("SELECT 'é' AS x,\n  cc FROM (SELECT 1 AS c)"))
        .isExactlyInstanceOf(InvalidRequest.class)
        .hasMessage(
            """
            Cannot run the query: there is no column cc. Did you mean c?
            line 2:   cc FROM (SELECT 1 AS c)
                      ^\
            """);
  }

  @Test
  void aTypeThatDoesNotFitNamesTheValue() {
    assertRefused(
        BadData.class,
        "Cannot run the query: could not convert string 'x' to INT32.*\\. Use tryCast to get null"
            + " instead\\.",
        () -> items.select(col("b").cast(DataType.INTEGER)).collect());
    assertRefused(
        BadData.class,
        "Cannot run the query: .*1000.*out of range.*\\. Use tryCast to get null instead\\.",
        () -> tarn.sql("SELECT 1000::TINYINT").collect());
    assertRefused(
        BadData.class,
        "Cannot run the query: date field value out of range: \"2024-13-01\"\\. Use tryCast to get"
            + " null instead\\.",
        () -> tarn.sql("SELECT '2024-13-01'::DATE").collect());
  }

  @ParameterizedTest
  @ValueSource(strings = {"//", "%"})
  void aDivisionByZeroNamesTheExpression(String operator) {
    assertRefused(
        BadData.class,
        "Cannot run the query: division by zero in expression \\(10 "
            + operator
            + " .*\\)\\."
            + " Use nullIf\\(0\\) on the divisor, or dividedBy\\.",
        () -> items.select(sql("10 " + operator + " a").as("x")).collect());
  }

  @Test
  void anOverflowNamesTheNumbers() {
    assertRefused(
        BadData.class,
        "Cannot run the query: overflow in addition of INT64 \\(9223372036854775807 \\+ 1\\)\\."
            + " Cast to a wider type first\\.",
        () -> tarn.sql("SELECT 9223372036854775807 + i FROM range(2) r(i)").collect());
    assertRefused(
        BadData.class,
        "Cannot run the query: overflow in addition of INT32 .*\\. Cast to a wider type first\\.",
        () -> items.select(lit(2147483647).plus(col("a"))).collect());
  }

  @Test
  void parametersMustBeThereAllAndNoMore() {
    assertRefused(
        InvalidRequest.class,
        "Cannot run the query: parameter 2 has no value; .* Give one for each \\? or \\$name\\.",
        () -> tarn.sql("SELECT ? + ?", 1));
    assertRefused(
        InvalidRequest.class,
        "Cannot run the query: parameter 1 has no value; .*",
        () -> tarn.sql("SELECT ?"));
    assertRefused(
        InvalidRequest.class,
        "Cannot run the query: there is no parameter for value 2; the text has 1\\. Leave it out\\.",
        () -> tarn.sql("SELECT ?", 1, 2));
    assertRefused(
        InvalidRequest.class,
        "Cannot run the query: parameter a has no value; .*",
        () -> tarn.sql("SELECT $a", Map.of("b", 1)));
    assertRefused(
        InvalidRequest.class,
        "Cannot read the SQL text: it has both \\? and \\$name\\. Use one kind\\.",
        () -> tarn.sql("SELECT $a + ?", Map.of("a", 1)));
  }

  @Test
  void aSyntaxErrorShowsTheLineAndTheColumnEvenAfterUnicode() {
    assertThatThrownBy(() -> tarn.sql("SELECT 'äöü日本' AS x,\n 'ß🙂' selec 1 2"))
        .isExactlyInstanceOf(InvalidRequest.class)
        .hasMessage(
            """
            Cannot read the SQL text: syntax error at or near "1".
            line 2:  'ß🙂' selec 1 2
                                ^\
            """);
    assertThatThrownBy(() -> tarn.sql("SELECT 1\n\nFROM t\n\tWHERE WHERE"))
        .hasMessage(
            "Cannot read the SQL text: syntax error at or near \"WHERE\".\n"
                + "line 4: \tWHERE WHERE\n        \t      ^");
    assertThatThrownBy(() -> tarn.sql("SELECT 'abc"))
        .isExactlyInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Cannot read the SQL text: unterminated string literal.\nline 1: ");
  }

  @Test
  void aSyntaxErrorBehindATableStillPointsIntoTheText() {
    tarn.register("items", items);
    assertThatThrownBy(() -> tarn.sql("SELECT a FROM items WHERE nosuch = 1"))
        .isExactlyInstanceOf(InvalidRequest.class)
        .hasMessageEndingWith(
            "\nline 1: SELECT a FROM items WHERE nosuch = 1\n" + " ".repeat(8 + 26) + "^");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO x VALUES (1)",
        "CREATE TABLE x (a INT)",
        "DROP TABLE x",
        "COPY (SELECT 1) TO '/tmp/never-written.csv'",
        "SET threads = 1",
        "PRAGMA version",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "DELETE FROM x",
        "UPDATE x SET a = 1",
        "EXPORT DATABASE 'x'",
        "CALL pragma_version()"
      })
  void whatIsNoQueryIsRefused(String text) {
    assertRefused(
        InvalidRequest.class,
        "Cannot run the SQL text: it is no query\\. Only SELECT, .*",
        () -> tarn.sql(text).collect());
    assertThat(java.nio.file.Path.of("/tmp/never-written.csv")).doesNotExist();
  }

  /** PIVOT has no syntax tree, so the check is another where the text mentions it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY (SELECT 1 AS pivot) TO '/tmp/never-written.csv'",
        "CREATE TABLE pivot (a INT)",
        "SET threads = 1 -- pivot",
        "SELECT 1) TO '/tmp/never-written.csv' -- pivot"
      })
  void whatOnlyMentionsAPivotIsRefused(String text) {
    assertThatThrownBy(() -> tarn.sql(text).collect()).isExactlyInstanceOf(InvalidRequest.class);
    assertThat(java.nio.file.Path.of("/tmp/never-written.csv")).doesNotExist();
  }

  @Test
  void severalStatementsOrNoneAreRefused() {
    assertRefused(
        InvalidRequest.class,
        "Cannot run the SQL text: it holds 2 statements\\. Run them one by one\\.",
        () -> tarn.sql("SELECT 1; SELECT 2"));
    assertRefused(
        InvalidRequest.class,
        "Cannot run the SQL text: it is empty\\. Write a query\\.",
        () -> tarn.sql("  -- nothing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"SELECT 1;", "SELECT 1 ; ", "SELECT 1;\n\n", "SELECT 1;;", "SELECT ?::INT;"})
  void aSemicolonMayEndAQuery(String text) {
    Object[] parameters = text.contains("?") ? new Object[] {1} : new Object[0];
    assertThat(tarn.sql(text, parameters).collect().value()).isEqualTo(1);
  }
}
