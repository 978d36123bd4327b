package dev.tarn.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.io.Codec;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed at any moment leave one complete version, the old or the new. */
class KilledWritesTest {

  @TempDir Path folder;

  /** Each version has a size of its own, so that parts of two never look like one. */
  private static int rows(long version) {
    return 20_000 + (int) (version % 50) * 1000;
  }

  private static Frame version(Tarn tarn, long version) {
    return tarn.sql(
        "SELECT ?::BIGINT AS version, i, i % 5 AS part, md5(i::VARCHAR) AS s FROM range(?) r(i)",
        version, rows(version));
  }

  /** The version that a frame holds, having made sure that all of it is there and nothing else. */
  private static long complete(Frame frame) {
    Row row =
        frame
            .sql(
                "SELECT min(version) AS least, max(version) AS most, count(*) AS n,"
                    + " sum(i)::BIGINT AS total, count(DISTINCT part) AS parts FROM this")
            .collect()
            .row(0);
    long version = row.longValue("least");
    long rows = rows(version);
    assertThat(row.longValue("most")).isEqualTo(version);
    assertThat(row.longValue("n")).isEqualTo(rows);
    assertThat(row.longValue("total")).isEqualTo(rows * (rows - 1) / 2);
    assertThat(row.longValue("parts")).isEqualTo(5);
    return version;
  }

  @Test
  @Timeout(3600)
  void aKilledWriterLeavesTheOldOrTheNew() throws Exception {
    int kills = Seeds.rounds(40, 1000);
    long seed = Seeds.first();
    var random = new Random(seed);
    Path targets = Files.createDirectory(folder.resolve("targets"));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    String file = targets.resolve("out.parquet").toString();
    String parts = targets.resolve("parts").toString();
    long next = 1;
    int midway = 0;
    try (Tarn tarn = Tarn.open()) {
      for (int kill = 0; kill < kills; kill++) {
        String as = "-Dtarn.seed=%d, kill %d".formatted(seed, kill);
        try (ChildProcess child =
            ChildProcess.start(scratch, Writer.class, file, parts, next + "")) {
          child.await("ready");
          Thread.sleep(random.nextInt(250));
          child.kill();
        }
        midway += Math.toIntExact(hidden(targets));
        long inFile = complete(tarn.parquet(file));
        long inParts = complete(tarn.parquet(parts));
        assertThat(complete(tarn.sql("FROM '" + targets + "/parts/**/*.parquet'")))
            .isEqualTo(inParts);
        assertThat(inParts).as(as).isGreaterThanOrEqualTo(next);
        assertThat(inFile).as(as).isBetween(inParts - 1, inParts);
        next = inParts + 1;
        clear(scratch);
      }
      assertThat(visible(targets)).containsExactly("out.parquet", "parts");
      assertThat(midway).as("kills in the middle of a write").isPositive();
      version(tarn, next).write(Sinks.parquet(parts).partitionedBy("part").replace());
      assertThat(complete(tarn.parquet(parts))).isEqualTo(next);
    }
  }

  /** What a killed write leaves is hidden, beside the target. */
  private static long hidden(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\.(out\\.parquet|parts)\\.tarn-.*"))
          .count();
    }
  }

  private static List<String> visible(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.contains(".tarn-"))
          .sorted()
          .toList();
    }
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      }
    }
  }

  /** Writes one version after the other to a folder and to a file until it is killed. */
  static final class Writer {

    private Writer() {}

    @SuppressWarnings("SystemOut") // how the parent hears of it
    public static void main(String[] arguments) {
      long version = Long.parseLong(arguments[2]);
      try (Tarn tarn = Tarn.open()) {
        for (; ; version++) {
          version(tarn, version)
              .write(
                  Sinks.parquet(arguments[1])
                      .partitionedBy("part")
                      .compression(Codec.SNAPPY)
                      .replace());
          version(tarn, version)
              .write(Sinks.parquet(arguments[0]).compression(Codec.SNAPPY).replace());
          System.out.println("ready");
        }
      }
    }
  }

  /** A reader gets one version, or an error that says that the files went; never a mix. */
  @Test
  @Timeout(120)
  void aReaderNeverSeesAMixOfVersions() throws Exception {
    Path targets = Files.createDirectory(folder.resolve("targets"));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    String file = targets.resolve("out.parquet").toString();
    String parts = targets.resolve("parts").toString();
    try (Tarn tarn = Tarn.open();
        ChildProcess child = ChildProcess.start(scratch, Writer.class, file, parts, "1")) {
      child.await("ready");
      long end = System.nanoTime() + Seeds.rounds(4, 60) * 1_000_000_000L;
      int read = 0;
      int gone = 0;
      long seen = 0;
      while (System.nanoTime() < end) {
        for (int route = 0; route < 3; route++) {
          try {
            Frame frame =
                switch (route) {
                  case 0 -> tarn.parquet(parts);
                  case 1 -> tarn.parquet(targets + "/parts/**/*.parquet");
                  default -> tarn.sql("FROM '" + targets + "/parts/*/*.parquet'");
                };
            seen = Math.max(seen, complete(frame));
            read++;
          } catch (TarnException e) {
            assertThat(e).hasMessageContaining("Cannot ");
            gone++;
          }
          try {
            seen = Math.max(seen, complete(tarn.parquet(file)));
          } catch (Unavailable e) { // one file is always there: that is all that can happen to it
            assertThat(e).hasMessageEndingWith(" was replaced while it was read. Run it again.");
          }
        }
      }
      assertThat(read).as("versions read, while %d readers came late", gone).isPositive();
      assertThat(seen).isGreaterThan(1);
    }
  }

  /** A reader of a folder above sees the target, and never what is being written beside it. */
  @Test
  @Timeout(120)
  void aReaderOfAFolderAboveNeverSeesADraft() throws Exception {
    Path targets = Files.createDirectory(folder.resolve("targets"));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    String file = folder.resolve("elsewhere.parquet").toString();
    String parts = targets.resolve("parts").toString();
    try (Tarn tarn = Tarn.open();
        ChildProcess child = ChildProcess.start(scratch, Writer.class, file, parts, "1")) {
      child.await("ready");
      long end = System.nanoTime() + Seeds.rounds(4, 60) * 1_000_000_000L;
      int read = 0;
      while (System.nanoTime() < end) {
        for (int route = 0; route < 3; route++) {
          try {
            complete(
                switch (route) {
                  case 0 -> tarn.parquet(targets.toString());
                  case 1 -> tarn.parquet(targets + "/**/*.parquet");
                  default -> tarn.sql("FROM '" + targets + "/**/*.parquet'");
                });
            read++;
          } catch (TarnException e) {
            assertThat(e).hasMessageContaining("Cannot ");
          }
        }
      }
      assertThat(read).isPositive();
    }
  }
}
