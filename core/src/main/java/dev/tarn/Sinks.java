package dev.tarn;

import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;

/**
 * Files to write a frame to; meant to be imported: {@code import static dev.tarn.Sinks.*}. A path
 * that ends in the format's suffix is one file, any other a folder of files.
 */
public final class Sinks {

  private Sinks() {}

  public static FileSink parquet(String path) {
    return FileSink.of(FileFormat.PARQUET, path);
  }

  /** With a header line; {@code .csv.gz} and {@code .csv.zst} are compressed. */
  public static FileSink csv(String path) {
    return FileSink.of(FileFormat.CSV, path);
  }

  /** An array of objects. */
  public static FileSink json(String path) {
    return FileSink.of(FileFormat.JSON, path);
  }

  /** One object a line. */
  public static FileSink ndjson(String path) {
    return FileSink.of(FileFormat.NDJSON, path);
  }
}
