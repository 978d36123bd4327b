package dev.tarn.io;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Java records as a batch: a column for each component, of the same name. Records within become
 * structs, lists lists, an {@link Optional} the value or null, an enum its name; a BigDecimal
 * becomes DECIMAL(38, s), s the most digits after the point that any of them has.
 */
public final class RecordBatch {

  private RecordBatch() {}

  public static <T extends Record> Batch of(Class<T> type, List<T> records) {
    RecordComponent[] components = type.getRecordComponents();
    if (components.length == 0) {
      throw new InvalidRequest(
          "Cannot make a frame of %s: it has no components.".formatted(type.getSimpleName()));
    }
    var fields = new ArrayList<Field>();
    var vectors = new ArrayList<Vector>();
    for (RecordComponent component : components) {
      @Nullable Object[] values = new @Nullable Object[records.size()];
      for (int row = 0; row < values.length; row++) {
        values[row] = plain(read(component, records.get(row)));
      }
      DataType dataType = dataType(component.getGenericType(), Arrays.asList(values));
      fields.add(new Field(component.getName(), dataType));
      vectors.add(Vector.of(dataType, values));
    }
    return new Batch(new Schema(fields), records.size(), vectors);
  }

  private static @Nullable Object read(RecordComponent component, Record record) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
      throw new InvalidRequest(
          "Cannot read %s of %s. Open its package to Tarn."
              .formatted(component.getName(), record.getClass().getSimpleName()),
          e);
    }
  }

  /** A value as {@link dev.tarn.Row} describes it. */
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case Optional<?> optional -> plain(optional.orElse(null));
      case Enum<?> constant -> constant.name();
      case Instant instant -> instant.atOffset(ZoneOffset.UTC);
      case ZonedDateTime time -> time.toOffsetDateTime();
      case Character c -> c.toString();
      case List<?> list -> list.stream().<@Nullable Object>map(RecordBatch::plain).toList();
      case Record record -> members(record);
      case null, default -> value;
    };
  }

  private static Map<String, @Nullable Object> members(Record record) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      members.put(component.getName(), plain(read(component, record)));
    }
    return members;
  }

  private static DataType dataType(Type type, List<@Nullable Object> values) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return dataType(argument, values);
      }
      if (generic.getRawType() == List.class) {
        return DataType.list(dataType(argument, elements(values)));
      }
    }
    if (type instanceof Class<?> c) {
      if (c.isRecord()) {
        return struct(c, values);
      }
      if (c.isEnum() || c == String.class || c == char.class || c == Character.class) {
        return DataType.VARCHAR;
      }
      DataType simple = simple(c, values);
      if (simple != null) {
        return simple;
      }
    }
    throw new InvalidRequest(
        "Cannot make a column of %s. Use numbers, text, booleans, dates and times, UUID, byte[], enums,"
                .formatted(type.getTypeName())
            + " List, Optional or records.");
  }

  private static @Nullable DataType simple(Class<?> type, List<@Nullable Object> values) {
    return switch (type.getName()) {
      case "boolean", "java.lang.Boolean" -> DataType.BOOLEAN;
      case "byte", "java.lang.Byte" -> DataType.TINYINT;
      case "short", "java.lang.Short" -> DataType.SMALLINT;
      case "int", "java.lang.Integer" -> DataType.INTEGER;
      case "long", "java.lang.Long" -> DataType.BIGINT;
      case "float", "java.lang.Float" -> DataType.FLOAT;
      case "double", "java.lang.Double" -> DataType.DOUBLE;
      case "[B" -> DataType.BLOB;
      default -> simpleObject(type, values);
    };
  }

  private static @Nullable DataType simpleObject(Class<?> type, List<@Nullable Object> values) {
    if (type == BigDecimal.class) {
      return decimal(values);
    }
    Map<Class<?>, DataType> types =
        Map.of(
            BigInteger.class, DataType.HUGEINT,
            LocalDate.class, DataType.DATE,
            LocalTime.class, DataType.TIME,
            LocalDateTime.class, DataType.TIMESTAMP,
            Instant.class, DataType.TIMESTAMPTZ,
            OffsetDateTime.class, DataType.TIMESTAMPTZ,
            ZonedDateTime.class, DataType.TIMESTAMPTZ,
            UUID.class, DataType.UUID);
    return types.get(type);
  }

  private static DataType decimal(List<@Nullable Object> values) {
    int scale = 0;
    int whole = 1;
    for (Object value : values) {
      if (value instanceof BigDecimal number) {
        scale = Math.max(scale, number.scale());
        whole = Math.max(whole, number.precision() - number.scale());
      }
    }
    if (scale + whole > 38) {
      throw new InvalidRequest(
          "Cannot make a DECIMAL of numbers with %d digits before and %d after the point: 38 in all are the most. Round them."
              .formatted(whole, scale));
    }
    return DataType.decimal(38, scale);
  }

  private static DataType struct(Class<?> type, List<@Nullable Object> values) {
    var fields = new ArrayList<Field>();
    for (RecordComponent component : type.getRecordComponents()) {
      var members = new ArrayList<@Nullable Object>();
      for (Object value : values) {
        members.add(value instanceof Map<?, ?> map ? map.get(component.getName()) : null);
      }
      fields.add(new Field(component.getName(), dataType(component.getGenericType(), members)));
    }
    return new DataType.Struct(fields);
  }

  private static List<@Nullable Object> elements(List<@Nullable Object> lists) {
    var elements = new ArrayList<@Nullable Object>();
    for (Object list : lists) {
      if (list instanceof List<?> l) {
        elements.addAll(l);
      }
    }
    return elements;
  }
}
