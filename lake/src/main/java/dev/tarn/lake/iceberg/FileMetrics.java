package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.ParquetFooter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/** Statistics of data files, as manifests keep them. */
public final class FileMetrics {

  /** Characters of a text, or bytes of a binary value, that a bound keeps. */
  private static final int LENGTH = 32;

  private FileMetrics() {}

  /**
   * Metrics of a file. Their bounds hold for every value of the file in the order that Iceberg has;
   * a bound that could not is left out.
   *
   * @param stats by the ids of columns
   */
  public static Metrics of(long rows, Map<Integer, ColumnStats> stats, Schema schema) {
    var sizes = new HashMap<Integer, Long>();
    var values = new HashMap<Integer, Long>();
    var nulls = new HashMap<Integer, Long>();
    var nans = new HashMap<Integer, Long>();
    var lower = new HashMap<Integer, ByteBuffer>();
    var upper = new HashMap<Integer, ByteBuffer>();
    stats.forEach((id, column) -> {
      NestedField field = schema.findField(id);
      if (field == null || !field.type().isPrimitiveType()) {
        return;
      }
      sizes.put(id, column.bytes());
      values.put(id, column.values());
      put(nulls, id, column.nulls());
      if (isFloating(field.type())) {
        put(nans, id, column.nans());
      }
      put(lower, id, field.type(), lower(field.type(), column));
      put(upper, id, field.type(), upper(field.type(), column));
    });
    return new Metrics(rows, sizes, values, nulls, nans, lower, upper);
  }

  private static void put(Map<Integer, Long> counts, int id, OptionalLong count) {
    if (count.isPresent()) {
      counts.put(id, count.getAsLong());
    }
  }

  private static void put(
      Map<Integer, ByteBuffer> bounds, int id, Type type, @Nullable Object bound) {
    if (bound != null) {
      bounds.put(id, Conversions.toByteBuffer(type, bound));
    }
  }

  private static boolean isFloating(Type type) {
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
  }

  private static @Nullable Object lower(Type type, ColumnStats stats) {
    Object bound = stats.min() == null ? null : value(type, stats.min());
    return switch (bound) {
      case null -> null;
      case Float f -> Float.isNaN(f) ? null : f == 0 ? (Object) (-0.0f) : f;
      case Double d -> Double.isNaN(d) ? null : d == 0 ? (Object) (-0.0d) : d;
      case String text -> UnicodeUtil.truncateStringMin(text, LENGTH);
      case ByteBuffer bytes when type.typeId() == Type.TypeID.BINARY ->
          BinaryUtil.truncateBinaryMin(bytes, LENGTH);
      case UUID uuid -> uuid.equals(stats.max()) ? uuid : null; // its order is not settled
      default -> bound;
    };
  }

  private static @Nullable Object upper(Type type, ColumnStats stats) {
    Object bound = stats.max() == null ? null : value(type, ceiling(stats.max()));
    return switch (bound) {
      case null -> null;
      case Float f -> Float.isNaN(f) ? null : f == 0 ? (Object) 0.0f : f;
      case Double d -> Double.isNaN(d) ? null : d == 0 ? (Object) 0.0d : d;
      case String text -> UnicodeUtil.truncateStringMax(text, LENGTH);
      case ByteBuffer bytes when type.typeId() == Type.TypeID.BINARY ->
          BinaryUtil.truncateBinaryMax(bytes, LENGTH);
      case UUID uuid -> uuid.equals(stats.min()) ? uuid : null;
      default -> bound;
    };
  }

  /** Times of files are cut to microseconds: the greatest must not become less. */
  private static Object ceiling(Object max) {
    return max instanceof LocalDateTime time && time.get(ChronoField.NANO_OF_SECOND) % 1000 != 0
        ? time.plus(1, ChronoUnit.MICROS)
        : max;
  }

  private static @Nullable Object value(Type type, Object value) {
    try {
      return IcebergTypes.toIceberg(type, value);
    } catch (InvalidRequest doesNotFit) {
      return null;
    }
  }

  /**
   * A foreign file's statistics by the ids of the table's columns: its own ids where it has any,
   * else those that the mapping has for its names. Values are those of the columns' types; a column
   * that the file has in a type that was not widened to the table's is left out.
   *
   * @param mapping null for none
   */
  public static Map<Integer, ColumnStats> byId(
      ParquetFooter footer, Schema schema, @Nullable NameMapping mapping) {
    var stats = new HashMap<Integer, ColumnStats>();
    new FileColumns(footer.columns(), mapping)
        .leaves((path, id, type) -> {
          NestedField field = schema.findField(id);
          ColumnStats found = footer.stats().get(path);
          if (field != null && found != null) {
            Type stored = FileColumns.icebergType(type);
            if (stored != null && widens(stored, field.type())) {
              stats.put(id, converted(field.type(), found));
            }
          }
        });
    return stats;
  }

  private static boolean widens(Type from, Type to) {
    return switch (to.typeId()) {
      case LONG -> from.typeId() == Type.TypeID.INTEGER || from.equals(to);
      case DOUBLE -> from.typeId() == Type.TypeID.FLOAT || from.equals(to);
      case DECIMAL ->
          from instanceof Types.DecimalType decimal
              && decimal.scale() <= ((Types.DecimalType) to).scale();
      default -> from.equals(to);
    };
  }

  private static ColumnStats converted(Type type, ColumnStats stats) {
    return new ColumnStats(
        stats.bytes(),
        stats.values(),
        stats.nulls(),
        stats.nans(),
        stats.min() == null ? null : widened(type, stats.min()),
        stats.max() == null ? null : widened(type, stats.max()));
  }

  private static @Nullable Object widened(Type type, Object value) {
    return switch (type.typeId()) {
      case LONG -> Values.exact(value).longValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case DECIMAL -> scaled(Values.exact(value), ((Types.DecimalType) type).scale());
      default -> value;
    };
  }

  private static BigDecimal scaled(BigDecimal value, int scale) {
    return value.setScale(scale);
  }
}
