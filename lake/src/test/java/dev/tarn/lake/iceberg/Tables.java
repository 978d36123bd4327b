package dev.tarn.lake.iceberg;

import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.spi.WrittenFile;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.jspecify.annotations.Nullable;

/** Tables whose data files are only names. */
final class Tables {

  private static final TableIdentifier NAME = TableIdentifier.of("lake", "sales");

  private final InMemoryCatalog catalog = new InMemoryCatalog();

  Tables(Path folder) {
    catalog.initialize(
        "tables",
        Map.of(
            CatalogProperties.WAREHOUSE_LOCATION,
            folder.toString(),
            CatalogProperties.FILE_IO_IMPL,
            LocalFileIO.class.getName()));
    catalog.createNamespace(Namespace.of("lake"));
  }

  Table create(Schema schema, PartitionSpec spec, int version) {
    return catalog.createTable(
        NAME, schema, spec, Map.of("format-version", Integer.toString(version)));
  }

  Table load() {
    return catalog.loadTable(NAME);
  }

  /** A file with a range of values in the first column. */
  static DataFile file(Table table, String name, long min, long max) {
    return file(table, table.location() + "/data/" + name, min, max, List.of());
  }

  static DataFile file(
      Table table, String path, long min, long max, List<@Nullable Object> partition) {
    var stats = new ColumnStats(10, 5, OptionalLong.of(0), OptionalLong.empty(), min, max);
    int id = table.schema().columns().getFirst().fieldId();
    return DataFileBuilder.dataFile(
        new WrittenFile(path, 5, 100, partition, Map.of(id, stats)),
        table.spec(),
        table.schema(),
        null);
  }

  static void append(Table table, DataFile... files) {
    AppendFiles append = table.newFastAppend();
    for (DataFile file : files) {
      append.appendFile(file);
    }
    append.commit();
  }

  /** An engine that knows what is in files, and nothing else. */
  static Engine engine(Map<String, List<FileColumn>> files) {
    return (Engine)
        Proxy.newProxyInstance(
            Tables.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("footers")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return ((List<?>) arguments[0])
                  .stream()
                      .map(path ->
                          new ParquetFooter((String) path, 5, 100, files.get(path), Map.of()))
                      .toList();
            });
  }
}
