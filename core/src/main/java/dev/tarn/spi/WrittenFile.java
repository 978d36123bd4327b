package dev.tarn.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that was written.
 *
 * @param path its plain path
 * @param partition the values of the sink's partitions, in order
 * @param columns statistics by field id; only of columns outside of lists and maps
 */
public record WrittenFile(
    String path,
    long rows,
    long bytes,
    List<@Nullable Object> partition,
    Map<Integer, ColumnStats> columns) {

  public WrittenFile {
    partition = Collections.unmodifiableList(new ArrayList<>(partition));
    columns = Map.copyOf(columns);
  }
}
