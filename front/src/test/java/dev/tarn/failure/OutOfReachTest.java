package dev.tarn.failure;

import static dev.tarn.testkit.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import dev.tarn.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are not there, hold nothing, hold something else, or may not be read. */
class OutOfReachTest {

  private static Tarn tarn;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    tarn = Tarn.open();
  }

  @AfterAll
  static void close() {
    tarn.close();
  }

  @AfterEach
  void theNextQueryWorks() {
    assertThat(tarn.sql("SELECT 42").collect().value()).isEqualTo(42);
  }

  private static void open(FileFormat format, Object path) {
    tarn.files(format, List.of(path.toString()), ReadOptions.DEFAULT).collect();
  }

  private static String suffix(FileFormat format) {
    return format.name().toLowerCase(java.util.Locale.ROOT);
  }

  @ParameterizedTest
  @EnumSource
  void aMissingFileIsNamed(FileFormat format) {
    Path file = folder.resolve("missing." + suffix(format));
    String message =
        "Cannot read \\[%s\\]: there is no such file\\. Check the path; it is relative to %s\\."
            .formatted(
                Pattern.quote(file.toString()), Pattern.quote(Path.of("").toAbsolutePath() + ""));
    assertRefused(Unavailable.class, message, () -> open(format, file));
    assertRefused(Unavailable.class, message, () -> tarn.sql("FROM '" + file + "'").collect());
  }

  @ParameterizedTest
  @EnumSource
  void aGlobOrFolderWithoutFilesIsNamed(FileFormat format) throws IOException {
    Files.writeString(folder.resolve("other.txt"), "x");
    for (Path path : List.of(folder, folder.resolve("*." + suffix(format)))) {
      assertRefused(
          Unavailable.class,
          "Cannot read \\[.*\\]: no file matches\\. Check the path; it is relative to .*\\.",
          () -> open(format, path));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFileIsNamed(FileFormat format) throws IOException {
    Path file = Files.createFile(folder.resolve("empty." + suffix(format)));
    assertRefused(
        BadData.class,
        "Cannot read \\[%s\\]: the file is empty\\. Write something into it, or leave it out\\."
            .formatted(Pattern.quote(file.toString())),
        () -> open(format, file));
  }

  @Test
  void aFileOfAnotherFormatIsNamed() throws IOException {
    Path parquet = Files.writeString(folder.resolve("text.parquet"), "this is no Parquet file");
    assertRefused(
        BadData.class,
        "Cannot read \\[.*text.parquet\\]: no magic bytes found at end of file .*\\. Write it anew, or"
            + " skip it with onBadFile\\(SKIP\\)\\.",
        () -> open(FileFormat.PARQUET, parquet));
    Path arrow = Files.writeString(folder.resolve("text.arrow"), "this is no Arrow file at all");
    assertRefused(
        BadData.class,
        "Cannot read \\[.*text.arrow\\]: it is no Arrow file that can be read \\(.*\\)\\. .*",
        () -> open(FileFormat.ARROW, arrow));
    for (String text : List.of("{\"a\": 1}\n{\"a\": }\n", "hello", "{\"a\": 1")) {
      Path json = Files.writeString(folder.resolve("text.ndjson"), text);
      assertRefused(
          BadData.class,
          "Cannot read \\[.*text.ndjson\\]: malformed JSON .*\\. Write it anew, or skip it with"
              + " onBadFile\\(SKIP\\)\\.",
          () -> open(FileFormat.NDJSON, json));
    }
  }

  @Test
  void aFileThatTurnsBadAfterItWasOpenedIsNamed() throws IOException {
    Path good = folder.resolve("a.parquet");
    Path bad = folder.resolve("b.parquet");
    tarn.sql("SELECT range AS i FROM range(200000)").write(Sinks.parquet(good.toString()));
    tarn.sql("SELECT range AS i FROM range(200000)").write(Sinks.parquet(bad.toString()));
    var frame = tarn.parquet(folder.toString());
    byte[] bytes = Files.readAllBytes(bad);
    java.util.Arrays.fill(bytes, 4, 1000, (byte) 0);
    Files.write(bad, bytes);
    assertRefused(
        BadData.class,
        "Cannot read \\[" + Pattern.quote(bad.toString()) + "\\]: .*",
        () -> frame.collect());
    Files.delete(bad);
    Files.delete(good);
    assertRefused(Unavailable.class, "Cannot .*" + folder + ".*", () -> frame.collect());
  }

  /** Permissions do not count for root, so a process that gave up that power tries. */
  @Test
  @Timeout(120)
  void whatMayNotBeReadOrWrittenIsNamed() throws Exception {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Path file = closed.resolve("x.parquet");
    tarn.sql("SELECT 1 AS i").write(Sinks.parquet(file.toString()));
    Path locked = folder.resolve("locked.csv");
    Files.writeString(locked, "a\n1\n");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try (ChildProcess child =
        ChildProcess.startWithoutPrivileges(folder, Denied.class, folder.toString())) {
      List<String> lines = child.lines();
      assertThat(child.exitCode(Duration.ofSeconds(30))).as(lines + "").isZero();
      String read = ": permission denied. Ask for the right to read it.";
      assertThat(lines)
          .filteredOn(line -> line.contains("Cannot") || line.contains("works"))
          .containsExactly(
              "Unavailable Cannot read [" + folder + "/locked.csv]" + read,
              "Unavailable Cannot read [" + folder + "/closed/x.parquet]" + read,
              "Unavailable Cannot read [" + folder + "/closed]" + read,
              "Unavailable Cannot read [" + folder + "/closed]" + read,
              "Unavailable Cannot write ["
                  + folder
                  + "/closed/new.parquet]: permission denied. Ask for"
                  + " the right to write there.",
              "Unavailable Cannot write ["
                  + folder
                  + "/closed/new]: permission denied. Ask for the"
                  + " right to write there.",
              "next query works");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(closed).isDirectoryNotContaining("glob:**new*");
  }

  /** Tries what is not permitted. */
  static final class Denied {

    private Denied() {}

    @SuppressWarnings("SystemOut") // how the parent hears of it
    public static void main(String[] arguments) {
      String folder = arguments[0];
      try (Tarn tarn = Tarn.open()) {
        var one = tarn.sql("SELECT 1 AS i");
        attempt(() -> tarn.csv(folder + "/locked.csv").collect());
        attempt(() -> tarn.parquet(folder + "/closed/x.parquet").collect());
        attempt(() -> tarn.parquet(folder + "/closed").collect());
        attempt(() -> tarn.sql("FROM '" + folder + "/closed/*.parquet'").collect());
        attempt(() -> one.write(Sinks.parquet(folder + "/closed/new.parquet")));
        attempt(() -> one.write(Sinks.parquet(folder + "/closed/new")));
        System.out.println(one.collect().size() == 1 ? "next query works" : "it does not");
      }
    }

    @SuppressWarnings("SystemOut")
    private static void attempt(Runnable action) {
      try {
        action.run();
        System.out.println("Cannot be: it was permitted");
      } catch (TarnException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
