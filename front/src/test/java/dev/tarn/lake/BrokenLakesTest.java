package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.SmallDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is broken says what and where, and nothing else is lost. */
class BrokenLakesTest {

  @TempDir Path folder;

  private static Frame rows(Tarn tarn, long n) {
    return tarn.sql("SELECT i AS id, md5(i::VARCHAR) AS s FROM range(?) r(i)", n);
  }

  private static long count(Dataset t) {
    return t.frame().select("id").collect().size();
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Test
  @Timeout(120)
  void aFullDiskFailsTheWriteAndChangesNothing() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(24);
        Tarn tarn = Tarn.open(disk.folder().resolve("lake"))) {
      Dataset t = tarn.create("t", rows(tarn, 1000));
      assertThatThrownBy(() -> t.append(rows(tarn, 3_000_000)))
          .isInstanceOf(LimitExceeded.class)
          .hasMessageContaining("disk is full");
      assertThat(count(t)).isEqualTo(1000);
      t.append(rows(tarn, 10));
      assertThat(count(t)).isEqualTo(1010);
      assertThat(t.verify().problems()).isEmpty();
      assertThat(t.vacuum(Duration.ZERO).failed()).isEmpty();
    }
  }

  @Test
  void aFolderThatIsReadOnlyIsReadAndNotWritten() throws Exception {
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      tarn.create("t", rows(tarn, 10));
    }
    for (Path path : files(lake, "")) {
      path.toFile().setWritable(false, false);
    }
    try (ChildProcess child =
        ChildProcess.startWithoutPrivileges(folder, ReadOnly.class, lake.toString())) {
      assertThat(child.await("rows ")).isEqualTo("10");
      assertThat(child.await("failed "))
          .startsWith("Unavailable Cannot ")
          .contains("/t-")
          .contains("permission denied");
      assertThat(child.exitCode(Duration.ofSeconds(20))).isZero();
    } finally {
      for (Path path : files(lake, "")) {
        path.toFile().setWritable(true, true);
      }
    }
  }

  /** Reads, and tries to write. */
  static final class ReadOnly {

    private ReadOnly() {}

    @SuppressWarnings("SystemOut") // how the parent hears of it
    public static void main(String[] arguments) {
      try (Tarn tarn = Tarn.open(Path.of(arguments[0]))) {
        Dataset t = tarn.dataset("t");
        System.out.println("rows " + count(t));
        try {
          t.append(rows(tarn, 1));
        } catch (TarnException e) {
          System.out.println("failed " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
      }
    }
  }

  @Test
  void aDamagedMetadataFileIsNamed() throws Exception {
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t = tarn.create("t", rows(tarn, 10));
      tarn.create("other", rows(tarn, 5));
      Path metadata = files(Path.of(t.table().location()), ".metadata.json").getLast();
      Files.writeString(metadata, "{\"format-version\": 2, ", StandardCharsets.UTF_8);
    }
    try (Tarn tarn = Tarn.open(lake)) {
      assertThatThrownBy(() -> tarn.dataset("t"))
          .isInstanceOf(TarnException.class)
          .hasMessageContaining("Cannot open [t]")
          .hasMessageContaining(".metadata.json");
      assertThat(count(tarn.dataset("other"))).isEqualTo(5);
    }
  }

  @Test
  void aMissingManifestIsNamed() throws Exception {
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t = tarn.create("t", rows(tarn, 10));
      for (Path manifest : files(Path.of(t.table().location()), ".avro")) {
        Files.delete(manifest);
      }
    }
    try (Tarn tarn = Tarn.open(lake)) {
      assertThatThrownBy(() -> count(tarn.dataset("t")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(".avro");
    }
  }

  @Test
  void aMissingDataFileIsNamedAndTheRestIsRead() throws Exception {
    try (Tarn tarn = Tarn.open(folder.resolve("lake"))) {
      Dataset t = tarn.create("t", rows(tarn, 10));
      Committed second = t.append(tarn.sql("SELECT 1000 AS id, 'x' AS s"));
      Path file =
          files(Path.of(t.table().location(), "data"), ".parquet").stream()
              .filter(path -> path.toFile().length() > 0)
              .reduce((a, b) -> a.toFile().lastModified() >= b.toFile().lastModified() ? a : b)
              .orElseThrow();
      Files.delete(file);
      assertThatThrownBy(() -> count(t))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(file.getFileName().toString());
      assertThat(t.verify().problems().toString()).contains(file.getFileName().toString());
      long first = t.history().getFirst().snapshot();
      assertThat(first).isNotEqualTo(second.snapshot());
      assertThat(t.at(first).collect().size()).isEqualTo(10);
      assertThat(t.frame().filter("id < 10").collect().size()).isEqualTo(10);
    }
  }

  @Test
  @Timeout(120)
  void aCatalogThatAnotherProcessHoldsIsWaitedForAndThenNamed() throws Exception {
    Path lake = folder.resolve("lake");
    try (Tarn tarn = Tarn.open(lake)) {
      Dataset t = tarn.create("t", rows(tarn, 10));
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + lake.resolve("catalog.db"));
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
        assertThatThrownBy(() -> t.append(rows(tarn, 5)))
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("another process holds the lake's catalog");
        statement.execute("ROLLBACK");
      }
      assertThat(count(t)).isEqualTo(10);
      t.append(rows(tarn, 5));
      assertThat(count(t)).isEqualTo(15);
    }
  }
}
