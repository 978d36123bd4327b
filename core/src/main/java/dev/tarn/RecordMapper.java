package dev.tarn;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.spi.Batch;
import dev.tarn.type.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of rows. A component takes the column of its name, {@code totalAmount} also {@code
 * total_amount}; components may be primitives, boxes, texts, dates and times, enums, lists, {@link
 * Optional}s, and records for structs.
 */
final class RecordMapper<T extends Record> {

  private final MethodHandle constructor;
  private final RecordComponent[] components;
  private final int[] columns;

  RecordMapper(Class<T> type, Schema schema) {
    this.components = type.getRecordComponents();
    this.constructor = constructor(type, components);
    this.columns =
        Arrays.stream(components).mapToInt(c -> indexOf(type, c.getName(), schema)).toArray();
  }

  T map(Batch batch, int row) {
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < values.length; i++) {
      Object value = batch.value(row, columns[i]);
      values[i] = component(value, components[i].getGenericType(), components[i].getName());
    }
    @SuppressWarnings("unchecked")
    T result = (T) construct(constructor, values);
    return result;
  }

  private static Object construct(MethodHandle constructor, @Nullable Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var declared = type.getDeclaredConstructor(types);
      declared.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(declared)
          .asSpreader(Object[].class, types.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new InvalidRequest(
          "Cannot collect into %s: its constructor is out of reach. Open its package to Tarn."
              .formatted(type.getSimpleName()),
          e);
    }
  }

  private static int indexOf(Class<?> type, String component, Schema schema) {
    int index = schema.indexOf(component);
    if (index < 0) {
      index =
          schema.indexOf(
              component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT));
    }
    if (index < 0) {
      throw UnknownColumn.of(
          "collect into " + type.getSimpleName(), component, "the frame", schema.names());
    }
    return index;
  }

  private static @Nullable Object component(@Nullable Object value, Type type, String name) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Optional.class) {
        return Optional.ofNullable(component(value, argument, name));
      }
      if (generic.getRawType() == List.class && value instanceof List<?> list) {
        var elements = new ArrayList<@Nullable Object>();
        list.forEach(element -> elements.add(component(element, argument, name)));
        return elements;
      }
      return value;
    }
    Class<?> target = type instanceof Class<?> c ? c : Object.class;
    if (value == null) {
      if (target.isPrimitive()) {
        throw new BadData(
            "Cannot collect column %s into %s: a value is null. Use %s or Optional, or coalesce."
                .formatted(
                    name,
                    target,
                    MethodType.methodType(target).wrap().returnType().getSimpleName()));
      }
      return null;
    }
    if (target.isRecord() && value instanceof Map<?, ?> struct) {
      return nested(struct, target, name);
    }
    return RowValues.convert(value, MethodType.methodType(target).wrap().returnType(), name);
  }

  private static Object nested(Map<?, ?> struct, Class<?> type, String name) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < values.length; i++) {
      String member = components[i].getName();
      if (!struct.containsKey(member)) {
        throw UnknownColumn.of(
            "collect into " + type.getSimpleName(),
            member,
            "the struct " + name,
            struct.keySet().stream().map(String::valueOf).toList());
      }
      values[i] =
          component(struct.get(member), components[i].getGenericType(), name + "." + member);
    }
    return construct(constructor(type, components), values);
  }
}
