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
   * @throws InvalidRequest when values of the type cannot be read from Redis
   */
  public static ColumnBuffer of(Field column, @Nullable ValueFormat format, int capacity) {
    requireTime(column, format);
    var times = new Times(format);
    return switch (column.type()) {
      case DataType.Simple simple -> simple(column, simple, times, capacity);
      case DataType.Decimal decimal -> new ObjectBuffer(capacity, bytes -> decimal(bytes, decimal));
      case DataType.ListOf list -> nested(list, capacity);
      case DataType.ArrayOf array -> nested(array, capacity);
      case DataType.MapOf map -> nested(map, capacity);
      case DataType.Struct struct -> nested(struct, capacity);
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
      case BOOLEAN -> new Booleans(capacity);
      case TINYINT -> new Ints(capacity, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> new Ints(capacity, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> new Ints(capacity, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UTINYINT -> new Ints(capacity, 0, 255);
      case USMALLINT -> new Ints(capacity, 0, 65_535);
      case UINTEGER -> new Longs(capacity, 0, 0xFFFF_FFFFL);
      case BIGINT -> new Longs(capacity, Long.MIN_VALUE, Long.MAX_VALUE);
      case UBIGINT -> new ObjectBuffer(capacity, bytes -> unsigned(bytes, 64));
      case UHUGEINT -> new ObjectBuffer(capacity, bytes -> unsigned(bytes, 128));
      case HUGEINT -> new ObjectBuffer(capacity, Buffers::huge);
      case FLOAT -> new Floats(capacity);
      case DOUBLE -> new Doubles(capacity);
      case VARCHAR -> new Text(capacity, Utf8::isValid);
      case BLOB -> new ObjectBuffer(capacity, bytes -> bytes);
      case JSON -> new Text(capacity, JsonValues::isJson);
      case UUID -> new ObjectBuffer(capacity, Buffers::uuid);
      case DATE -> new ObjectBuffer(capacity, times::date);
      case TIME -> new ObjectBuffer(capacity, times::time);
      case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS ->
          new ObjectBuffer(capacity, times::timestamp);
      case TIMESTAMPTZ -> new ObjectBuffer(capacity, times::moment);
      case BIT, TIME_NS, TIMETZ, INTERVAL, NULL -> throw cannotRead(column);
    };
  }

  private static ColumnBuffer nested(DataType type, int capacity) {
    return new ObjectBuffer(capacity, bytes -> JsonValues.of(bytes, type));
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

  // ---- the buffers

  /** Marks of nulls, made with the first. */
  private static final class Nulls {
    private final int capacity;
    private boolean @Nullable [] marks;

    Nulls(int capacity) {
      this.capacity = capacity;
    }

    void set(int row, boolean isNull) {
      if (marks == null) {
        if (!isNull) {
          return;
        }
        marks = new boolean[capacity];
      }
      marks[row] = isNull;
    }

    boolean @Nullable [] first(int rows) {
      return marks == null ? null : Arrays.copyOf(marks, rows);
    }
  }

  private static final class Booleans extends ColumnBuffer {
    private final boolean[] values;
    private final Nulls nulls;

    Booleans(int capacity) {
      values = new boolean[capacity];
      nulls = new Nulls(capacity);
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (bytes.length > 5) {
        return false;
      }
      switch (new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT)) {
        case "true", "1", "yes", "t", "y" -> values[row] = true;
        case "false", "0", "no", "f", "n" -> values[row] = false;
        default -> {
          return false;
        }
      }
      nulls.set(row, false);
      return true;
    }

    @Override
    public void setNull(int row) {
      nulls.set(row, true);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Booleans(Arrays.copyOf(values, rows), nulls.first(rows));
    }
  }

  private static final class Ints extends ColumnBuffer {
    private final int[] values;
    private final Nulls nulls;
    private final long least;
    private final long most;

    Ints(int capacity, long least, long most) {
      this.values = new int[capacity];
      this.nulls = new Nulls(capacity);
      this.least = least;
      this.most = most;
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!Numbers.isLong(bytes)) {
        return false;
      }
      long value = Numbers.toLong(bytes);
      if (value < least || value > most) {
        return false;
      }
      values[row] = (int) value;
      nulls.set(row, false);
      return true;
    }

    @Override
    public void setNull(int row) {
      nulls.set(row, true);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Ints(Arrays.copyOf(values, rows), nulls.first(rows));
    }
  }

  private static final class Longs extends ColumnBuffer {
    private final long[] values;
    private final Nulls nulls;
    private final long least;
    private final long most;

    Longs(int capacity, long least, long most) {
      this.values = new long[capacity];
      this.nulls = new Nulls(capacity);
      this.least = least;
      this.most = most;
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!Numbers.isLong(bytes)) {
        return false;
      }
      long value = Numbers.toLong(bytes);
      if (value < least || value > most) {
        return false;
      }
      set(row, value);
      return true;
    }

    @Override
    public void set(int row, long value) {
      values[row] = value;
      nulls.set(row, false);
    }

    @Override
    public void setNull(int row) {
      nulls.set(row, true);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Longs(Arrays.copyOf(values, rows), nulls.first(rows));
    }
  }

  private static final class Floats extends ColumnBuffer {
    private final float[] values;
    private final Nulls nulls;

    Floats(int capacity) {
      values = new float[capacity];
      nulls = new Nulls(capacity);
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!Numbers.isDouble(bytes)) {
        return false;
      }
      double wide = Numbers.toDouble(bytes);
      float value =
          Double.isFinite(wide)
              ? Float.parseFloat(new String(bytes, StandardCharsets.US_ASCII))
              : (float) wide;
      if (Float.isInfinite(value) && !Double.isInfinite(wide)) {
        return false;
      }
      values[row] = value;
      nulls.set(row, false);
      return true;
    }

    @Override
    public void setNull(int row) {
      nulls.set(row, true);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Floats(Arrays.copyOf(values, rows), nulls.first(rows));
    }
  }

  private static final class Doubles extends ColumnBuffer {
    private final double[] values;
    private final Nulls nulls;

    Doubles(int capacity) {
      values = new double[capacity];
      nulls = new Nulls(capacity);
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!Numbers.isDouble(bytes)) {
        return false;
      }
      double value = Numbers.toDouble(bytes);
      set(row, value);
      return true;
    }

    @Override
    public void set(int row, double value) {
      values[row] = value;
      nulls.set(row, false);
    }

    @Override
    public void setNull(int row) {
      nulls.set(row, true);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Doubles(Arrays.copyOf(values, rows), nulls.first(rows));
    }
  }

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
      return new Vector.Utf8(Arrays.copyOf(values, rows));
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
      return new Vector.Objects(Arrays.copyOf(values, rows));
    }
  }
}
