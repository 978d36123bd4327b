package dev.tarn.lake;

import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan;
import dev.tarn.type.Schema;
import java.util.List;
import java.util.Optional;

/** The rows of files that the engine wrote for a table, which may not name them yet. */
record FileRows(String name, List<TableColumn> columns, List<String> paths) implements Source {

  FileRows {
    columns = List.copyOf(columns);
    paths = List.copyOf(paths);
  }

  @Override
  public Schema schema() {
    return new Schema(columns.stream().map(TableColumn::field).toList());
  }

  @Override
  public TableScan plan(ScanRequest request) {
    var group = new TableScan.Group(paths, Optional.empty(), List.of(), TableScan.Match.ID);
    return new TableScan(columns, List.of(group), paths.size(), TableScan.Position.NONE, List.of());
  }
}
