package dev.tarn.spi;

import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an engine writes Parquet files for a table. The files are complete and on the disk when it
 * returns, and nothing names them before the caller does; files of a write that failed are removed.
 *
 * @param folder where the files go, directly or in folders below it; made where it is missing
 * @param columns names, types and field ids of the columns, the same and in the same order as the
 *     plan's
 * @param partitions over the plan's columns: rows of one file agree in all of them. They leave no
 *     column in the files.
 * @param sortedBy the order of rows within each file; empty for any, near the plan's own
 * @param level of the codec; empty for its own
 * @param fileBytes a file is closed once it has about so many bytes
 * @param rowGroupRows rows in a row group; empty for the engine's own
 */
public record DataFileSink(
    String folder,
    List<TableColumn> columns,
    List<Expr> partitions,
    List<SortKey> sortedBy,
    Codec codec,
    OptionalInt level,
    long fileBytes,
    OptionalLong rowGroupRows) {

  public DataFileSink {
    columns = List.copyOf(columns);
    partitions = List.copyOf(partitions);
    sortedBy = List.copyOf(sortedBy);
  }
}
