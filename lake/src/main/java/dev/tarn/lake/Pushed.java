package dev.tarn.lake;

import static dev.tarn.Columns.lit;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;

/** Finds out what the engine would ask a dataset for, and reads nothing: predicates of SQL too. */
final class Pushed {

  private final Dataset dataset;

  Pushed(Dataset dataset) {
    this.dataset = dataset;
  }

  /** Filters that are true for all rows for which a predicate is true. */
  List<Expr> filters(Expr predicate) {
    var asked =
        new Asked(
            dataset.name(), IcebergTypes.columns(dataset.table().schema()), new ArrayList<>());
    Frame.of(new Plan.Scan(asked), dataset.engine())
        .filter(predicate)
        .select(lit(1).as("x"))
        .collect();
    return List.copyOf(asked.filters());
  }

  /** Has columns and no rows, and remembers the filters. */
  private record Asked(String name, List<TableColumn> columns, List<Expr> filters)
      implements Source {
    @Override
    public Schema schema() {
      return new Schema(columns.stream().map(TableColumn::field).toList());
    }

    @Override
    public boolean usesRequests() {
      return true;
    }

    @Override
    public TableScan plan(ScanRequest request) {
      filters.addAll(request.filters());
      return new TableScan(columns, List.of(), 0, TableScan.Position.NONE, List.of());
    }
  }
}
