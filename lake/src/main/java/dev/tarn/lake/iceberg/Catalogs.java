package dev.tarn.lake.iceberg;

import dev.tarn.error.Unavailable;
import dev.tarn.lake.LakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalog;

/** Opens Iceberg's catalogs, with {@link LocalFileIO} for their files and time-outs for all. */
public final class Catalogs {

  /** The name under which rows of a catalog's database are found again; other readers need it. */
  public static final String NAME = "tarn";

  /** How long a process waits for another that holds the SQLite file, in milliseconds. */
  private static final String BUSY_MILLIS = "30000";

  private Catalogs() {}

  /**
   * Opens a catalog; whoever does so closes it, if it can be closed.
   *
   * @throws Unavailable when it is out of reach
   */
  public static Catalog open(LakeCatalog catalog) {
    try {
      return switch (catalog) {
        case LakeCatalog.Sqlite c -> sqlite(c.folder().toAbsolutePath().normalize());
        case LakeCatalog.Jdbc c -> jdbc(c);
        case LakeCatalog.Rest c -> rest(c);
      };
    } catch (IOException | RuntimeException e) {
      throw new Unavailable(
          "Cannot open the lake [%s]: %s. Check that it is there and that you may write to it."
              .formatted(catalog, IcebergErrors.reason(e)),
          e);
    }
  }

  private static Catalog sqlite(Path folder) throws IOException {
    Files.createDirectories(folder);
    var properties = new HashMap<String, String>();
    properties.put("jdbc.busy_timeout", BUSY_MILLIS);
    properties.put("jdbc.synchronous", "FULL");
    return database("jdbc:sqlite:" + folder.resolve("catalog.db"), folder.toString(), properties);
  }

  private static Catalog jdbc(LakeCatalog.Jdbc catalog) throws IOException {
    Path warehouse = catalog.warehouse().toAbsolutePath().normalize();
    Files.createDirectories(warehouse);
    var properties = new HashMap<String, String>();
    properties.put("jdbc.connectTimeout", "10"); // seconds, as PostgreSQL's driver names them
    properties.put("jdbc.socketTimeout", "60");
    properties.put("jdbc.tcpKeepAlive", "true");
    catalog.properties().forEach((name, value) -> properties.put("jdbc." + name, value));
    return database(catalog.url(), warehouse.toString(), properties);
  }

  private static Catalog database(String url, String warehouse, Map<String, String> properties) {
    properties.put(CatalogProperties.URI, url);
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
    properties.put("jdbc.schema-version", "V1");
    var catalog =
        new JdbcCatalog(p -> new LocalFileIO(), p -> new CatalogConnections(url, p), true);
    catalog.initialize(NAME, properties);
    return catalog;
  }

  private static Catalog rest(LakeCatalog.Rest catalog) {
    var properties = new HashMap<String, String>();
    properties.put("rest.client.connection-timeout-ms", "10000");
    properties.put("rest.client.socket-timeout-ms", "60000");
    properties.putAll(catalog.properties());
    properties.put(CatalogProperties.URI, catalog.url());
    properties.put(CatalogProperties.FILE_IO_IMPL, LocalFileIO.class.getName());
    var rest = new RESTCatalog();
    rest.initialize(NAME, properties);
    return rest;
  }
}
