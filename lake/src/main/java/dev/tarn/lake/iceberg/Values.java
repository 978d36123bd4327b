package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Single values: as rows hold them, and as Iceberg does. */
final class Values {

  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

  private Values() {}

  static Object toIceberg(Type type, Object value) {
    try {
      return converted(type, value);
    } catch (ArithmeticException | ClassCastException e) {
      throw new InvalidRequest(
          "Cannot convert %s to %s: it does not fit. Give a value of the column's type."
              .formatted(value, type),
          e);
    }
  }

  private static Object converted(Type type, Object value) {
    return switch (type.typeId()) {
      case BOOLEAN -> (Boolean) value;
      case INTEGER -> exact(value).intValueExact();
      case LONG -> exact(value).longValueExact();
      case FLOAT -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case DECIMAL ->
          exact(value).setScale(((Types.DecimalType) type).scale(), RoundingMode.UNNECESSARY);
      case DATE -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIME -> ChronoUnit.MICROS.between(LocalTime.MIDNIGHT, (LocalTime) value);
      case TIMESTAMP -> micros(value);
      case TIMESTAMP_NANO -> ChronoUnit.NANOS.between(EPOCH, utc(value));
      case STRING -> value.toString();
      case UUID -> value instanceof UUID uuid ? uuid : UUID.fromString((String) value);
      case FIXED, BINARY -> value instanceof ByteBuffer b ? b : ByteBuffer.wrap((byte[]) value);
      case STRUCT, LIST, MAP, VARIANT, GEOMETRY, GEOGRAPHY, UNKNOWN ->
          throw new ClassCastException("no single value");
    };
  }

  /** A number, exactly; floating point ones too. */
  static BigDecimal exact(Object value) {
    return switch (value) {
      case BigDecimal n -> n;
      case BigInteger n -> new BigDecimal(n);
      case Double n -> new BigDecimal(n);
      case Float n -> new BigDecimal(n.doubleValue());
      case Number n -> BigDecimal.valueOf(n.longValue());
      default -> throw new ClassCastException("no number");
    };
  }

  /** Microseconds since 1970; what is left of one is cut off. */
  static long micros(Object value) {
    LocalDateTime time = utc(value);
    return Math.addExact(
        Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), 1_000_000L),
        time.get(ChronoField.NANO_OF_SECOND) / 1000);
  }

  static LocalDateTime utc(Object value) {
    return switch (value) {
      case LocalDateTime time -> time;
      case LocalDate date -> date.atStartOfDay();
      case OffsetDateTime time -> time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
      case Instant instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      default -> throw new ClassCastException("no time");
    };
  }

  static Object toJava(Type type, Object value) {
    return switch (type.typeId()) {
      case BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE, DECIMAL, UUID -> value;
      case DATE -> LocalDate.ofEpochDay((Integer) value);
      case TIME -> LocalTime.ofNanoOfDay(Math.multiplyExact((Long) value, 1000L));
      case TIMESTAMP -> timestamp((Types.TimestampType) type, (Long) value);
      case TIMESTAMP_NANO -> EPOCH.plusNanos((Long) value);
      case STRING -> value.toString();
      case FIXED, BINARY -> bytes(value);
      case LIST -> list(type.asListType().elementType(), (Collection<?>) value);
      case MAP -> map(type.asMapType(), (Map<?, ?>) value);
      case STRUCT -> struct(type.asStructType(), (StructLike) value);
      case VARIANT, GEOMETRY, GEOGRAPHY, UNKNOWN ->
          throw new InvalidRequest(
              "Cannot read a value of type %s: there is no type for it. Drop the column."
                  .formatted(type));
    };
  }

  private static Object timestamp(Types.TimestampType type, long micros) {
    LocalDateTime time = EPOCH.plus(micros, ChronoUnit.MICROS);
    return type.shouldAdjustToUTC() ? time.atOffset(ZoneOffset.UTC) : time;
  }

  private static byte[] bytes(Object value) {
    if (value instanceof byte[] array) {
      return array;
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static List<@Nullable Object> list(Type element, Collection<?> values) {
    var list = new java.util.ArrayList<@Nullable Object>();
    values.forEach(value -> list.add(IcebergTypes.toJava(element, value)));
    return list;
  }

  private static Map<@Nullable Object, @Nullable Object> map(
      Types.MapType type, Map<?, ?> entries) {
    var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    entries.forEach((key, value) ->
        map.put(
            IcebergTypes.toJava(type.keyType(), key),
            IcebergTypes.toJava(type.valueType(), value)));
    return map;
  }

  private static Map<String, @Nullable Object> struct(Types.StructType type, StructLike struct) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < type.fields().size(); i++) {
      NestedField member = type.fields().get(i);
      map.put(member.name(), IcebergTypes.toJava(member.type(), struct.get(i, Object.class)));
    }
    return map;
  }
}
