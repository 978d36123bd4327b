package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a terminal, which script(1) of util-linux plays. */
class TerminalTest {

  @TempDir private Path folder;
  private TarnProcess tarn;
  private Path screen;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void prepare() {
    assumeTrue(hasScript(), "script of util-linux is not installed");
    tarn = new TarnProcess(folder);
    screen = folder.resolve("screen");
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private static boolean hasScript() {
    try {
      Process process = new ProcessBuilder("script", "--version").redirectErrorStream(true).start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && version.contains("util-linux");
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** With exec, as a shell that waits for the command would itself be ended by Ctrl-C. */
  private Process onTerminal(String line) throws IOException {
    Process process =
        tarn.builder("script", "-qefc", "stty cols 100 rows 40; exec " + line, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    started.add(process);
    return process;
  }

  private String screen() throws IOException {
    return Files.readString(screen, StandardCharsets.UTF_8);
  }

  private void await(String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!screen().contains(text)) {
      assertThat(System.nanoTime()).as("no %s in %s", text, screen()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private void awaitAfter(String first, String text) throws IOException, InterruptedException {
    await(first);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!screen().substring(screen().lastIndexOf(first)).contains(text)) {
      assertThat(System.nanoTime()).as("no %s in %s", text, screen()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static void type(Process process, String text) throws IOException {
    OutputStream keys = process.getOutputStream();
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  @Test
  void progressIsDrawnAndGoneInTheEnd() throws Exception {
    Process process = onTerminal(tarn.line("--timeout=3s", "sql", TarnProcess.ENDLESS));
    TarnProcess.awaitEnd(process);
    assertThat(screen())
        .contains("─ ")
        .contains("\r\u001b[2KCannot run the query: its time ran out");
  }

  @Test
  void progressIsNotDrawnWhereItIsNotWanted() throws Exception {
    Process process =
        onTerminal(tarn.line("--timeout=2s", "--no-progress", "sql", TarnProcess.ENDLESS));
    TarnProcess.awaitEnd(process);
    assertThat(screen()).startsWith("Cannot run the query: its time ran out");
  }

  @Test
  void progressGoesOnWhileResultsGoIntoAFile() throws Exception {
    String file = folder.resolve("rows").toString();
    Process process =
        onTerminal(
            tarn.line("--timeout=2s", "sql", "FROM range(10000000000)", "--format=csv")
                + " > "
                + file);
    TarnProcess.awaitEnd(process);
    assertThat(screen()).contains("rows/s");
    assertThat(Path.of(file)).isNotEmptyFile();
  }

  @Test
  void theShellReadsLinesUntilASemicolonAndKeepsHistory() throws Exception {
    Process process = onTerminal(tarn.line("shell"));
    await("tarn> ");
    type(process, "SELECT 40 +\r");
    await("…> ");
    type(process, "2 AS answer;\r");
    awaitAfter("│      42 │", "tarn> "); // before it, keys are not the shell's
    type(process, "\u0004");
    assertThat(TarnProcess.awaitEnd(process)).isZero();
    assertThat(folder.resolve(".tarn_history")).content().contains("SELECT 40 +\\n2 AS answer;");
  }

  @Test
  void ctrlCCancelsTheQueryAndTheShellGoesOn() throws Exception {
    Process process = onTerminal(tarn.line("shell"));
    await("tarn> ");
    type(process, TarnProcess.ENDLESS + ";\r");
    await("─ ");
    type(process, "\u0003");
    await("Cancelled.");
    type(process, "SELECT 'still ' || 'here' AS x;\r");
    awaitAfter("│ still here │", "tarn> ");
    type(process, "\\q\r");
    assertThat(TarnProcess.awaitEnd(process)).isZero();
    assertThat(tarn.spilled()).isEmpty();
  }

  @Test
  void tabCompletesAPathAndTheColumnsOfItsFile() throws Exception {
    Files.writeString(folder.resolve("people.csv"), "firstname,age\nAda,36\n");
    Process process = onTerminal(tarn.line("shell"));
    await("tarn> ");
    type(process, "FROM '" + folder + "/peop\t");
    await("people.csv'");
    type(process, " WHERE firstn\t");
    await("firstname");
    type(process, "= 'Ada';\r");
    awaitAfter("│ Ada       │     36 │", "tarn> "); // before it, keys are not the shell's
    type(process, "\u0004");
    assertThat(TarnProcess.awaitEnd(process)).isZero();
  }
}
