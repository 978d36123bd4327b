package dev.tarn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;

/**
 * Files that the benchmarks read: made once by DuckDB, from row numbers alone, so that they hold
 * the same values on every machine.
 */
final class Fixtures {

  /** 50 regions, 1,000,003 amounts of which a tenth is above 9,000, one sale a second. */
  private static final String SALES =
      """
      SELECT i AS id,
             'region-' || (i * 7919 %% 50) AS region,
             (i * 2654435761 %% 1000003) / 100.0::DOUBLE AS amount,
             TIMESTAMP '2024-01-01' + to_seconds(i %% 31536000) AS sold
      FROM range(%d) AS t(i)\
      """;

  private final Path folder;

  Fixtures(Path folder) {
    this.folder = folder;
  }

  /** The folder that {@code benchmarks/run} uses, else one in the system's temporary folder. */
  static Fixtures standard() {
    String said = System.getProperty("tarn.fixtures");
    return new Fixtures(
        said == null
            ? Path.of(System.getProperty("java.io.tmpdir"), "tarn-fixtures")
            : Path.of(said));
  }

  Path folder() {
    return folder;
  }

  /** One Parquet file of sales: id, region, amount, sold; zstd. */
  Path sales(long rows) throws IOException, SQLException {
    return made(
        "sales-%d.parquet".formatted(rows),
        SALES.formatted(rows),
        "FORMAT parquet, COMPRESSION zstd");
  }

  /** The same sales as CSV, with a header line. */
  Path csv(long rows) throws IOException, SQLException {
    return made("sales-%d.csv".formatted(rows), SALES.formatted(rows), "FORMAT csv, HEADER true");
  }

  /** A folder of Parquet files of 100 sales each. */
  Path many(int files) throws IOException, SQLException {
    Path many = folder.resolve("many-" + files);
    if (!Files.exists(many)) {
      Path one = sales(100);
      Path draft = Files.createDirectories(folder.resolve("many-%d.draft".formatted(files)));
      for (int i = 0; i < files; i++) {
        Files.copy(
            one,
            draft.resolve("part-%05d.parquet".formatted(i)),
            StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(draft, many);
    }
    return many;
  }

  private Path made(String name, String query, String options) throws IOException, SQLException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      Files.createDirectories(folder);
      Path draft = folder.resolve(name + ".draft");
      try (Plain plain = Plain.open()) {
        plain.copy("COPY (%s) TO %s (%s)".formatted(query, Plain.literal(draft), options));
      }
      Files.move(draft, file);
    }
    return file;
  }
}
