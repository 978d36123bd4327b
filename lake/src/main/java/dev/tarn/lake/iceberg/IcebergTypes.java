package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.TableColumn;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Types, schemas and values: Tarn's and Iceberg's.
 *
 * <p>A type of Tarn becomes the narrowest of Iceberg's that holds all of its values. Back from a
 * table come only types that Iceberg has: a TINYINT that was written is an INTEGER when read.
 */
public final class IcebergTypes {

  private IcebergTypes() {}

  /** A table's schema for columns: all optional, with fresh ids from 1. */
  public static Schema schema(dev.tarn.type.Schema schema) {
    var ids = new AtomicInteger(schema.size());
    var fields = new ArrayList<NestedField>();
    for (Field field : schema.fields()) {
      Type type = type(field.name(), field.type(), ids::incrementAndGet);
      fields.add(NestedField.optional(fields.size() + 1, field.name(), type));
    }
    return new Schema(fields);
  }

  /**
   * The type that holds every value of a column.
   *
   * @param column its name, for messages
   * @param ids gives the parts of a nested type their ids
   * @throws InvalidRequest when tables have no such type
   */
  public static Type type(String column, DataType type, IntSupplier ids) {
    return switch (type) {
      case DataType.Simple simple -> simple(column, simple);
      case DataType.Decimal d -> Types.DecimalType.of(d.precision(), d.scale());
      case DataType.EnumOf ignored -> Types.StringType.get();
      case DataType.ListOf list -> list(column, list.element(), ids);
      case DataType.ArrayOf array -> list(column, array.element(), ids);
      case DataType.MapOf map ->
          Types.MapType.ofOptional(
              ids.getAsInt(),
              ids.getAsInt(),
              type(column, map.key(), ids),
              type(column, map.value(), ids));
      case DataType.Struct struct -> struct(column, struct, ids);
      case DataType.Other other -> throw cannotStore(column, other, "Cast it to VARCHAR.");
    };
  }

  private static Type list(String column, DataType element, IntSupplier ids) {
    return Types.ListType.ofOptional(ids.getAsInt(), type(column, element, ids));
  }

  private static Type struct(String column, DataType.Struct struct, IntSupplier ids) {
    var members = new ArrayList<NestedField>();
    for (Field member : struct.fields()) {
      int id = ids.getAsInt();
      Type type = type(column + "." + member.name(), member.type(), ids);
      members.add(NestedField.optional(id, member.name(), type));
    }
    return Types.StructType.of(members);
  }

  private static Type simple(String column, DataType.Simple type) {
    return switch (type) {
      case BOOLEAN -> Types.BooleanType.get();
      case TINYINT, SMALLINT, INTEGER, UTINYINT, USMALLINT -> Types.IntegerType.get();
      case BIGINT, UINTEGER -> Types.LongType.get();
      case UBIGINT -> Types.DecimalType.of(20, 0);
      case HUGEINT, UHUGEINT -> Types.DecimalType.of(38, 0);
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case VARCHAR, JSON -> Types.StringType.get();
      case BLOB -> Types.BinaryType.get();
      case DATE -> Types.DateType.get();
      case TIME -> Types.TimeType.get();
      case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS -> Types.TimestampType.withoutZone();
      case TIMESTAMPTZ -> Types.TimestampType.withZone();
      case UUID -> Types.UUIDType.get();
      case TIME_NS, TIMETZ ->
          throw cannotStore(column, type, "Cast it to TIME, or to VARCHAR to keep all of it.");
      case INTERVAL -> throw cannotStore(column, type, "Cast it to VARCHAR, or store a number.");
      case BIT -> throw cannotStore(column, type, "Cast it to VARCHAR or BLOB.");
      case NULL -> throw cannotStore(column, type, "Cast it to the type that it should have.");
    };
  }

  /** Whether values are whole numbers, signed or not. */
  public static boolean isInteger(DataType type) {
    return type instanceof DataType.Simple simple
        && switch (simple) {
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
              true;
          default -> false;
        };
  }

