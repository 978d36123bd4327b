package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.wire.Resp;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values as text, such as a scan reads back as the same values. */
final class Values {

  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  private Values() {}

  /**
   * Makes sure that values of a column can be read back.
   *
   * @throws InvalidRequest when they cannot
   */
  static void require(Field column, String target) {
    if (!isText(column.type())) {
      throw new InvalidRequest(
          "Cannot write column %s to [%s]: %s is no type that could be read back. Cast it to VARCHAR, or leave it out."
              .formatted(column.name(), target, column.type()));
    }
  }

  private static boolean isText(DataType type) {
    return switch (type) {
      case DataType.Simple simple ->
          switch (simple) {
            case BIT, TIME_NS, TIMETZ, INTERVAL, NULL -> false;
            default -> true;
          };
      case DataType.ListOf list -> isText(list.element());
      case DataType.ArrayOf array -> isText(array.element());
      case DataType.MapOf map -> isText(map.key()) && isText(map.value());
      case DataType.Struct struct -> struct.fields().stream().allMatch(f -> isText(f.type()));
      case DataType.Decimal decimal -> true;
      case DataType.EnumOf values -> true;
      case DataType.Other other -> false;
    };
  }

  /** Adds a value that is not null as an argument. */
  static void add(Resp out, DataType type, Vector vector, int row) {
    switch (vector) {
      case Vector.Utf8 v -> out.bulk(requireNonNull(v.values()[row]));
      case Vector.Longs v -> out.bulk(v.values()[row]);
      case Vector.Ints v -> out.bulk(v.values()[row]);
      case Vector.Booleans v -> out.bulk(v.values()[row] ? TRUE : FALSE);
      case Vector.Doubles v -> out.bulk(Double.toString(v.values()[row]));
      case Vector.Floats v -> out.bulk(Float.toString(v.values()[row]));
      case Vector.Objects v -> out.bulk(bytes(type, requireNonNull(v.values()[row])));
    }
  }

  /** A value that is not null, as bytes. */
  static byte[] bytes(DataType type, Vector vector, int row) {
    return vector instanceof Vector.Utf8 utf8
        ? requireNonNull(utf8.values()[row])
        : bytes(type, requireNonNull(vector.value(row)));
  }

  private static byte[] bytes(DataType type, Object value) {
    return switch (type) {
      case DataType.ListOf list -> JsonText.of(type, value);
      case DataType.ArrayOf array -> JsonText.of(type, value);
      case DataType.MapOf map -> JsonText.of(type, value);
      case DataType.Struct struct -> JsonText.of(type, value);
      default -> value instanceof byte[] bytes ? bytes : text(value).getBytes(UTF_8);
    };
  }

  /** A value that is no list, map or bytes. */
  static String text(Object value) {
    return switch (value) {
      case BigDecimal decimal -> decimal.toPlainString();
      case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
      case LocalDateTime time -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
      case OffsetDateTime moment ->
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
              moment.withOffsetSameInstant(ZoneOffset.UTC));
      default -> value.toString();
    };
  }
}
