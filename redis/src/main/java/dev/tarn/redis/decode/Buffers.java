package dev.tarn.redis.decode;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.ValueFormat;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Buffers by the type of a column. */
public final class Buffers {

  private Buffers() {}

  /**
   * A buffer for a column.
   *
   * @param format how its values are written; null for the usual
   * @throws InvalidRequest when values of the type, or of one within it, cannot be read from Redis
   */
  public static ColumnBuffer of(Field column, @Nullable ValueFormat format, int capacity) {
    requireTime(column, format);
    var times = new Times(format);
    return switch (column.type()) {
      case DataType.Simple simple -> simple(column, simple, times, capacity);
      case DataType.Decimal decimal -> new ObjectBuffer(capacity, bytes -> decimal(bytes, decimal));
      case DataType.ListOf list -> nested(column, capacity, list.element());
      case DataType.ArrayOf array -> nested(column, capacity, array.element());
      case DataType.MapOf map -> map(column, map, capacity);
      case DataType.Struct struct ->
          nested(
              column, capacity, struct.fields().stream().map(Field::type).toArray(DataType[]::new));
      case DataType.EnumOf values -> new Text(capacity, bytes -> isOneOf(bytes, values));
      case DataType.Other other -> throw cannotRead(column);
    };
  }

  private static void requireTime(Field column, @Nullable ValueFormat format) {
    boolean time =
        switch (column.type()) {
          case DataType.Simple.DATE, DataType.Simple.TIMESTAMP, DataType.Simple.TIMESTAMPTZ -> true;
          case DataType.Simple.TIME -> format instanceof ValueFormat.Pattern;
          default -> false;
        };
    if (format != null && !time) {
      throw new InvalidRequest(
          "Cannot read column %s as %s: it is %s. Patterns and epochs are for dates and timestamps."
              .formatted(
                  column.name(),
                  format.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                  column.type()));
    }
  }

  private static InvalidRequest cannotRead(Field column) {
    return new InvalidRequest(
        "Cannot read column %s from Redis: %s is no type that text can be read as. Read it as VARCHAR and cast it."
            .formatted(column.name(), column.type()));
  }

