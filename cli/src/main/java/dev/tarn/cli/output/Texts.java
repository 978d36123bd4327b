package dev.tarn.cli.output;

import dev.tarn.type.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/** Single values as text, where a format has no types of its own. */
final class Texts {

  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

  private Texts() {}

  /**
   * Numbers without exponent where they are short, ISO dates, base64 bytes, nested ones as JSON.
   */
  static String of(DataType type, Object value) {
    return switch (value) {
      case String text -> text;
      case BigDecimal number -> number.toPlainString();
      case Double number -> number(number, number.toString());
      case Float number -> number(number, number.toString());
      case LocalDateTime time -> TIMESTAMP.format(time).replace('T', ' ');
      case OffsetDateTime time -> time(time).replace('T', ' ');
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case java.util.Collection<?> list -> json(type, list);
      case java.util.Map<?, ?> map -> json(type, map);
      default -> value.toString();
    };
  }

  /** ISO with seconds, even where they are 0. */
  static String time(LocalDateTime time) {
    return TIMESTAMP.format(time);
  }

  static String time(OffsetDateTime time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
  }

  private static String number(double value, String shortest) {
    double size = Math.abs(value);
    return size >= 1e7 && size < 1e16 ? new BigDecimal(shortest).toPlainString() : shortest;
  }

  private static String json(DataType type, Object value) {
    try {
      return JsonWriter.text(type, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
