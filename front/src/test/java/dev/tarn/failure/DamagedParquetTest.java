package dev.tarn.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Rows;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.TarnException;
import dev.tarn.io.Codec;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files that were cut or whose bytes were changed: named, never a crash, never a hang. */
class DamagedParquetTest {

  private static final int ROWS = 20_000;

  @TempDir Path folder;

  private static Path sound(Tarn tarn, Path folder, Codec codec) {
    Path file = folder.resolve("sound-" + codec + ".parquet");
    tarn.sql(
            "SELECT i AS id, 'name ' || (i * 7919) AS name, i / 3.0 AS x, [i, i + 1] AS pair,"
                + " DATE '2024-01-01' + (i % 500)::INTEGER AS day FROM range(?) r(i)",
            ROWS)
        .write(Sinks.parquet(file.toString()).compression(codec).rowGroupRows(4096));
    return file;
  }

  @Test
  void aFileCutAnywhereIsRefusedByName() {
    try (Tarn tarn = Tarn.open()) {
      Path sound = sound(tarn, folder, Codec.SNAPPY);
      Seeds.each(
          Seeds.rounds(40, 2_000),
          random -> {
            byte[] bytes = Files.readAllBytes(sound);
            int length = 1 + random.nextInt(bytes.length - 1);
            Path cut = folder.resolve("cut.parquet");
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> tarn.parquet(cut.toString()).collect())
                .as("%d of %d bytes", length, bytes.length)
                .isInstanceOf(BadData.class)
                .hasMessageMatching(
                    "Cannot read \\[.*cut\\.parquet\\]: [^\\n]+\\. Write it anew, or skip it with"
                        + " onBadFile\\(SKIP\\)\\.");
          });
      assertThat(tarn.parquet(sound.toString()).collect().size()).isEqualTo(ROWS);
    }
  }

  /**
   * Changed bytes either do not matter, change values (Parquet need not have checksums), or are
   * refused by name. Runs in a JVM of its own, which must not die.
   */
  @Test
  @Timeout(600)
  void changedBytesNeverEndTheProcess() throws Exception {
    int rounds = Seeds.rounds(300, 20_000);
    long seed = Seeds.first();
    try (ChildProcess child =
        ChildProcess.start(folder, Fuzz.class, folder.toString(), seed + "", rounds + "")) {
      List<String> lines = child.lines();
      assertThat(child.exitCode(Duration.ofSeconds(30)))
          .as("-Dtarn.seed=%d\n%s", seed, String.join("\n", lines))
          .isZero();
      assertThat(lines).as("-Dtarn.seed=%d", seed).contains("next query works");
      assertThat(lines.stream().filter(line -> line.startsWith("bad: ")))
          .as("-Dtarn.seed=%d", seed)
          .isEmpty();
    }
  }

  /** Changes bytes of files and reads them. */
  static final class Fuzz {

    private Fuzz() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      long seed = Long.parseLong(arguments[1]);
      int rounds = Integer.parseInt(arguments[2]);
      try (Tarn tarn = Tarn.open()) {
        List<Path> sound =
            List.of(
                sound(tarn, folder, Codec.UNCOMPRESSED),
                sound(tarn, folder, Codec.ZSTD),
                sound(tarn, folder, Codec.SNAPPY));
        for (int i = 0; i < rounds; i++) {
          round(tarn, folder, sound.get(i % sound.size()), seed + i);
        }
        if (tarn.parquet(sound.get(0).toString()).collect().size() == ROWS) {
          print("next query works");
        }
      }
    }

    private static void round(Tarn tarn, Path folder, Path sound, long seed) throws IOException {
      Random random = Seeds.random(seed);
      byte[] bytes = Files.readAllBytes(sound);
      boolean footer = random.nextBoolean();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        int at = footer ? bytes.length - 1 - random.nextInt(3000) : random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 + random.nextInt(255));
      }
      Path changed = folder.resolve("changed.parquet");
      Files.write(changed, bytes);
      try {
        Rows rows = tarn.parquet(changed.toString()).collect();
        if (System.getProperty("tarn.verbose") != null) {
          print("read: " + rows.size());
        }
      } catch (TarnException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("changed.parquet]")
            || !message.startsWith("Cannot ")
            || message.contains("\n")) {
          print("bad: seed " + seed + " " + e);
        }
      } catch (RuntimeException e) {
        print("bad: seed " + seed + " " + e + " " + Arrays.toString(e.getStackTrace()));
      }
    }

    @SuppressWarnings("SystemOut") // how the parent hears of it
    private static void print(String line) {
      System.out.println(line.replace('\n', '|'));
    }
  }
}
