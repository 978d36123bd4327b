package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

  @TempDir private Path folder;

  @Test
  void aHealthyMachineHasNothingThatFails() {
    CommandRun run = CommandRun.of("doctor", "--memory=1GB", "--threads=2");
    assertThat(run.status()).isZero();
    assertThat(run.lines()).allMatch(line -> line.matches("(ok|warn) .*"));
    assertThat(run.out()).contains("DuckDB v", "2 threads", "arrow", "spill", "time zone");
  }

  @Test
  void aSpillFolderThatIsNoneFails() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CommandRun run = CommandRun.of("doctor", "--spill", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines()).anyMatch(line -> line.startsWith("fail") && line.contains("spill"));
  }
}
