package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a process of its own finds the lake, and what it loads where it needs none. */
class LakeProcessTest {

  @TempDir private Path folder;
  private TarnProcess tarn;

  @BeforeEach
  void makeProcess() {
    tarn = new TarnProcess(folder);
  }

  private record Ended(int status, String out, String err) {}

  /** Runs a command in the folder, with the variable TARN_LAKE where there is a value for it. */
  private Ended run(String lake, List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        tarn.builder(command.toArray(String[]::new))
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().remove("TARN_LAKE");
    if (!lake.isEmpty()) {
      builder.environment().put("TARN_LAKE", lake);
    }
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(TarnProcess.awaitEnd(process), out, tarn.err());
  }

  private Ended tarn(String lake, String... args) throws IOException, InterruptedException {
    return run(lake, tarn.command(args));
  }

  @Test
  void aQueryOverFilesLoadsNothingOfDatasetsAndMakesNoLake()
      throws IOException, InterruptedException {
    var command = new ArrayList<>(tarn.command("sql", "SELECT 1 AS n", "--format=csv"));
    command.add(1, "-Xlog:class+load");
    Ended run = run("", command);
    assertThat(run.status()).isZero();
    assertThat(run.out().lines())
        .contains("n", "1")
        .noneMatch(line -> line.contains(" org.apache.iceberg."));
    assertThat(folder.resolve("lake")).doesNotExist();
  }

  @Test
  void theLakeIsTheFolderHereOrTheOneThatTheEnvironmentNames()
      throws IOException, InterruptedException {
    assertThat(tarn("", "write", "here", "--from", "SELECT 1 AS n").err()).isEmpty();
    assertThat(folder.resolve("lake/catalog.db")).exists();
    assertThat(tarn("there", "write", "far", "--from", "SELECT 2 AS n").err()).isEmpty();
    assertThat(folder.resolve("there/catalog.db")).exists();
    assertThat(tarn("", "sql", "FROM here", "--format=csv").out()).isEqualTo("n\n1\n");
    assertThat(tarn("there", "datasets", "--format=ndjson").out())
        .startsWith("{\"dataset\":\"far\",\"rows\":1,");
    assertThat(tarn("nowhere", "sql", "SELECT 3 AS n", "--format=csv").out()).isEqualTo("n\n3\n");
  }

  @Test
  void aCatalogOutOfReachIsOneLineWithoutThePassword() throws IOException, InterruptedException {
    Ended run =
        tarn(
            "jdbc:postgresql://localhost:1/lake?user=ada&password=secret",
            "datasets",
            "--warehouse",
            "data");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("Cannot open the lake [")
        .doesNotContain("secret")
        .hasLineCount(1);
  }
}
