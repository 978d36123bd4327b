package dev.tarn.duckdb;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;

/** DuckDB's native library. */
public final class DriverLibrary {

  private DriverLibrary() {}

  /**
   * The library that lies beside the driver's jar and is loaded from there; empty where the driver
   * unpacks one from its jar to a temporary file at every start.
   */
  public static Optional<Path> unpacked() throws IOException {
    Path jar;
    try {
      jar = Path.of(DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    try (Stream<Path> files = Files.list(jar.resolveSibling("."))) {
      return files
          .map(Path::normalize)
          .filter(file -> file.getFileName().toString().startsWith("libduckdb_java"))
          .findFirst();
    }
  }
}
