package dev.tarn;

import dev.tarn.error.BadData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as the Java class that somebody asked for, where nothing is lost by it. */
final class RowValues {

  private RowValues() {}

  static <T> T convert(Object value, Class<T> type, String column) {
    Object converted = type.isInstance(value) ? value : tryConvert(value, type);
    if (converted == null) {
      throw new BadData(
          "Cannot read column %s as %s: %s is %s. Cast it in the query."
              .formatted(
                  column, type.getSimpleName(), shown(value), value.getClass().getSimpleName()));
    }
    @SuppressWarnings("unchecked")
    T result = (T) converted;
    return result;
  }

  private static @Nullable Object tryConvert(Object value, Class<?> type) {
    if (value instanceof Number number && !(type == String.class)) {
      return number(number, type);
    }
    if (type == String.class) {
      return value.toString();
    }
    if (type == Instant.class && value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (type == java.time.ZonedDateTime.class && value instanceof OffsetDateTime time) {
      return time.toZonedDateTime();
    }
    if (type == java.time.LocalDate.class
        && value instanceof LocalDateTime time
        && time.toLocalTime().equals(java.time.LocalTime.MIDNIGHT)) {
      return time.toLocalDate();
    }
    if (type == LocalDateTime.class && value instanceof java.time.LocalDate date) {
      return date.atStartOfDay();
    }
    if (type == Character.class && value instanceof String text && text.length() == 1) {
      return text.charAt(0);
    }
    return type.isEnum() && value instanceof String text ? constant(type, text) : null;
  }

  private static @Nullable Object number(Number value, Class<?> type) {
    if (type == Double.class) {
      return value.doubleValue();
    }
    if (type == Float.class && value instanceof Double d && d == (double) (float) (double) d) {
      return d.floatValue();
    }
    BigDecimal exact =
        switch (value) {
          case BigDecimal n -> n;
          case BigInteger n -> new BigDecimal(n);
          case Double n -> Double.isFinite(n) ? BigDecimal.valueOf(n) : null;
          case Float n -> Float.isFinite(n) ? new BigDecimal(n.toString()) : null;
          default -> BigDecimal.valueOf(value.longValue());
        };
    if (exact == null || type == BigDecimal.class) {
      return exact;
    }
    try {
      return whole(exact, type);
    } catch (ArithmeticException doesNotFit) {
      return null;
    }
  }

  private static @Nullable Object whole(BigDecimal value, Class<?> type) {
    if (type == Long.class) {
      return value.longValueExact();
    } else if (type == Integer.class) {
      return value.intValueExact();
    } else if (type == Short.class) {
      return value.shortValueExact();
    } else if (type == Byte.class) {
      return value.byteValueExact();
    } else if (type == BigInteger.class) {
      return value.toBigIntegerExact();
    }
    return null;
  }

  private static @Nullable Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant)
          .name()
          .toLowerCase(Locale.ROOT)
          .equals(text.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    return null;
  }

  private static String shown(Object value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
