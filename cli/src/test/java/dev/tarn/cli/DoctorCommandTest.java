package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SearchServer;
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

  @Test
  void aRedisThatIsNamedIsAsked() throws IOException, InterruptedException {
    try (RedisServer server = RedisServer.start()) {
      CommandRun run = CommandRun.of("doctor", "--redis", server.url());
      assertThat(run.status()).as(run.out()).isZero();
      assertThat(run.lines())
          .anyMatch(
              line -> line.matches("ok    redis       redis://.*, \\w+ \\d.*, no search module"));
    }
  }

  @Test
  void aSearchModuleIsSeen() throws IOException, InterruptedException {
    try (RedisServer server = SearchServer.start()) {
      assertThat(CommandRun.of("doctor", "--redis", server.url()).lines())
          .anyMatch(line -> line.matches("ok    redis .*, search module"));
    }
  }

  @Test
  void aRedisOutOfReachFailsSoonAndNothingElse() {
    CommandRun run = CommandRun.of("doctor", "--redis", "redis://u:hidden@127.0.0.1:1");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).doesNotContain("hidden");
    assertThat(run.lines().stream().filter(line -> line.startsWith("fail")))
        .singleElement()
        .asString()
        .startsWith("fail  redis       Cannot ");
  }

  @Test
  void aUrlThatIsNoneFailsAndNothingElse() {
    CommandRun run = CommandRun.of("doctor", "--redis", "localhost");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines().stream().filter(line -> line.startsWith("fail")))
        .singleElement()
        .asString()
        .startsWith("fail  redis       Cannot read the URL of Redis: ");
  }
}
