package dev.tarn.lake;

import java.nio.file.Path;
import java.util.Map;

/** Where a lake keeps the list of its datasets, and which version of each is the current one. */
public sealed interface LakeCatalog {

  /**
   * A file {@code catalog.db} in the lake's own folder, beside its data. Several processes of one
   * machine may use it at once. The folder is made where it is missing.
   */
  record Sqlite(Path folder) implements LakeCatalog {}

  /**
   * A database by JDBC, for teams: PostgreSQL. Its driver must be on the class path.
   *
   * @param url such as {@code jdbc:postgresql://host/database}
   * @param properties for the driver: {@code user}, {@code password}, {@code sslmode} and the like
   * @param warehouse the folder that data goes to; the same for all that use the catalog
   */
  record Jdbc(String url, Map<String, String> properties, Path warehouse) implements LakeCatalog {
    public Jdbc {
      properties = Map.copyOf(properties);
    }

    /** Without the properties, as a password may be among them. */
    @Override
    public String toString() {
      return "Jdbc[" + url.replaceAll("[?;].*|//[^/@]*@", "") + ", " + warehouse + "]";
    }
  }

  /**
   * An Iceberg REST catalog.
   *
   * @param properties as Iceberg names them: {@code warehouse}, {@code token}, {@code credential},
   *     {@code prefix} and the like
   */
  record Rest(String url, Map<String, String> properties) implements LakeCatalog {
    public Rest {
      properties = Map.copyOf(properties);
    }

    /** Without the properties, as a token may be among them. */
    @Override
    public String toString() {
      return "Rest[" + url + "]";
    }
  }

  /** A lake in a folder. */
  static LakeCatalog of(Path folder) {
    return new Sqlite(folder);
  }
}
