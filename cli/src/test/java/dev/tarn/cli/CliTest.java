package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

  @Test
  void versionIsOneLine() {
    CommandRun run = CommandRun.of("version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("tarn ").hasLineCount(1);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpGoesToStandardOutputAndNamesEveryCommand() {
    CommandRun run = CommandRun.of("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("demo", "sql", "explain", "shell", "doctor", "version");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "sql", "explain", "shell", "doctor", "version"})
  void everyCommandHasHelpWithTheCommonOptions(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("Usage: tarn " + command, "--memory", "--timeout");
  }

  @Test
  void aWrongUrlByOptionFailsWhateverTheQueryReads() {
    CommandRun run = CommandRun.of("sql", "SELECT 1", "--redis", "localhost");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("Cannot read the URL of Redis: ").hasLineCount(1);
  }

  @Test
  void noCommandIsAWrongCommandLine() {
    CommandRun run = CommandRun.of();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Usage: tarn");
  }

  @Test
  void aMisspelledCommandIsCorrected() {
    CommandRun run = CommandRun.of("sqll", "SELECT 1");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("'sqll'").contains("Did you mean sql?").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--nope, 'Unknown option: ''--nope'''",
    "--memory=x, 'Cannot read --memory x: it is no size. Write it as 500MB, 4GB or 4GiB.'",
    "--threads=0, 'Cannot read --threads 0: it is no whole number above 0. Write it as 4.'",
    "--timeout=soon, 'Cannot read --timeout soon: it is no time. Write it as 500ms, 30s, 5m or 1h30m.'",
    "--format=xml, 'Cannot print as xml: there is no such format. Use table, csv, json, ndjson, markdown.'"
  })
  void aWrongOptionIsSaidInOneLine(String option, String message) {
    CommandRun run = CommandRun.of("sql", option, "SELECT 1");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message).hasLineCount(1);
  }

  @Test
  void aMissingQueryIsAWrongCommandLine() {
    CommandRun run = CommandRun.of("sql");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("QUERY").hasLineCount(1);
  }

  @Test
  void commonOptionsStandBeforeTheCommandOrAfter() {
    String query = "SELECT current_setting('threads') AS n";
    assertThat(CommandRun.of("--threads", "1", "sql", query, "--format", "csv").out())
        .isEqualTo("n\n1\n");
    assertThat(CommandRun.of("sql", query, "--format=csv", "--threads=1").out())
        .isEqualTo("n\n1\n");
  }

  @Test
  void anOptionsValueMayBeTheNameOfACommand() {
    CommandRun run = CommandRun.of("sql", "SELECT ? AS x", "--param", "explain", "--format", "csv");
    assertThat(run.out()).isEqualTo("x\nexplain\n");
  }

  @Test
  void aFailureIsOneLineAndExitCodeOne() {
    CommandRun run = CommandRun.of("sql", "SELECT * FROM 'nowhere.parquet'");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Cannot ").contains("nowhere.parquet").hasLineCount(1);
  }

  @Test
  void theStackTraceIsPrintedWhereItIsAskedFor() {
    CommandRun run = CommandRun.of("sql", "SELECT * FROM 'nowhere.parquet'", "--stacktrace");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("\tat dev.tarn.");
  }

  @Test
  void aSyntaxErrorShowsItsLineAndACaret() {
    CommandRun run = CommandRun.of("sql", "SELECT 1\nFORM x y");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines().skip(1)).contains("line 2: FORM x y");
    assertThat(run.err()).contains("^");
  }
}
