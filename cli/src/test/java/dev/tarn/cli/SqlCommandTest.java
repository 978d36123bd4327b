package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCommandTest {

  @TempDir private Path folder;

  @Test
  void rowsArePrintedAsATableUnlessSaidOtherwise() {
    CommandRun run = CommandRun.of("sql", "SELECT 42 AS answer");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("│  answer │").endsWith("1 row\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aTableSaysThatRowsWereLeftOut() {
    CommandRun run = CommandRun.of("sql", "FROM range(10001)");
    assertThat(run.lines()).hasSize(10_000 + 6);
    assertThat(run.lines().getLast()).contains("first 10");
  }

  @Test
  void aDashReadsTheQueryFromStandardInput() {
    CommandRun run =
        CommandRun.withInput("SELECT 7 AS n -- from a pipe\n", "sql", "-", "--format=csv");
    assertThat(run.out()).isEqualTo("n\n7\n");
  }

  @Test
  void positionalParametersAreTakenInOrder() {
    CommandRun run =
        CommandRun.of(
            "sql", "SELECT ? AS a, ? AS b", "--format=csv", "--param", "1", "--param", "x=y");
    assertThat(run.out()).isEqualTo("a,b\n1,x=y\n");
  }

  @Test
  void namedParametersAreTakenByName() {
    CommandRun run =
        CommandRun.of(
            "sql", "SELECT $b AS b, $a AS a", "--format=csv", "--param=a=1", "--param=b=x=y");
    assertThat(run.out()).isEqualTo("b,a\nx=y,1\n");
  }

  @Test
  void aParameterIsCastToWhatItIsComparedWith() {
    CommandRun run =
        CommandRun.of("sql", "FROM range(5) r(n) WHERE n > ?", "--format=csv", "--param", "3");
    assertThat(run.out()).isEqualTo("n\n4\n");
  }

  @Test
  void aParameterTooFewIsSaid() {
    CommandRun run = CommandRun.of("sql", "SELECT ?, ?", "--param", "1");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("parameter 2 has no value").hasLineCount(1);
  }

  @Test
  void aTimeoutEndsTheQuery() {
    CommandRun run =
        CommandRun.of(
            "--timeout=200ms",
            "sql",
            "SELECT count(DISTINCT hash(a, b)) FROM range(100000) x(a), range(100000) y(b)");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("time ran out").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x.parquet", "x.csv", "x.tsv", "x.csv.gz", "x.json", "x.ndjson", "x.jsonl.zst"})
  void theSuffixOfTheOutputSaysItsFormat(String name) {
    Path file = folder.resolve(name);
    CommandRun run =
        CommandRun.of("sql", "SELECT i AS n FROM range(3) r(i)", "--output", file.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("3 rows written to " + file);
    CommandRun read =
        CommandRun.of("sql", "SELECT sum(n) AS n FROM '" + file + "'", "--format=csv");
    assertThat(read.out()).isEqualTo("n\n3\n");
  }

  @Test
  void anExistingFileIsReplacedOnlyOnRequest() {
    String file = folder.resolve("x.parquet").toString();
    assertThat(CommandRun.of("sql", "SELECT 1 AS n", "--output", file).status()).isZero();
    CommandRun again = CommandRun.of("sql", "SELECT 2 AS n", "--output", file);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err())
        .isEqualTo(
            "Cannot write [%s]: it exists. Add --replace, or choose another path.\n"
                .formatted(file));
    assertThat(CommandRun.of("sql", "SELECT 2 AS n", "--output", file, "--replace").status())
        .isZero();
    assertThat(CommandRun.of("sql", "FROM '" + file + "'", "--format=csv").out())
        .isEqualTo("n\n2\n");
  }

  @Test
  void aQueryThatFailsLeavesNoFile() throws IOException {
    Path file = folder.resolve("x.csv");
    CommandRun run =
        CommandRun.of(
            "sql",
            "SELECT CAST('x' || i AS INTEGER) FROM range(9) r(i)",
            "--output",
            file.toString());
    assertThat(run.status()).isEqualTo(1);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aSuffixThatNamesNoFormatIsAWrongCommandLine() {
    CommandRun run = CommandRun.of("sql", "SELECT 1", "--output", "x.docx");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("Cannot write [x.docx]: its suffix names no format.");
  }

  @Test
  void aFormatBesideAnOutputFileIsAWrongCommandLine() {
    CommandRun run = CommandRun.of("sql", "SELECT 1", "--output", "x.csv", "--format", "json");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("Cannot use --format with --output").hasLineCount(1);
  }

  @Test
  void rowsBeforeAFailureArePrintedAndTheFailureIsSaid() {
    CommandRun run =
        CommandRun.of(
            "--threads=1",
            "sql",
            "SELECT CAST(CASE WHEN i < 300000 THEN '1' ELSE 'x' END AS INTEGER) AS n FROM range(400000) r(i)",
            "--format=ndjson");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("Cannot run the query: ").hasLineCount(1);
    assertThat(run.lines()).hasSizeLessThan(400_000).allMatch(List.of("{\"n\":1}")::contains);
  }
}