  private static ColumnBuffer simple(
      Field column, DataType.Simple type, Times times, int capacity) {
    return switch (type) {
      case BOOLEAN -> new PrimitiveBuffer.Booleans(capacity);
      case TINYINT -> new PrimitiveBuffer.Ints(capacity, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> new PrimitiveBuffer.Ints(capacity, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> new PrimitiveBuffer.Ints(capacity, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UTINYINT -> new PrimitiveBuffer.Ints(capacity, 0, 255);
      case USMALLINT -> new PrimitiveBuffer.Ints(capacity, 0, 65_535);
      case UINTEGER -> new PrimitiveBuffer.Longs(capacity, 0, 0xFFFF_FFFFL);
      case BIGINT -> new PrimitiveBuffer.Longs(capacity, Long.MIN_VALUE, Long.MAX_VALUE);
      case UBIGINT -> new ObjectBuffer(capacity, bytes -> unsigned(bytes, 64));
      case UHUGEINT -> new ObjectBuffer(capacity, bytes -> unsigned(bytes, 128));
      case HUGEINT -> new ObjectBuffer(capacity, Buffers::huge);
      case FLOAT -> new PrimitiveBuffer.Floats(capacity);
      case DOUBLE -> new PrimitiveBuffer.Doubles(capacity);
      case VARCHAR -> new Text(capacity, Utf8::isValid);
      case BLOB -> new ObjectBuffer(capacity, bytes -> bytes);
      case JSON -> new Text(capacity, JsonValues::isJson);
      case UUID -> new ObjectBuffer(capacity, Buffers::uuid);
      case DATE -> new ObjectBuffer(capacity, times::date);
      case TIME -> new ObjectBuffer(capacity, times::time);
      case TIMESTAMP -> timestamps(times, Precision.MICROS, capacity);
      case TIMESTAMP_S -> timestamps(times, Precision.SECONDS, capacity);
      case TIMESTAMP_MS -> timestamps(times, Precision.MILLIS, capacity);
      case TIMESTAMP_NS -> timestamps(times, Precision.NANOS, capacity);
      case TIMESTAMPTZ -> new ObjectBuffer(capacity, times::moment);
      case BIT, TIME_NS, TIMETZ, INTERVAL, NULL -> throw cannotRead(column);
    };
  }

  private static ColumnBuffer timestamps(Times times, Precision precision, int capacity) {
    return new ObjectBuffer(capacity, bytes -> times.timestamp(bytes, precision));
  }

  /**
   * @param within the types of its elements or members, which must be readable, too
   */
  private static ColumnBuffer nested(Field column, int capacity, DataType... within) {
    for (DataType type : within) {
      of(new Field(column.name(), type), null, 1);
    }
    return new ObjectBuffer(capacity, bytes -> JsonValues.of(bytes, column.type()));
  }

  private static ColumnBuffer map(Field column, DataType.MapOf map, int capacity) {
    if (JsonMembers.isStructured(map.key())) {
      throw new InvalidRequest(
          "Cannot read column %s from Redis: the keys of a map are names of members, which are no %s. Read it as JSON and cast it."
              .formatted(column.name(), map.key()));
    }
    return nested(column, capacity, map.key(), map.value());
  }

  private static boolean isOneOf(byte[] bytes, DataType.EnumOf type) {
    return Utf8.isValid(bytes) && type.values().contains(new String(bytes, StandardCharsets.UTF_8));
  }

  private static @Nullable BigInteger unsigned(byte[] bytes, int bits) {
    BigInteger value = Numbers.integer(bytes);
    return value == null || value.signum() < 0 || value.bitLength() > bits ? null : value;
  }

  private static @Nullable BigInteger huge(byte[] bytes) {
    BigInteger value = Numbers.integer(bytes);
    return value == null || value.bitLength() > 127 ? null : value;
  }

  private static @Nullable BigDecimal decimal(byte[] bytes, DataType.Decimal type) {
    BigDecimal value = Numbers.decimal(bytes);
    if (value == null) {
      return null;
    }
    try {
      BigDecimal scaled = value.setScale(type.scale());
      return scaled.precision() > type.precision() ? null : scaled;
    } catch (ArithmeticException e) { // it has more digits behind the point
      return null;
    }
  }

  private static @Nullable UUID uuid(byte[] bytes) {
    if (bytes.length != 36) {
      return null;
    }
    try {
      String text = new String(bytes, StandardCharsets.US_ASCII);
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equalsIgnoreCase(text) ? uuid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  // ---- buffers of objects, whose nulls are null

  /** Text that stays bytes. */
  private static final class Text extends ColumnBuffer {
    private final byte[] @Nullable [] values;
    private final Predicate<byte[]> isValid;

    Text(int capacity, Predicate<byte[]> isValid) {
      this.values = new byte[capacity][];
      this.isValid = isValid;
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!isValid.test(bytes)) {
        return false;
      }
      values[row] = bytes;
      return true;
    }

    @Override
    public void setNull(int row) {
      values[row] = null;
    }

    @Override
    public Vector vector(int rows) {
      Vector vector = new Vector.Utf8(Arrays.copyOf(values, rows));
      Arrays.fill(values, 0, rows, null); // values may be large, and are the vector's now
      return vector;
    }
  }

  private static final class ObjectBuffer extends ColumnBuffer {
    private final @Nullable Object[] values;
    private final Function<byte[], @Nullable Object> parser;

    ObjectBuffer(int capacity, Function<byte[], @Nullable Object> parser) {
      this.values = new Object[capacity];
      this.parser = parser;
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      Object value = parser.apply(bytes);
      if (value == null) {
        return false;
      }
      values[row] = value;
      return true;
    }

    @Override
    public void set(int row, Object value) {
      values[row] = value;
    }

    @Override
    public void setNull(int row) {
      values[row] = null;
    }

    @Override
    public Vector vector(int rows) {
      Vector vector = new Vector.Objects(Arrays.copyOf(values, rows));
      Arrays.fill(values, 0, rows, null);
      return vector;
    }
  }
}
