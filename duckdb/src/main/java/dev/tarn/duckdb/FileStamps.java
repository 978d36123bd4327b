package dev.tarn.duckdb;

import dev.tarn.error.Unavailable;
import dev.tarn.io.FileFormat;
import dev.tarn.spi.FileScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Parquet files are when a query begins. DuckDB opens a file twice, once for its footer and
 * once for its data: one that is replaced in between is read by the other's footer.
 */
final class FileStamps {

  /** Beyond this looking would take longer than it is worth. */
  private static final int MOST = 1000;

  private final Map<Path, List<Object>> stamps = new LinkedHashMap<>();

  void add(FileScan files) {
    if (files.format() != FileFormat.PARQUET || files.paths().size() > MOST) {
      return;
    }
    for (String name : files.paths()) {
      if (!FileGlobs.isGlob(name)) {
        Path path = Path.of(name);
        List<Object> stamp = stamp(path);
        if (stamp != null) {
          stamps.putIfAbsent(path, stamp);
        }
      }
    }
  }

  void requireSame(String doing) {
    stamps.forEach((path, before) -> {
      List<Object> now = stamp(path);
      if (now != null && !now.equals(before)) {
        throw new Unavailable(
            "Cannot %s: [%s] was replaced while it was read. Run it again.".formatted(doing, path));
      }
    });
  }

  /** Null where there is no file: one that was deleted is read to its end. */
  static @Nullable List<Object> stamp(Path path) {
    try {
      var file = Files.readAttributes(path, BasicFileAttributes.class);
      return List.of(file.size(), file.lastModifiedTime(), String.valueOf(file.fileKey()));
    } catch (IOException gone) {
      return null;
    }
  }
}
