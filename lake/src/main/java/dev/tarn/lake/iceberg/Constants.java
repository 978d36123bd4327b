package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the values of constant expressions, where they are certain. */
final class Constants {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMPTZ =
      new DateTimeFormatterBuilder()
          .append(TIMESTAMP)
          .appendOffset("+HH:mm", "+00")
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMPTZ_HOURS =
      new DateTimeFormatterBuilder()
          .append(TIMESTAMP)
          .appendOffset("+HH", "+00")
          .toFormatter(Locale.ROOT);

  private Constants() {}

  /** A value that is known, be it null. */
  record Constant(@Nullable Object value) {}

  static Optional<Constant> of(Expr expr) {
    return switch (expr) {
      case Expr.Literal literal -> Optional.of(new Constant(literal.value()));
      case Expr.Alias alias -> of(alias.operand());
      case Expr.Negate negate -> of(negate.operand()).flatMap(c -> negated(c.value()));
      case Expr.Cast cast -> of(cast.operand()).flatMap(c -> cast(c.value(), cast.type()));
      default -> Optional.empty();
    };
  }

  private static Optional<Constant> negated(@Nullable Object value) {
    return switch (value) {
      case null -> Optional.of(new Constant(null));
      case Double n -> Optional.of(new Constant(-n));
      case Float n -> Optional.of(new Constant(-n));
      case Number n -> Optional.of(new Constant(Values.exact(n).negate()));
      default -> Optional.empty();
    };
  }

  private static Optional<Constant> cast(@Nullable Object value, DataType type) {
    if (value == null) {
      return Optional.of(new Constant(null));
    }
    try {
      Object result = value instanceof String text ? parsed(text, type) : converted(value, type);
      return Optional.ofNullable(result).map(Constant::new);
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException uncertain) {
      return Optional.empty();
    }
  }

  private static @Nullable Object parsed(String text, DataType type) {
    return switch (type) {
      case DataType.Simple simple -> parsed(text, simple);
      case DataType.Decimal decimal -> converted(new BigDecimal(text), decimal);
      case DataType.EnumOf ignored -> text;
      case DataType.ListOf ignored -> null;
      case DataType.ArrayOf ignored -> null;
      case DataType.MapOf ignored -> null;
      case DataType.Struct ignored -> null;
      case DataType.Other ignored -> null;
    };
  }

  private static @Nullable Object parsed(String text, DataType.Simple type) {
    return switch (type) {
      case VARCHAR -> text;
      case BOOLEAN -> parsedBoolean(text);
      case TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          HUGEINT,
          UTINYINT,
          USMALLINT,
          UINTEGER,
          UBIGINT,
          UHUGEINT ->
          new BigInteger(text);
      case FLOAT -> (float) parsedDouble(text, true);
      case DOUBLE -> parsedDouble(text, false);
      case BLOB -> parsedBytes(text);
      case DATE -> LocalDate.parse(text, DATE);
      case TIME -> LocalTime.parse(text);
      case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS -> parsedTimestamp(text);
      case TIMESTAMPTZ -> parsedInstant(text);
      case UUID -> UUID.fromString(text);
      case BIT, TIME_NS, TIMETZ, INTERVAL, JSON, NULL -> null;
    };
  }

  private static @Nullable Boolean parsedBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static double parsedDouble(String text, boolean single) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "-nan" -> Double.NaN;
      case "inf", "infinity", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> number(new BigDecimal(text), single);
    };
  }

  private static double number(BigDecimal value, boolean single) {
    return single ? value.floatValue() : value.doubleValue();
  }

  /** Bytes as the engine writes them: printable ones as they are, others as {@code \xAB}. */
  private static byte @Nullable [] parsedBytes(String text) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 126) {
        return null;
      } else if (c != '\\') {
        bytes.write(c);
      } else if (i + 3 < text.length() && text.charAt(i + 1) == 'x') {
        bytes.write(Integer.parseInt(text, i + 2, i + 4, 16));
        i += 3;
      } else {
        return null;
      }
    }
    return bytes.toByteArray();
  }

  private static LocalDateTime parsedTimestamp(String text) {
    return text.length() == 10
        ? LocalDate.parse(text, DATE).atStartOfDay()
        : LocalDateTime.parse(text.replace('T', ' '), TIMESTAMP);
  }

  private static OffsetDateTime parsedInstant(String text) {
    boolean minutes = text.lastIndexOf(':') > Math.max(text.lastIndexOf('+'), text.length() - 6);
    String spaced = text.replace('T', ' ');
    boolean hoursOnly = spaced.matches(".*[+-]\\d\\d");
    return OffsetDateTime.parse(spaced, hoursOnly && !minutes ? TIMESTAMPTZ_HOURS : TIMESTAMPTZ);
  }

  private static @Nullable Object converted(Object value, DataType type) {
    return switch (type) {
      case DataType.Decimal decimal when value instanceof Number ->
          Values.exact(value).setScale(decimal.scale(), RoundingMode.UNNECESSARY);
      case DataType.Simple simple -> converted(value, simple);
      default -> null;
    };
  }

  private static @Nullable Object converted(Object value, DataType.Simple type) {
    return switch (type) {
      case TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          HUGEINT,
          UTINYINT,
          USMALLINT,
          UINTEGER,
          UBIGINT,
          UHUGEINT ->
          value instanceof Number ? Values.exact(value).toBigIntegerExact() : null;
      case FLOAT -> value instanceof Number n ? (Object) n.floatValue() : null;
      case DOUBLE -> value instanceof Number n ? (Object) n.doubleValue() : null;
      case DATE -> value instanceof LocalDate ? value : null;
      case TIMESTAMP ->
          switch (value) {
            case LocalDate date -> date.atStartOfDay();
            case LocalDateTime time when time.get(ChronoField.NANO_OF_SECOND) % 1000 == 0 -> time;
            default -> null;
          };
      case TIMESTAMP_NS ->
          value instanceof LocalDate date
              ? date.atStartOfDay()
              : value instanceof LocalDateTime ? value : null;
      case TIMESTAMPTZ -> value instanceof OffsetDateTime ? value : null;
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case TIME -> value instanceof LocalTime ? value : null;
      case UUID -> value instanceof UUID ? value : null;
      case BLOB -> value instanceof byte[] ? value : null;
      case VARCHAR, JSON, BIT, TIME_NS, TIMETZ, TIMESTAMP_S, TIMESTAMP_MS, INTERVAL, NULL -> null;
    };
  }
}
