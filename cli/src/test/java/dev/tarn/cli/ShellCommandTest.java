package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell from a pipe; {@link TerminalTest} has it on a terminal. */
class ShellCommandTest {

  @TempDir private Path folder;

  private static CommandRun shell(String input) {
    return CommandRun.withInput(input, "shell");
  }

  @Test
  void queriesAreRunOneAfterAnotherWithoutAPrompt() {
    CommandRun run = shell("\\format csv\nSELECT 1 AS a; SELECT\n2 AS b;\nSELECT 3 AS c");
    assertThat(run.out()).isEqualTo("a\n1\nb\n2\nc\n3\n");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void anErrorDoesNotEndItButShowsInTheExitCode() {
    CommandRun run = shell("\\format csv\nSELEC 1;\nSELECT 2 AS b;");
    assertThat(run.err()).contains("syntax error");
    assertThat(run.out()).isEqualTo("b\n2\n");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void filesGetNamesAndTablesAreDescribed() throws IOException {
    Path file = Files.writeString(folder.resolve("people.csv"), "name,age\nAda,36\n");
    CommandRun run =
        shell(
            "\\d\n\\register people %s\n\\d\n\\d people\n\\d '%s'\n\\format csv\nFROM people;"
                .formatted(file, file));
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            No table has a name yet. \\register NAME PATH gives one.
            people (name, age)
            people (name, age)
            name  VARCHAR
            age   BIGINT
            name  VARCHAR
            age   BIGINT
            name,age
            Ada,36
            """);
  }

  @Test
  void aTableThatIsNotThereIsSaid() {
    CommandRun run = shell("\\d nobody\n");
    assertThat(run.err()).isEqualTo("Cannot find table nobody: registered are none.\n");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void plansHelpAndTimingAreAtHand() {
    CommandRun run = shell("\\h\n\\timing\n\\explain SELECT 42 AS x;\nSELECT 1;");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("\\register NAME PATH", "Timing is on.", "engine", "Time: 0.");
  }

  @Test
  void nothingIsRunAfterLeaving() {
    assertThat(shell("\\q\nSELECT 1;").out()).isEmpty();
  }

  @Test
  void anUnknownCommandIsSaid() {
    CommandRun run = shell("\\nope\n");
    assertThat(run.err())
        .isEqualTo("Cannot do \\nope: there is no such command. \\h lists them.\n");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void aTableShowsTheFirstHundredRows() {
    CommandRun run = shell("FROM range(101);");
    assertThat(run.lines()).hasSize(100 + 6);
  }
}
