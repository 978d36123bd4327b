package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

  @TempDir private Path folder;
  private String query = "";

  @BeforeEach
  void makeFile() {
    Path file = folder.resolve("x.parquet");
    CommandRun.of("sql", "SELECT i AS a, i AS b FROM range(100) r(i)", "--output", file.toString());
    query = "SELECT a FROM '%s' WHERE a > 90".formatted(file);
  }

  @Test
  void thePlanIsPrintedAndTheQueryIsNotRun() {
    CommandRun run = CommandRun.of("explain", query);
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("frame", "sql", "sources", "engine").contains("columns 1");
    assertThat(run.out()).doesNotContain(" ms");
  }

  @Test
  void analyzeRunsTheQueryAndSaysRowsAndTime() {
    CommandRun run = CommandRun.of("explain", "--analyze", query);
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("9 rows").contains(" ms");
  }

  @Test
  void jsonIsForPrograms() throws IOException {
    CommandRun run = CommandRun.of("explain", "--format=json", "--analyze", query);
    try (JsonParser parser = new JsonFactory().createParser(run.out())) {
      while (parser.nextToken() != null) {
        assertThat(parser.currentToken()).isNotNull();
      }
    }
    assertThat(run.out()).contains("\"milliseconds\"", "\"columns\"", "\"rows\" : 9");
  }

  @Test
  void parametersHaveTheirValues() {
    CommandRun run = CommandRun.of("explain", "SELECT ? AS x", "--param", "hello");
    assertThat(run.out()).contains("hello");
  }

  @Test
  void anUnknownFormatIsAWrongCommandLine() {
    CommandRun run = CommandRun.of("explain", "SELECT 1", "--format=xml");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("Cannot explain as xml: there is no such format. Use text or json.\n");
  }
}
