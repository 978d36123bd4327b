package dev.tarn.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.decode.Buffers;
import dev.tarn.redis.decode.ColumnBuffer;
import dev.tarn.redis.scan.Texts;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a stream as rows: a column for each field by its name, null where an entry lacks it;
 * {@value #ID} is the entry's id. Fields without a column are left out.
 *
 * @param batch the rows of entries that could be read
 * @param malformed the other entries
 */
public record EntryRows(Batch batch, List<Malformed> malformed) {

  /** The column with the entry's id, where the schema has one. */
  public static final String ID = "_id";

  /**
   * An entry with a value that is none of its column's type, or without one that must be there.
   *
   * @param reason names field, value and type
   */
  public record Malformed(StreamEntry entry, String reason) {}

  public EntryRows {
    malformed = List.copyOf(malformed);
  }

  /**
   * Reads entries.
   *
   * @param required columns that may not be null, as the schema writes them
   * @throws dev.tarn.error.InvalidRequest when a column has a type that text cannot be read as
   */
  public static EntryRows of(List<StreamEntry> entries, Schema schema, Set<String> required) {
    List<ColumnBuffer> buffers =
        schema.fields().stream().map(field -> Buffers.of(field, null, entries.size())).toList();
    var malformed = new ArrayList<Malformed>();
    int row = 0;
    for (StreamEntry entry : entries) {
      String reason = parse(entry, schema, required, buffers, row);
      if (reason == null) {
        row++;
      } else {
        malformed.add(new Malformed(entry, reason));
      }
    }
    int rows = row;
    List<Vector> vectors = buffers.stream().map(buffer -> buffer.vector(rows)).toList();
    return new EntryRows(new Batch(schema, rows, vectors), malformed);
  }

  private static @Nullable String parse(
      StreamEntry entry, Schema schema, Set<String> required, List<ColumnBuffer> buffers, int row) {
    for (int column = 0; column < schema.size(); column++) {
      Field field = schema.fields().get(column);
      byte[] value = value(entry, field.name());
      if (value == null && required.contains(field.name())) {
        return "it has no field " + field.name();
      }
      if (value == null) {
        buffers.get(column).setNull(row);
      } else if (!buffers.get(column).parse(row, value)) {
        return "%s of field %s is no %s".formatted(Texts.quoted(value), field.name(), field.type());
      }
    }
    return null;
  }

  private static byte @Nullable [] value(StreamEntry entry, String name) {
    if (name.equals(ID)) {
      return entry.id().getBytes(UTF_8);
    }
    byte[] wanted = name.getBytes(UTF_8);
    List<byte[]> fields = entry.fields();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (Arrays.equals(fields.get(i), wanted)) {
        return fields.get(i + 1);
      }
    }
    return null;
  }
}