  private static InvalidRequest cannotStore(String column, DataType type, String advice) {
    return new InvalidRequest(
        "Cannot store column %s: datasets have no type for %s. %s"
            .formatted(column, type == DataType.Simple.NULL ? "a bare NULL" : type, advice));
  }

  /**
   * The columns that a table has for frames.
   *
   * @throws InvalidRequest when one has a type that cannot be read
   */
  public static dev.tarn.type.Schema schema(Schema schema) {
    return new dev.tarn.type.Schema(
        columns(schema).stream().map(column -> new Field(column.name(), column.type())).toList());
  }

  /** The columns with their ids and initial defaults. */
  public static List<TableColumn> columns(Schema schema) {
    return schema.columns().stream().map(field -> column(field.name(), field)).toList();
  }

  private static TableColumn column(String path, NestedField field) {
    return new TableColumn(
        field.fieldId(),
        field.name(),
        type(path, field.type()),
        children(path, field.type()),
        toJava(field.type(), field.initialDefault()));
  }

  private static List<TableColumn> children(String path, Type type) {
    return type.isPrimitiveType() || type.isVariantType()
        ? List.of()
        : type.asNestedType().fields().stream()
            .map(child -> column(path + "." + child.name(), child))
            .toList();
  }

  /** The type that a column has for frames. */
  public static DataType type(Type type) {
    return type("of type " + type, type);
  }

  private static DataType type(String column, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case INTEGER -> DataType.INTEGER;
      case LONG -> DataType.BIGINT;
      case FLOAT -> DataType.FLOAT;
      case DOUBLE -> DataType.DOUBLE;
      case DATE -> DataType.DATE;
      case TIME -> DataType.TIME;
      case TIMESTAMP -> zoned(type) ? DataType.TIMESTAMPTZ : DataType.TIMESTAMP;
      case TIMESTAMP_NANO -> nanos(column, type);
      case STRING -> DataType.VARCHAR;
      case UUID -> DataType.UUID;
      case FIXED, BINARY -> DataType.BLOB;
      case DECIMAL -> decimal((Types.DecimalType) type);
      case STRUCT -> struct(column, type.asStructType());
      case LIST -> DataType.list(type(column + ".element", type.asListType().elementType()));
      case MAP ->
          DataType.map(
              type(column + ".key", type.asMapType().keyType()),
              type(column + ".value", type.asMapType().valueType()));
      case GEOMETRY, GEOGRAPHY, VARIANT, UNKNOWN -> throw cannotRead(column, type);
    };
  }

  private static DataType decimal(Types.DecimalType type) {
    return DataType.decimal(type.precision(), type.scale());
  }

  private static DataType struct(String column, Types.StructType type) {
    return new DataType.Struct(
        type.fields().stream()
            .map(member ->
                new Field(member.name(), type(column + "." + member.name(), member.type())))
            .toList());
  }

  private static boolean zoned(Type type) {
    return ((Types.TimestampType) type).shouldAdjustToUTC();
  }

  private static DataType nanos(String column, Type type) {
    if (((Types.TimestampNanoType) type).shouldAdjustToUTC()) {
      throw cannotRead(column, type);
    }
    return DataType.Simple.TIMESTAMP_NS;
  }

  private static InvalidRequest cannotRead(String column, Type type) {
    return new InvalidRequest(
        "Cannot read column %s: there is no type for %s. Read the table with a tool that has one, or drop the column."
            .formatted(column, type));
  }

  /** A value as {@link dev.tarn.Row} describes it, as Iceberg holds it. */
  public static @Nullable Object toIceberg(Type type, @Nullable Object value) {
    return value == null ? null : Values.toIceberg(type, value);
  }

  /** A value as Iceberg holds it, as {@link dev.tarn.Row} describes it. */
  public static @Nullable Object toJava(Type type, @Nullable Object value) {
    return value == null ? null : Values.toJava(type, value);
  }
}
