package dev.tarn.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillFolderTest {

  private static final Path PARENT =
      Path.of(
          System.getProperty("java.io.tmpdir"), "tarn-spill-" + System.getProperty("user.name"));

  @Test
  void whatAKilledProcessLeftIsRemovedAndWhatALivingOneHasIsNot() throws IOException {
    Tarn.open().close();
    Path dead = Files.createDirectories(PARENT.resolve("999999999-left"));
    Files.writeString(dead.resolve("block.tmp"), "x");
    Path living = Files.createDirectories(PARENT.resolve(ProcessHandle.current().pid() + "-mine"));
    try (Tarn tarn = Tarn.open()) {
      assertThat(tarn.sql("SELECT 1").collect().value()).isEqualTo(1);
      assertThat(dead).doesNotExist();
      assertThat(living).exists();
    } finally {
      Files.delete(living);
    }
  }

  @Test
  void aQueryThatSpillsLeavesNothingOnceItsTarnIsClosed(@TempDir Path folder) throws IOException {
    try (Tarn tarn =
        Tarn.open(DuckDbOptions.DEFAULT.memoryBytes(100_000_000).threads(2).spillFolder(folder))) {
      Object rows =
          tarn.sql("SELECT count(*) FROM (SELECT hash(range) h FROM range(12000000) ORDER BY h)")
              .collect()
              .value();
      assertThat(rows).isEqualTo(12_000_000L);
    }
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile).toList()).isEqualTo(List.of());
    }
  }
}
