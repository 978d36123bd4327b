package dev.tarn.redis.scan;

import dev.tarn.redis.Samples;
import dev.tarn.redis.ScanOptions;
import dev.tarn.type.Schema;
import java.util.List;

/**
 * What is scanned: a table.
 *
 * @param columns all there are, in order
 * @param samples what is read of time series; of no meaning for other types
 */
public record ScanSpec(
    KeyType type,
    KeyPattern pattern,
    List<ScanColumn> columns,
    ScanOptions options,
    Samples samples) {

  public ScanSpec {
    columns = List.copyOf(columns);
  }

  Schema schema() {
    return new Schema(columns.stream().map(ScanColumn::field).toList());
  }

  /** What it is called in messages. */
  String name() {
    return "redis %s %s".formatted(type.plural(), pattern);
  }
}
