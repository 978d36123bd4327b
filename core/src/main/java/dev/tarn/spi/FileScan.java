package dev.tarn.spi;

import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import java.util.List;

/**
 * Files that the engine reads itself.
 *
 * @param paths files or globs
 */
public record FileScan(FileFormat format, List<String> paths, ReadOptions options) implements Scan {
  public FileScan {
    paths = List.copyOf(paths);
  }
}
