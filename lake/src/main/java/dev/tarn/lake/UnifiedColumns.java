package dev.tarn.lake;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns that files have together: by name, in the order of their first appearance, as wide as
 * the widest. Types are those that tables have.
 */
final class UnifiedColumns {

  private final String doing;
  private final Map<String, Field> columns = new LinkedHashMap<>();
  private final Map<String, String> firstFiles = new LinkedHashMap<>();

  UnifiedColumns(String doing) {
    this.doing = doing;
  }

  Schema schema() {
    return new Schema(List.copyOf(columns.values()));
  }

  boolean has(String name) {
    return columns.containsKey(key(name));
  }

  /** A column that is in no file. */
  void add(String name, DataType type) {
    columns.put(key(name), new Field(name, type));
  }

  void add(ParquetFooter file) {
    var seen = new HashSet<String>();
    for (FileColumn column : file.columns()) {
      if (!seen.add(key(column.name()))) {
        throw new BadData(
            "Cannot %s: %s has two columns that differ only in upper and lower case, %s. Rename one."
                .formatted(doing, file.path(), column.name()));
      }
      add(file, column);
    }
  }

  private void add(ParquetFooter file, FileColumn column) {
    DataType type = stored(file, column);
    Field before = columns.get(key(column.name()));
    if (before == null) {
      columns.put(key(column.name()), new Field(column.name(), type));
      firstFiles.put(key(column.name()), file.path());
      return;
    }
    DataType wider = wider(before.type(), type);
    if (wider == null) {
      throw new BadData(
          "Cannot %s: column %s is %s in %s and %s in %s. Rewrite one of them."
              .formatted(
                  doing,
                  column.name(),
                  before.type(),
                  firstFiles.get(key(column.name())),
                  type,
                  file.path()));
    }
    columns.put(key(column.name()), new Field(before.name(), wider));
  }

  /** The type that a table has for it. */
  private DataType stored(ParquetFooter file, FileColumn column) {
    try {
      return IcebergTypes.schema(
              IcebergTypes.schema(new Schema(List.of(new Field(column.name(), column.type())))))
          .fields()
          .getFirst()
          .type();
    } catch (InvalidRequest e) {
      throw new BadData(
          "Cannot %s: column %s of %s is %s, and datasets have no type for that. Rewrite the file."
              .formatted(doing, column.name(), file.path(), column.type()),
          e);
    }
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The narrowest type that holds both, as tables can widen; null for none. */
  private static @Nullable DataType wider(DataType a, DataType b) {
    if (a.equals(b)) {
      return a;
    }
    if (is(a, b, DataType.INTEGER, DataType.BIGINT)) {
      return DataType.BIGINT;
    }
    if (is(a, b, DataType.FLOAT, DataType.DOUBLE)) {
      return DataType.DOUBLE;
    }
    return switch (a) {
      case DataType.Decimal x when b instanceof DataType.Decimal y && x.scale() == y.scale() ->
          DataType.decimal(Math.max(x.precision(), y.precision()), x.scale());
      case DataType.ListOf x when b instanceof DataType.ListOf y -> {
        DataType element = wider(x.element(), y.element());
        yield element == null ? null : DataType.list(element);
      }
      case DataType.MapOf x when b instanceof DataType.MapOf y && x.key().equals(y.key()) -> {
        DataType value = wider(x.value(), y.value());
        yield value == null ? null : DataType.map(x.key(), value);
      }
      case DataType.Struct x when b instanceof DataType.Struct y -> struct(x, y);
      default -> null;
    };
  }

  private static boolean is(DataType a, DataType b, DataType narrow, DataType wide) {
    return (a.equals(narrow) && b.equals(wide)) || (a.equals(wide) && b.equals(narrow));
  }

  private static @Nullable DataType struct(DataType.Struct a, DataType.Struct b) {
    var members = new LinkedHashMap<String, Field>();
    a.fields().forEach(member -> members.put(member.name(), member));
    for (Field member : b.fields()) {
      Field before = members.get(member.name());
      DataType type = before == null ? member.type() : wider(before.type(), member.type());
      if (type == null) {
        return null;
      }
      members.put(member.name(), new Field(member.name(), type));
    }
    return new DataType.Struct(List.copyOf(members.values()));
  }

  // ---- ids

  /** Files with ids of their own are found by these: they must be those that the table gives. */
  static void requireIds(String doing, ParquetFooter file, org.apache.iceberg.Schema table) {
    for (FileColumn column : file.columns()) {
      Types.NestedField field = table.caseInsensitiveFindField(column.name());
      requireId(doing, file, column, field.fieldId(), field.type());
    }
  }

  static boolean hasIds(ParquetFooter file) {
    return file.columns().stream().anyMatch(UnifiedColumns::hasId);
  }

  private static boolean hasId(FileColumn column) {
    return column.id().isPresent() || column.children().stream().anyMatch(UnifiedColumns::hasId);
  }

  private static void requireId(
      String doing, ParquetFooter file, FileColumn column, int id, Type type) {
    if (!column.id().equals(OptionalInt.of(id))) {
      throw new BadData(
          "Cannot %s: column %s of %s has an id of the table that it was written for. Write its rows into a dataset instead."
              .formatted(doing, column.name(), file.path()));
    }
    if (type.isNestedType()) {
      List<Types.NestedField> parts = type.asNestedType().fields();
      for (int i = 0; i < column.children().size(); i++) {
        FileColumn child = column.children().get(i);
        Types.NestedField part =
            type.isStructType() ? type.asStructType().field(child.name()) : parts.get(i);
        requireId(doing, file, child, part.fieldId(), part.type());
      }
    }
  }

  /** Top-level columns by the ids that files have for them, those without as they stand. */
  static List<FileColumn> inOrderOfIds(List<FileColumn> columns) {
    var sorted = new ArrayList<>(columns);
    sorted.sort(java.util.Comparator.comparingInt(column -> column.id().orElse(Integer.MAX_VALUE)));
    return sorted;
  }
}
