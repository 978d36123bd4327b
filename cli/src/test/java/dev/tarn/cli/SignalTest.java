package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.redis.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command ends when somebody wants it to. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals and pipes are POSIX")
class SignalTest {

  @TempDir private Path folder;
  private TarnProcess tarn;

  @BeforeEach
  void prepare() {
    tarn = new TarnProcess(folder);
  }

  @Test
  void ctrlCCancelsTheQueryQuietlyAndLeavesNothing() throws Exception {
    Process process = tarn.start("sql", TarnProcess.ENDLESS);
    tarn.awaitRunning();
    TarnProcess.signal(process.toHandle(), "INT");
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(130);
    assertThat(tarn.err()).isEmpty();
    assertThat(tarn.spilled()).isEmpty();
  }

  @Test
  void aWriteThatIsTerminatedLeavesNothing() throws Exception {
    Path target = folder.resolve("x.parquet");
    Process process =
        tarn.start(
            "sql",
            "SELECT i, hash(i) AS h FROM range(10000000000) r(i)",
            "--output",
            target.toString());
    tarn.awaitRunning();
    TarnProcess.signal(process.toHandle(), "TERM");
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(143);
    assertThat(tarn.err()).isEmpty();
    assertThat(tarn.spilled()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains("x.parquet"));
    }
  }

  @Test
  void ctrlCWorksWhileNobodyReadsTheOutput() throws Exception {
    Process process = tarn.start("sql", "FROM range(10000000000)", "--format=csv");
    tarn.awaitRunning();
    TarnProcess.signal(process.toHandle(), "INT");
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(130);
    assertThat(tarn.err()).isEmpty();
    assertThat(tarn.spilled()).isEmpty();
  }

  /** A server that is held up answers nothing, so that the demo waits for it. */
  @ParameterizedTest
  @ValueSource(strings = {"starts", "has started"})
  void ctrlCEndsTheServerOfTheDemoAndRemovesItsFolder(String moment) throws Exception {
    Process process = tarn.start("demo", "--rows=20000", "--dir=" + folder.resolve("demo"));
    if (moment.equals("has started")) {
      awaitLine(process, "wrote sessions to a Redis of the demo's own");
    }
    ProcessHandle server = awaitServer(process);
    TarnProcess.signal(server, "STOP");
    TarnProcess.signal(process.toHandle(), "INT");
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(130);
    assertThat(tarn.err()).isEmpty();
    assertThat(server.isAlive()).isFalse();
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains("redis"));
    }
  }

  private static void awaitLine(Process process, String beginning) throws IOException {
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    while (!line.startsWith(beginning)) {
      line = out.readLine();
    }
  }

  private static ProcessHandle awaitServer(Process process) throws InterruptedException {
    var found = new AtomicReference<ProcessHandle>();
    Await.until(
        "the server starts",
        () -> {
          process
              .children()
              .filter(child -> child.info().command().orElse("").contains("redis-server"))
              .forEach(found::set);
          return found.get() != null;
        });
    return found.get();
  }

  @Test
  void aBrokenPipeEndsItQuietly() throws Exception {
    Process process = tarn.start("sql", "FROM range(10000000000)", "--format=csv");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("range");
    }
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(141);
    assertThat(tarn.err()).isEmpty();
    assertThat(tarn.spilled()).isEmpty();
  }

  @Test
  void aFullDiskIsSaidInOneLine() throws Exception {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "there is no /dev/full");
    Process process =
        tarn.builder(
                tarn.command("sql", "FROM range(100000)", "--format=csv").toArray(String[]::new))
            .redirectError(folder.resolve("err").toFile())
            .redirectOutput(full.toFile())
            .start();
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(1);
    assertThat(tarn.err())
        .isEqualTo(
            "Cannot write the output: No space left on device. Free space, or write it elsewhere.\n");
  }

  @Test
  void progressIsNotDrawnInAPipe() throws Exception {
    Process process = tarn.start("--timeout=2s", "sql", TarnProcess.ENDLESS);
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(1);
    assertThat(tarn.err()).startsWith("Cannot run the query").hasLineCount(1);
  }

  @Test
  void aMemoryLimitThatIsReachedIsSaidAndNotFatal() throws IOException, InterruptedException {
    Process process =
        tarn.start(
            "--memory=30MB", "--threads=1", "sql", "SELECT list(i) FROM range(50000000) r(i)");
    assertThat(TarnProcess.awaitEnd(process)).isEqualTo(1);
    assertThat(tarn.err()).contains("memory ran out").hasLineCount(1);
  }
}
