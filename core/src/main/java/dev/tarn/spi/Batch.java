package dev.tarn.spi;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.type.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows, column by column. Immutable by agreement: nobody changes the arrays.
 *
 * @param schema names and types of the columns
 * @param size rows, 0 or more; every vector has as many
 */
public record Batch(Schema schema, int size, List<Vector> vectors) {

  /** The most rows in a batch that a scan yields: DuckDB's vector size. */
  public static final int MAX_SCAN_ROWS = 2048;

  public Batch {
    vectors = List.copyOf(vectors);
    if (vectors.size() != schema.size()) {
      throw new InvalidRequest(
          "Cannot build batch: %d vectors for %d columns."
              .formatted(vectors.size(), schema.size()));
    }
    for (int i = 0; i < vectors.size(); i++) {
      if (vectors.get(i).size() != size) {
        throw new InvalidRequest(
            "Cannot build batch: column %s has %d rows of %d."
                .formatted(schema.fields().get(i).name(), vectors.get(i).size(), size));
      }
    }
  }

  /** The values of a column by position from 0. */
  public Vector vector(int column) {
    return vectors.get(column);
  }

  /** The values of a column by name. */
  public Vector vector(String column) {
    int index = schema.indexOf(column);
    if (index < 0) {
      throw UnknownColumn.of("read", column, "", schema.names());
    }
    return vectors.get(index);
  }

  /** A value as an object; null where it is null. */
  public @Nullable Object value(int row, int column) {
    return vectors.get(column).value(row);
  }
}
