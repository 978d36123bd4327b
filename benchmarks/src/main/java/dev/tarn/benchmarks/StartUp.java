package dev.tarn.benchmarks;

import dev.tarn.benchmarks.Turns.Times;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.duckdb.DuckDBDriver;

/**
 * From nothing to the first row: {@code ./tarn sql "select 1"} and {@link MinimalStart}, which runs
 * once with the driver's jar as it comes and once with its native library unpacked beside it.
 */
final class StartUp {

  private static final String LIBRARY = "libduckdb_java.so_";

  private StartUp() {}

  static List<Result> run(Scale scale, Fixtures fixtures) throws Exception {
    List<String> tarn = List.of(Path.of("tarn").toAbsolutePath().toString(), "sql", "select 1");
    String built = Child.run(tarn); // the first run builds
    if (!built.contains("1")) {
      throw new IllegalStateException("./tarn answered: " + built);
    }
    Times times = times(tarn, scale, fixtures);
    String what = "./tarn sql \"select 1\", median of %d starts".formatted(scale.startRounds());
    return List.of(
        Result.ratio("start", what, times, "tarn", "minimal program, driver as it comes", 1.2),
        Result.ratio("start", what, times, "tarn", "minimal program, library unpacked", 1.2));
  }

  /** The command against both ways of the minimal program. */
  static Times times(List<String> command, Scale scale, Fixtures fixtures) throws Exception {
    Path driver = location(DuckDBDriver.class);
    return new Turns()
        .side("tarn", () -> Child.run(command).contains("1") ? 1 : 0)
        .side("minimal program, driver as it comes", minimal(driver))
        .side("minimal program, library unpacked", minimal(unpacked(driver, fixtures)))
        .run(scale.warmups(), scale.startRounds());
  }

  private static Turns.Side minimal(Path driver) throws URISyntaxException {
    List<String> command =
        Child.java(
            List.of(),
            location(MinimalStart.class) + File.pathSeparator + driver,
            MinimalStart.class.getName());
    return () -> Child.run(command).contains("1") ? 1 : 0;
  }

  private static Path location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** The driver's jar without its libraries, in a folder where they lie beside it. */
  private static Path unpacked(Path driver, Fixtures fixtures) throws IOException {
    Path folder = fixtures.folder().resolve("unpacked");
    Path jar = folder.resolve(driver.getFileName().toString());
    if (!Files.exists(jar)) {
      Files.createDirectories(folder);
      Path draft = folder.resolve("draft");
      try (var in = new ZipInputStream(Files.newInputStream(driver));
          var out = new ZipOutputStream(Files.newOutputStream(draft))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          copy(entry.getName(), in, out, folder);
        }
      }
      Files.move(draft, jar);
    }
    return jar;
  }

  private static void copy(String name, InputStream in, ZipOutputStream jar, Path folder)
      throws IOException {
    if (name.startsWith(LIBRARY)) {
      try (OutputStream library = Files.newOutputStream(folder.resolve(name))) {
        in.transferTo(library);
      }
    } else {
      jar.putNextEntry(new ZipEntry(name));
      in.transferTo(jar);
      jar.closeEntry();
    }
  }
}
