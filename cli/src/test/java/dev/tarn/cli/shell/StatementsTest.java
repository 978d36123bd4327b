package dev.tarn.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {

  @Test
  void textIsCutAtSemicolons() {
    Statements statements = Statements.of(" SELECT 1; ; SELECT\n2 ; SELECT 3");
    assertThat(statements.complete()).containsExactly("SELECT 1", "SELECT\n2");
    assertThat(statements.rest()).isEqualTo(" SELECT 3");
    assertThat(statements.isWhole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';' AS a",
        "SELECT 'it''s;' AS a",
        "SELECT 1 AS \";\"",
        "SELECT 1 -- not; here\n",
        "SELECT 1 /* nor; here */",
        "SELECT $$ nor; here $$"
      })
  void semicolonsInQuotesAndCommentsDoNotCount(String statement) {
    Statements statements = Statements.of(statement + ";");
    assertThat(statements.complete()).containsExactly(statement.strip());
    assertThat(statements.isWhole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 'open;", "SELECT /* open;", "SELECT \"open;", "SELECT 1 -- ;"})
  void whatIsOpenIsNotComplete(String text) {
    assertThat(Statements.of(text).complete()).isEmpty();
    assertThat(Statements.of(text).isWhole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "-- only a comment", "SELECT 1; -- done"})
  void nothingWaitsAfterSpaceAndComments(String text) {
    assertThat(Statements.of(text).isWhole()).isTrue();
  }
}
