package dev.tarn.spi;

import dev.tarn.type.DataType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in one batch. The arrays are handed over, not copied: nobody may change
 * them. Where {@code nulls} is null, no value is.
 */
public sealed interface Vector {

  int size();

  boolean isNull(int row);

  /**
   * The value as an object, as {@link dev.tarn.Row} describes it for each type; null where null.
   */
  default @Nullable Object value(int row) {
    if (isNull(row)) {
      return null;
    }
    return switch (this) {
      case Booleans v -> v.values[row];
      case Ints v -> v.values[row];
      case Longs v -> v.values[row];
      case Floats v -> v.values[row];
      case Doubles v -> v.values[row];
      case Utf8 v -> new String(v.values[row], StandardCharsets.UTF_8);
      case Objects v -> v.values[row];
    };
  }

  /** A vector of the kind that a type has, from objects as {@link dev.tarn.Row} describes them. */
  static Vector of(DataType type, @Nullable Object[] values) {
    return Vectors.of(type, values);
  }

  private static boolean isSet(boolean @Nullable [] nulls, int row) {
    return nulls != null && nulls[row];
  }

  /** BOOLEAN. */
  record Booleans(boolean[] values, boolean @Nullable [] nulls) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return isSet(nulls, row);
    }
  }

  /** TINYINT, SMALLINT, INTEGER, UTINYINT and USMALLINT. */
  record Ints(int[] values, boolean @Nullable [] nulls) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return isSet(nulls, row);
    }
  }

  /** BIGINT and UINTEGER. */
  record Longs(long[] values, boolean @Nullable [] nulls) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return isSet(nulls, row);
    }
  }

  /** FLOAT. */
  record Floats(float[] values, boolean @Nullable [] nulls) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return isSet(nulls, row);
    }
  }

  /** DOUBLE. */
  record Doubles(double[] values, boolean @Nullable [] nulls) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return isSet(nulls, row);
    }
  }

  /** VARCHAR as UTF-8 that is not decoded until it is asked for; a null element is null. */
  record Utf8(byte[] @Nullable [] values) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }
  }

  /** Any type, as objects; a null element is null. */
  record Objects(@Nullable Object[] values) implements Vector {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }
  }
}
