package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.spi.ColumnStats;
import dev.tarn.type.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest value of a column, from the text that DuckDB gives. What is not
 * certain is no bound at all.
 */
final class Bounds {

  private Bounds() {}

  /** A value that no other is less than; null when the text does not say for sure. */
  static @Nullable Object min(DataType type, @Nullable String text, boolean hex) {
    return switch (value(type, text, hex)) {
      case Double d when d == 0 -> -0.0;
      case Float f when f == 0 -> -0.0f;
      case null -> null;
      case Object bound -> bound;
    };
  }

  static @Nullable Object max(DataType type, @Nullable String text, boolean hex) {
    return switch (value(type, text, hex)) {
      case Double d when d == 0 -> 0.0; // the least zero and the greatest are written alike
      case Float f when f == 0 -> 0.0f;
      case null -> null;
      case Object bound -> bound;
    };
  }

  static boolean hasNans(DataType type) {
    return type.equals(DataType.FLOAT) || type.equals(DataType.DOUBLE);
  }

  private static @Nullable Object value(DataType type, @Nullable String text, boolean hex) {
    if (text == null || !isOrdered(type)) {
      return null;
    }
    try {
      if (type.equals(DataType.BLOB) && hex) {
        return HexFormat.of().parseHex(text);
      }
      return type.equals(DataType.BOOLEAN)
          ? text.equals("1") || text.equals("true")
          : TextValues.parse(type, text);
    } catch (BadData | IllegalArgumentException noValueOfJava) {
      return null;
    }
  }

  /** Types whose values a Parquet file holds as they are, in an order that it defines. */
  private static boolean isOrdered(DataType type) {
    return switch (type) {
      case DataType.Decimal t -> true;
      case DataType.Simple t ->
          switch (t) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT -> true;
            case UTINYINT, USMALLINT, UINTEGER, UBIGINT, FLOAT, DOUBLE -> true;
            case VARCHAR, BLOB, DATE, TIME, UUID -> true;
            case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS, TIMESTAMPTZ -> true;
            case HUGEINT, UHUGEINT, BIT, TIME_NS, TIMETZ, INTERVAL, JSON, NULL -> false;
          };
      default -> false;
    };
  }

  /** What is known of two parts of a column. */
  static ColumnStats merged(ColumnStats a, ColumnStats b) {
    return new ColumnStats(
        a.bytes() + b.bytes(),
        a.values() + b.values(),
        sum(a.nulls(), b.nulls()),
        sum(a.nans(), b.nans()),
        outer(a, a.min(), b, b.min(), -1),
        outer(a, a.max(), b, b.max(), 1));
  }

  private static OptionalLong sum(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(a.getAsLong() + b.getAsLong())
        : OptionalLong.empty();
  }

  private static @Nullable Object outer(
      ColumnStats a, @Nullable Object x, ColumnStats b, @Nullable Object y, int sign) {
    if (isAllNull(a)) {
      return y;
    }
    if (isAllNull(b)) {
      return x;
    }
    return x == null || y == null ? null : compare(x, y) * sign >= 0 ? x : y;
  }

  private static boolean isAllNull(ColumnStats part) {
    return part.nulls().isPresent() && part.nulls().getAsLong() == part.values();
  }

  /** Text and bytes by their bytes, as Parquet has them; Java's own order is another. */
  @SuppressWarnings("unchecked")
  static int compare(Object x, Object y) {
    return switch (x) {
      case String s -> Arrays.compareUnsigned(utf8(s), utf8((String) y));
      case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) y);
      case UUID u -> compare(u, (UUID) y);
      default -> ((Comparable<Object>) x).compareTo(y);
    };
  }

  private static int compare(UUID x, UUID y) {
    int high = Long.compareUnsigned(x.getMostSignificantBits(), y.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(x.getLeastSignificantBits(), y.getLeastSignificantBits());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
