package dev.tarn.failure;

import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.LimitExceeded;
import dev.tarn.io.Codec;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks that are full: nothing half-written, and once there is space the next write works. */
class FullDiskTest {

  private static final int MEGABYTES = 4;

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }

  private static Frame large(Tarn tarn) {
    return tarn.sql(
        "SELECT i, i % 3 AS k, md5(i::VARCHAR) || md5((-i)::VARCHAR) AS s FROM range(300000) r(i)");
  }

  @Test
  void aWriteOntoAFullDiskLeavesNothing() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(MEGABYTES);
        Tarn tarn = Tarn.open()) {
      var sinks = new ArrayList<FileSink>();
      for (FileFormat format : FileFormat.values()) {
        if (format != FileFormat.ARROW) {
          String suffix = format.name().toLowerCase(java.util.Locale.ROOT);
          sinks.add(FileSink.of(format, disk.folder() + "/out." + suffix));
          sinks.add(FileSink.of(format, disk.folder() + "/out"));
          sinks.add(FileSink.of(format, disk.folder() + "/out").partitionedBy("k"));
        }
      }
      sinks.add(Sinks.csv(disk.folder() + "/out.csv.gz"));
      sinks.add(
          Sinks.parquet(disk.folder() + "/out.parquet")
              .compression(Codec.UNCOMPRESSED)
              .sortedBy("s"));
      for (FileSink sink : sinks) {
        assertRefused(
            LimitExceeded.class,
            "Cannot write \\[.*/out.*\\]: the disk is full\\. Free space, or choose another folder\\.",
            () -> large(tarn).write(sink));
        assertThat(files(disk.folder())).as(sink.path() + " " + sink.format()).isEmpty();
      }
      large(tarn).limit(1000).write(sinks.get(0));
      assertThat(tarn.parquet(sinks.get(0).path()).collect().size()).isEqualTo(1000);
    }
  }

  @Test
  void aReplaceOntoAFullDiskKeepsWhatWasThere() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(MEGABYTES);
        Tarn tarn = Tarn.open()) {
      String file = disk.folder() + "/out.parquet";
      String folder = disk.folder() + "/parts";
      large(tarn).limit(1000).write(Sinks.parquet(file));
      large(tarn).limit(2000).write(Sinks.parquet(folder).partitionedBy("k"));
      List<Path> before = files(disk.folder());
      for (FileSink sink :
          List.of(
              Sinks.parquet(file).replace(), Sinks.parquet(folder).partitionedBy("k").replace())) {
        assertRefused(LimitExceeded.class, ".*the disk is full.*", () -> large(tarn).write(sink));
      }
      assertThat(files(disk.folder())).isEqualTo(before);
      assertThat(tarn.parquet(file).collect().size()).isEqualTo(1000);
      assertThat(tarn.parquet(folder).collect().size()).isEqualTo(2000);
    }
  }

  @Test
  @Timeout(120)
  void aFullSpillFolderIsALimitAndTheNextQueryWorks() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(2 * MEGABYTES);
        Tarn tarn =
            Tarn.open(
                DuckDbOptions.DEFAULT
                    .memoryBytes(100_000_000)
                    .threads(2)
                    .spillBytes(10_000_000_000L)
                    .spillFolder(disk.folder()))) {
      assertRefused(
          LimitExceeded.class,
          "Cannot run the query: .*",
          () -> LimitedMemoryTest.distinct(tarn, 5_000_000).collect());
      assertThat(LimitedMemoryTest.distinct(tarn, 1000).collect().row(0).value(0)).isEqualTo(1000L);
    }
  }
}
