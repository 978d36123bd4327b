package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.FileColumn;
import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Finds the ids of a file's columns: its own, or by a mapping where it has none. */
final class FileColumns {

  private final List<FileColumn> columns;
  private final boolean hasIds;
  private final @Nullable NameMapping mapping;

  FileColumns(List<FileColumn> columns, @Nullable NameMapping mapping) {
    this.columns = columns;
    this.hasIds = columns.stream().anyMatch(FileColumns::hasId);
    this.mapping = mapping;
  }

  /** Takes a column that is no struct, list or map, nor within a list or map. */
  interface LeafVisitor {
    void visit(List<String> path, int id, DataType type);
  }

  /** The columns with the ids that were found; those of parts of lists and maps as well. */
  List<FileColumn> resolved() {
    return resolved(List.of(), columns);
  }

  private List<FileColumn> resolved(List<String> parent, List<FileColumn> siblings) {
    return siblings.stream().map(column -> resolved(parent, column)).toList();
  }

  private FileColumn resolved(List<String> parent, FileColumn column) {
    List<String> path = path(parent, column);
    return new FileColumn(
        id(path, column),
        column.name(),
        column.type(),
        resolved(path, column.children()),
        column.place());
  }

  void leaves(LeafVisitor visitor) {
    leaves(List.of(), columns, visitor);
  }

  private void leaves(List<String> parent, List<FileColumn> siblings, LeafVisitor visitor) {
    for (FileColumn column : siblings) {
      List<String> path = path(parent, column);
      if (column.type() instanceof DataType.Struct) {
        leaves(path, column.children(), visitor);
      } else if (column.children().isEmpty()) {
        OptionalInt id = id(path, column);
        if (id.isPresent()) {
          visitor.visit(path, id.getAsInt(), column.type());
        }
      }
    }
  }

  private OptionalInt id(List<String> path, FileColumn column) {
    if (hasIds || mapping == null) {
      return column.id();
    }
    MappedField field = mapping.find(path);
    return field == null || field.id() == null ? OptionalInt.empty() : OptionalInt.of(field.id());
  }

  private static boolean hasId(FileColumn column) {
    return column.id().isPresent() || column.children().stream().anyMatch(FileColumns::hasId);
  }

  private static List<String> path(List<String> parent, FileColumn column) {
    var path = new ArrayList<>(parent);
    path.add(column.name());
    return path;
  }

  /** The type that a table would have for a column of a file; null for none. */
  static @Nullable Type icebergType(DataType type) {
    try {
      return IcebergTypes.type("", type, () -> 0);
    } catch (InvalidRequest none) {
      return null;
    }
  }
}
