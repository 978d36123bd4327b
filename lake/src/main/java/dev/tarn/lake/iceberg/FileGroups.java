package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.TableScan.Deletes;
import dev.tarn.spi.TableScan.Group;
import dev.tarn.spi.TableScan.Match;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/** Sorts data files into groups that are read alike. */
final class FileGroups {

  private final String name;
  private final Table table;
  private final Schema columns;
  private final FileShapes shapes;
  private final TablePlanner planner;
  private final Engine engine;

  FileGroups(String name, Table table, Schema columns, TablePlanner planner, Engine engine) {
    this.name = name;
    this.table = table;
    this.columns = columns;
    this.shapes = new FileShapes(name, table, columns);
    this.planner = planner;
    this.engine = engine;
  }

  private record Key(@Nullable List<FileColumn> shape, FileDeletes.Kind deletes) {}

  List<Group> of(List<PlannedFile> files) {
    Map<String, List<FileColumn>> found = shapes(files);
    var groups = new LinkedHashMap<Key, List<PlannedFile>>();
    for (PlannedFile file : files) {
      checkFormat(file.file().format(), file.file().location());
      var key = new Key(found.get(file.file().location()), FileDeletes.Kind.of(file.deletes()));
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(file);
    }
    return groups.entrySet().stream().map(e -> group(e.getKey(), e.getValue())).toList();
  }

  private void checkFormat(FileFormat format, String location) {
    if (format != FileFormat.PARQUET) {
      throw new InvalidRequest(
          "Cannot read [%s %s]: it is a file of type %s, and tables are read from Parquet only. Rewrite it as Parquet."
              .formatted(name, location, format));
    }
  }

  private Group group(Key key, List<PlannedFile> files) {
    List<Deletes> deletes = new FileDeletes(name, table, this::checkFormat).of(files);
    return new Group(
        files.stream().map(file -> LocalFileIO.path(file.file().location())).toList(),
        Optional.ofNullable(key.shape()),
        deletes,
        match());
  }

  /** The engine knows how many rows there are only where it finds columns by name. */
  private Match match() {
    boolean neverChanged =
        table.schemas().size() == 1
            && columns.sameSchema(table.schema())
            && !table.properties().containsKey(TableProperties.DEFAULT_NAME_MAPPING);
    return neverChanged ? Match.NAME : Match.ID;
  }

  /** What files hold, where that takes a look at them, by their locations. */
  private Map<String, List<FileColumn>> shapes(List<PlannedFile> files) {
    List<DataFile> unclear =
        files.stream().map(PlannedFile::file).filter(shapes::isUnclear).toList();
    var found = new LinkedHashMap<String, List<FileColumn>>();
    if (!unclear.isEmpty()) {
      List<List<FileColumn>> columns = planner.columns(engine, unclear);
      for (int i = 0; i < unclear.size(); i++) {
        found.put(unclear.get(i).location(), shapes.shape(unclear.get(i), columns.get(i)));
      }
    }
    return found;
  }
}
