package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Constants as DuckDB prints them in plans, as values. A constant that may have been printed with a
 * loss, or that some would compare otherwise than DuckDB does (NaN, infinity), is not understood.
 */
final class TypedLiteral {

  private static final Pattern DAY = Pattern.compile("(\\d{4,6})-(\\d\\d)-(\\d\\d)");
  private static final Pattern MOMENT = Pattern.compile("(\\S+) (\\S+?)");
  private static final Pattern BLOB_BYTE =
      Pattern.compile("\\\\x([0-9A-F]{2})|([\\x20-\\x7E&&[^\\\\]])");

  private TypedLiteral() {}

  /**
   * A bare constant.
   *
   * @param kind what sort of constant DuckDB's parser takes it for
   * @param type of what it is compared with, which DuckDB has made it fit; null when unknown
   */
  static Expr.Literal bare(String kind, String text, @Nullable DataType type) {
    return new Expr.Literal(
        switch (kind) {
          case "STRING" -> text(text, type);
          case "BOOLEAN" -> bool(text, type);
          case "INTEGER" -> type == null ? whole(new BigInteger(text)) : number(text, type);
          case "NUMERIC" -> number(text, type);
          default -> throw new NotUnderstood();
        });
  }

  /** A constant that was printed as text and its type. */
  static Expr.Literal cast(String text, DataType type) {
    requireClean(text);
    try {
      return new Expr.Literal(
          switch (type) {
            case DataType.Simple.DATE -> day(text);
            case DataType.Simple.TIME, DataType.Simple.TIME_NS -> time(text);
            case DataType.Simple.TIMESTAMP,
                DataType.Simple.TIMESTAMP_S,
                DataType.Simple.TIMESTAMP_MS,
                DataType.Simple.TIMESTAMP_NS ->
                moment(text);
            case DataType.Simple.TIMESTAMPTZ -> zoned(text);
            case DataType.Simple.UUID -> UUID.fromString(text);
            case DataType.Simple.BLOB -> bytes(text);
            default -> throw new NotUnderstood();
          });
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new NotUnderstood();
    }
  }

  private static String text(String text, @Nullable DataType type) {
    if (type != null && !type.equals(DataType.VARCHAR)) {
      throw new NotUnderstood();
    }
    return requireClean(text);
  }

  /** Plans are printed line by line, which loses empty lines within a text. */
  private static String requireClean(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0) {
      throw new NotUnderstood();
    }
    return text;
  }

  private static Boolean bool(String text, @Nullable DataType type) {
    if (type != null && !type.equals(DataType.BOOLEAN)) {
      throw new NotUnderstood();
    }
    return Boolean.valueOf(text);
  }

  private static Object number(String text, @Nullable DataType type) {
    return switch (type) {
      case DataType.Simple.DOUBLE -> finite(Double.parseDouble(text));
      case DataType.Simple.FLOAT -> finite(Float.parseFloat(text));
      case DataType.Decimal d -> new BigDecimal(text).setScale(d.scale());
      case DataType.Simple.TINYINT,
          DataType.Simple.SMALLINT,
          DataType.Simple.INTEGER,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT ->
          Integer.valueOf(text);
      case DataType.Simple.BIGINT, DataType.Simple.UINTEGER -> Long.valueOf(text);
      case DataType.Simple.HUGEINT, DataType.Simple.UBIGINT, DataType.Simple.UHUGEINT ->
          new BigInteger(text);
      case null, default -> throw new NotUnderstood();
    };
  }

  private static Number whole(BigInteger value) {
    return value.bitLength() < 32
        ? value.intValueExact()
        : value.bitLength() < 64 ? (Number) value.longValueExact() : value;
  }

  private static Double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new NotUnderstood();
    }
    return value;
  }

  private static Float finite(float value) {
    if (!Float.isFinite(value)) {
      throw new NotUnderstood();
    }
    return value;
  }

  private static LocalDate day(String text) {
    Matcher day = DAY.matcher(text);
    if (!day.matches()) {
      throw new NotUnderstood(); // infinity, or before the common era
    }
    return LocalDate.of(
        Integer.parseInt(day.group(1)),
        Integer.parseInt(day.group(2)),
        Integer.parseInt(day.group(3)));
  }

  private static LocalTime time(String text) {
    LocalTime time = LocalTime.parse(text);
    if (time.toNanoOfDay() % 1000 != 0) {
      throw new NotUnderstood(); // there is no literal for it
    }
    return time;
  }

  private static LocalDateTime moment(String text) {
    Matcher moment = MOMENT.matcher(text);
    if (!moment.matches()) {
      throw new NotUnderstood();
    }
    return LocalDateTime.of(day(moment.group(1)), time(moment.group(2)));
  }

  private static OffsetDateTime zoned(String text) {
    if (!text.endsWith("+00")) {
      throw new NotUnderstood();
    }
    return moment(text.substring(0, text.length() - 3)).atOffset(ZoneOffset.UTC);
  }

  private static byte[] bytes(String text) {
    var bytes = new ByteArrayOutputStream();
    Matcher next = BLOB_BYTE.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!next.find(end) || next.start() != end) {
        throw new NotUnderstood();
      }
      bytes.write(
          next.group(1) == null ? next.group(2).charAt(0) : Integer.parseInt(next.group(1), 16));
      end = next.end();
    }
    return bytes.toByteArray();
  }
}
