package dev.tarn.io;

import dev.tarn.spi.FileScan;
import dev.tarn.spi.OpenedFiles;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;

/**
 * Files as they stand: read where they are, never rewritten. The engine pushes filters and columns
 * into its own readers, so the plan is the same for every request.
 */
public record FileSource(String name, OpenedFiles files) implements Source {

  @Override
  public Schema schema() {
    return files.schema();
  }

  @Override
  public Scan plan(ScanRequest request) {
    return files.scan();
  }

  /** The files and their options. */
  public FileScan scan() {
    return files.scan();
  }
}
