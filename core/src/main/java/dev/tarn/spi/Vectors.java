package dev.tarn.spi;

import dev.tarn.type.DataType;
import org.jspecify.annotations.Nullable;

/** Vectors made of objects. */
final class Vectors {

  private Vectors() {}

  static Vector of(DataType type, @Nullable Object[] values) {
    return switch (type) {
      case DataType.Simple.BOOLEAN -> booleans(values);
      case DataType.Simple.TINYINT,
          DataType.Simple.SMALLINT,
          DataType.Simple.INTEGER,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT ->
          ints(values);
      case DataType.Simple.BIGINT, DataType.Simple.UINTEGER -> longs(values);
      case DataType.Simple.FLOAT -> floats(values);
      case DataType.Simple.DOUBLE -> doubles(values);
      default -> new Vector.Objects(values);
    };
  }

  private static Vector booleans(@Nullable Object[] values) {
    var result = new boolean[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] instanceof Boolean b && b;
    }
    return new Vector.Booleans(result, nulls(values));
  }

  private static Vector ints(@Nullable Object[] values) {
    var result = new int[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] instanceof Number n ? n.intValue() : 0;
    }
    return new Vector.Ints(result, nulls(values));
  }

  private static Vector longs(@Nullable Object[] values) {
    var result = new long[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] instanceof Number n ? n.longValue() : 0;
    }
    return new Vector.Longs(result, nulls(values));
  }

  private static Vector floats(@Nullable Object[] values) {
    var result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] instanceof Number n ? n.floatValue() : 0;
    }
    return new Vector.Floats(result, nulls(values));
  }

  private static Vector doubles(@Nullable Object[] values) {
    var result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] instanceof Number n ? n.doubleValue() : 0;
    }
    return new Vector.Doubles(result, nulls(values));
  }

  private static boolean @Nullable [] nulls(@Nullable Object[] values) {
    boolean[] nulls = null;
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        nulls = nulls == null ? new boolean[values.length] : nulls;
        nulls[i] = true;
      }
    }
    return nulls;
  }
}
