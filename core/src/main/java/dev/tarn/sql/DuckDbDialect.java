package dev.tarn.sql;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The dialect of DuckDB 2.0. */
public final class DuckDbDialect implements Dialect {

  public static final Dialect DUCKDB = new DuckDbDialect();

  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
          .appendPattern("-MM-dd")
          .toFormatter(Locale.ROOT);

  private DuckDbDialect() {}

  @Override
  public String quote(String identifier) {
    if (identifier.indexOf('\0') >= 0) {
      throw new InvalidRequest("Cannot name a column with a NUL character in it. Rename it.");
    }
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case Boolean b -> b ? "true" : "false";
      case Byte n -> n.toString();
      case Short n -> n.toString();
      case Integer n -> n.toString();
      case Long n -> n == Long.MIN_VALUE ? "(-9223372036854775807 - 1)" : n.toString();
      case BigInteger n -> whole(n);
      case BigDecimal n -> decimal(n);
      case Float n -> floating(n.doubleValue(), n.toString(), "FLOAT");
      case Double n -> floating(n, n.toString(), "DOUBLE");
      case Character c -> text(c.toString());
      case CharSequence s -> text(s.toString());
      case Enum<?> e -> text(e.name());
      case LocalDate d -> "DATE '" + date(d) + "'";
      case LocalTime t -> "TIME '" + micros(t) + "'";
      case LocalDateTime t -> "TIMESTAMP '" + timestamp(t) + "'";
      case Instant t -> timestampTz(t.atOffset(ZoneOffset.UTC));
      case OffsetDateTime t -> timestampTz(t);
      case ZonedDateTime t -> timestampTz(t.toOffsetDateTime());
      case Duration d -> interval(new Expr.Interval(0, 0, exactMicros(d)));
      case Period p -> interval(new Expr.Interval(p.toTotalMonths(), p.get(ChronoUnit.DAYS), 0));
      case UUID u -> "UUID '" + u + "'";
      case byte[] bytes -> blob(bytes);
      case Collection<?> values ->
          values.stream().map(this::literal).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> literal(e.getKey()) + ": " + literal(e.getValue()))
              .collect(Collectors.joining(", ", "MAP {", "}"));
      default ->
          throw new InvalidRequest(
              "Cannot use a value of %s in a query: it has no SQL form. Convert it to text, a number,"
                      .formatted(value.getClass().getName())
                  + " a date or time, bytes, a list or a map.");
    };
  }

  @Override
  public String interval(Expr.Interval interval) {
    return "INTERVAL '%d months %d days %d microseconds'"
        .formatted(interval.months(), interval.days(), interval.micros());
  }

  @Override
  public String type(DataType type) {
    return type.toString();
  }

  /** NUL has no place in a literal of DuckDB, so it is put in by a function. */
  private static String text(String value) {
    String quoted = "'" + value.replace("'", "''") + "'";
    return value.indexOf('\0') < 0 ? quoted : "(" + quoted.replace("\0", "' || chr(0) || '") + ")";
  }

  private static String whole(BigInteger value) {
    if (value.bitLength() < 64) {
      return value.toString();
    }
    String type = value.bitLength() < 128 ? "HUGEINT" : "UHUGEINT";
    if (value.bitLength() > 128 || (value.signum() < 0 && value.bitLength() > 127)) {
      throw new InvalidRequest(
          "Cannot use %s in a query: it has more than 128 bits. Use text.".formatted(value));
    }
    return "CAST('" + value + "' AS " + type + ")";
  }

  private static String decimal(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    int precision = Math.max(plain.precision(), plain.scale() + 1);
    if (precision > 38) {
      throw new InvalidRequest(
          "Cannot use %s in a query: it has more than the 38 digits of a DECIMAL. Use a double."
              .formatted(value));
    }
    return "CAST('%s' AS DECIMAL(%d,%d))"
        .formatted(plain.toPlainString(), precision, plain.scale());
  }

  /** A cast from text reads every double back bit by bit; a bare 0.1 would be a DECIMAL. */
  private static String floating(double value, String text, String type) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "CAST('" + text + "' AS " + type + ")";
    }
    boolean exponent = text.indexOf('E') >= 0;
    return type.equals("DOUBLE") && value >= 0
        ? text + (exponent ? "" : "e0")
        : "CAST('" + text + "' AS " + type + ")";
  }

  private static String date(LocalDate date) {
    return DATE.format(date) + (date.getYear() < 1 ? " (BC)" : "");
  }

  private static String timestamp(LocalDateTime time) {
    String date = DATE.format(time);
    String micros = micros(time.toLocalTime());
    return date + " " + micros + (time.getYear() < 1 ? " (BC)" : "");
  }

  private static String timestampTz(OffsetDateTime time) {
    LocalDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    return "TIMESTAMPTZ '"
        + DATE.format(utc)
        + " "
        + micros(utc.toLocalTime())
        + "+00"
        + (utc.getYear() < 1 ? " (BC)" : "")
        + "'";
  }

  private static String micros(LocalTime time) {
    if (time.getNano() % 1000 != 0) {
      throw new InvalidRequest(
          "Cannot use %s in a query: it is finer than a microsecond. Truncate it to microseconds."
              .formatted(time));
    }
    return "%02d:%02d:%02d.%06d"
        .formatted(time.getHour(), time.getMinute(), time.getSecond(), time.getNano() / 1000);
  }

  private static long exactMicros(Duration duration) {
    if (duration.getNano() % 1000 != 0) {
      throw new InvalidRequest(
          "Cannot use %s in a query: it is finer than a microsecond. Truncate it to microseconds."
              .formatted(duration));
    }
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
  }

  private static String blob(byte[] bytes) {
    return "unhex('" + HexFormat.of().formatHex(bytes) + "')";
  }
}
