package dev.tarn.spi;

import java.util.List;
import java.util.Map;

/**
 * What the footer of a Parquet file says.
 *
 * @param columns what the file holds; their ids are those in the file
 * @param stats over all row groups, by the names on the way to a column; only of columns outside of
 *     lists and maps
 */
public record ParquetFooter(
    String path,
    long rows,
    long bytes,
    List<FileColumn> columns,
    Map<List<String>, ColumnStats> stats) {

  public ParquetFooter {
    columns = List.copyOf(columns);
    stats = Map.copyOf(stats);
  }
}
