package dev.tarn.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Real files that are not part of the project: {@code ../shared/data} from its root, or what {@code
 * -Dtarn.shared=…} says. A test that needs one is skipped, saying so, where they are absent.
 */
public final class SharedData {

  private SharedData() {}

  /** A file or folder by its path below the shared data. */
  public static Path path(String name) {
    Path root = root();
    Assumptions.assumeTrue(
        root != null, "the shared data is absent: ../shared/data, or -Dtarn.shared=…");
    Path file = root == null ? Path.of(name) : root.resolve(name);
    Assumptions.assumeTrue(Files.exists(file), () -> file + " is absent");
    return file;
  }

  /** The files of a folder with a suffix, by name; none where the shared data is absent. */
  public static List<Path> files(String folder, String suffix) {
    Path root = root();
    if (root == null || !Files.isDirectory(root.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static @Nullable Path root() {
    String said = System.getProperty("tarn.shared");
    if (said != null) {
      return Path.of(said);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path data = at.resolveSibling("shared").resolve("data");
      if (Files.isDirectory(data)) {
        return data;
      }
    }
    return null;
  }
}
