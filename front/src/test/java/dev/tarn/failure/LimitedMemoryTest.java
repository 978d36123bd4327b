package dev.tarn.failure;

import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.LimitExceeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A memory limit that a query does not fit: it spills; where it cannot, it says so. */
@Timeout(120)
class LimitedMemoryTest {

  private static final DuckDbOptions SMALL =
      DuckDbOptions.DEFAULT.memoryBytes(100_000_000).threads(2);

  @TempDir Path folder;

  /** Rows and bytes of texts that are all different: some 100 bytes of memory a row. */
  static Frame distinct(Tarn tarn, int rows) {
    return tarn.sql(
        "SELECT count(*) AS n, sum(length(s))::BIGINT AS bytes FROM (SELECT DISTINCT"
            + " md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS s FROM range(?) r(i))",
        rows);
  }

  private static boolean hasFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(Files::isRegularFile);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void aQueryLargerThanMemorySpillsAndIsRight() throws Exception {
    Path spill = folder.resolve("spill");
    var spilled = new AtomicBoolean();
    try (Tarn tarn = Tarn.open(SMALL.spillFolder(spill))) {
      Thread watch =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!spilled.get() && !Thread.currentThread().isInterrupted()) {
                  spilled.compareAndSet(false, hasFiles(spill));
                }
              });
      Row row = distinct(tarn, 3_000_000).collect().row(0);
      watch.interrupt();
      watch.join();
      assertThat(row.value("n")).isEqualTo(3_000_000L);
      assertThat(row.value("bytes")).isEqualTo(64 * 3_000_000L);
      assertThat(spilled).isTrue();
    }
    assertThat(hasFiles(spill)).isFalse();
  }

  @Test
  void aQueryThatMayNotSpillIsALimitAndTheNextOneWorks() {
    try (Tarn tarn = Tarn.open(SMALL.spillBytes(0))) {
      assertRefused(
          LimitExceeded.class,
          "Cannot run the query: memory ran out, .*\\. Raise the memory limit, allow a larger spill"
              + " folder, or read fewer rows or columns\\.",
          () -> distinct(tarn, 3_000_000).collect());
      assertThat(distinct(tarn, 1000).collect().row(0).value("n")).isEqualTo(1000L);
    }
  }

  @Test
  void aSpillFolderThatIsTooSmallIsALimitAndTheNextQueryWorks() {
    Path spill = folder.resolve("spill");
    try (Tarn tarn = Tarn.open(SMALL.spillBytes(20_000_000).spillFolder(spill))) {
      assertRefused(
          LimitExceeded.class,
          "Cannot run the query: memory ran out, .*\\. Raise the memory limit, allow a larger spill"
              + " folder, or .*",
          () -> distinct(tarn, 3_000_000).collect());
      assertThat(distinct(tarn, 1000).collect().row(0).value("n")).isEqualTo(1000L);
    }
  }

  @Test
  void oneValueLargerThanMemoryIsALimit() {
    try (Tarn tarn = Tarn.open(SMALL)) {
      assertRefused(
          LimitExceeded.class,
          "Cannot run the query: memory ran out, .*\\. Raise the memory limit, or read fewer rows or"
              + " columns\\.",
          () ->
              tarn.sql("SELECT length(list(md5(i::VARCHAR) || i)) FROM range(5000000) r(i)")
                  .collect());
      assertThat(tarn.sql("SELECT 42").collect().value()).isEqualTo(42);
    }
  }
}
