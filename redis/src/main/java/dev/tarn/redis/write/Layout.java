package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a frame are what.
 *
 * @param ttl position, or -1
 * @param order position of score, position or id, or -1
 * @param values positions of all columns that are written as values
 */
record Layout(WriteSpec spec, Schema schema, int[] key, int ttl, int order, int[] values) {

  static Layout of(WriteSpec spec, Schema schema) {
    int[] key = spec.key().stream().mapToInt(name -> position(spec, schema, name)).toArray();
    int ttl = spec.ttlColumn().map(name -> position(spec, schema, name)).orElse(-1);
    int order = spec.order().map(name -> position(spec, schema, name)).orElse(-1);
    int[] values = values(spec, schema, key, ttl, order);
    var layout = new Layout(spec, schema, key, ttl, order, values);
    layout.check();
    return layout;
  }

  private static int position(WriteSpec spec, Schema schema, String name) {
    int index = schema.indexOf(name);
    if (index < 0) {
      throw UnknownColumn.of("write", name, "", schema.names());
    }
    Values.require(schema.fields().get(index), spec.name());
    return index;
  }

  private static int[] values(WriteSpec spec, Schema schema, int[] key, int ttl, int order) {
    if (spec.value().isPresent()) {
      return new int[] {position(spec, schema, spec.value().get())};
    }
    var taken = new ArrayList<Integer>(List.of(ttl, order));
    for (int column : key) {
      taken.add(column);
    }
    var rest = new ArrayList<Integer>();
    for (int i = 0; i < schema.size(); i++) {
      if (!taken.contains(i)) {
        Values.require(schema.fields().get(i), spec.name());
        rest.add(i);
      }
    }
    return rest.stream().mapToInt(Integer::intValue).toArray();
  }

  private void check() {
    for (int column : key) {
      DataType type = field(column).type();
      if (type.equals(DataType.DOUBLE) || type.equals(DataType.FLOAT)) {
        throw new InvalidRequest(
            "Cannot write to [%s]: column %s, of the key, is %s, which can be written in more than one way. Cast it to VARCHAR."
                .formatted(spec.name(), field(column).name(), type));
      }
    }
    boolean several =
        spec.kind() == ValueKind.HASH
            || spec.kind() == ValueKind.JSON
            || spec.kind() == ValueKind.STREAM;
    if (values.length == 0 || (!several && values.length > 1)) {
      throw new InvalidRequest(
          "Cannot write %d columns besides the key to [%s]: %s. Say value(…), or select what is to be written."
              .formatted(
                  values.length,
                  spec.name(),
                  several ? "there is none" : "each key has one value"));
    }
    if (ttl >= 0 && !isWhole(schema.fields().get(ttl).type())) {
      throw new InvalidRequest(
          "Cannot write to [%s]: the time to live in column %s is %s. Give whole seconds."
              .formatted(
                  spec.name(), schema.fields().get(ttl).name(), schema.fields().get(ttl).type()));
    }
  }

  private static boolean isWhole(DataType type) {
    return switch (type) {
      case DataType.Simple simple ->
          switch (simple) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER -> true;
            default -> false;
          };
      default -> false;
    };
  }

  Field field(int column) {
    return schema.fields().get(column);
  }

  /** The names of the columns that are written as values. */
  byte[][] names() {
    var names = new byte[values.length][];
    for (int i = 0; i < names.length; i++) {
      names[i] = field(values[i]).name().getBytes(UTF_8);
    }
    return names;
  }

  /**
   * The key of a row.
   *
   * @throws Unwritable when a column of it is null, or could make two keys the same
   */
  byte[] key(Batch batch, int row) {
    var out = new ByteArrayOutputStream();
    byte[] separator = spec.separator().getBytes(UTF_8);
    out.writeBytes(spec.prefix().getBytes(UTF_8));
    for (int i = 0; i < key.length; i++) {
      if (i > 0) {
        out.writeBytes(separator);
      }
      Vector vector = batch.vector(key[i]);
      if (vector.isNull(row)) {
        throw new Unwritable("column %s, of the key, is null".formatted(field(key[i]).name()));
      }
      byte[] part = Values.bytes(field(key[i]).type(), vector, row);
      if (i < key.length - 1 && Bytes.contain(part, separator)) {
        throw new Unwritable(
            "column %s, of the key, contains the separator %s: another row could have the same key"
                .formatted(field(key[i]).name(), spec.separator()));
      }
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /**
   * The time to live of a row's key in milliseconds; empty where it has none.
   *
   * @throws Unwritable when it is none that a key could have
   */
  OptionalLong ttlMillis(Batch batch, int row) {
    if (ttl < 0) {
      return spec.ttl().isPresent()
          ? OptionalLong.of(spec.ttl().get().toMillis())
          : OptionalLong.empty();
    }
    @Nullable Object value = batch.value(row, ttl);
    if (!(value instanceof Number number)) {
      return OptionalLong.empty();
    }
    long seconds = number.longValue();
    if (seconds < 1 || seconds > TimeToLive.MOST_SECONDS) {
      throw new Unwritable("a time to live of %,d seconds is none".formatted(seconds));
    }
    return OptionalLong.of(seconds * 1000);
  }
}
