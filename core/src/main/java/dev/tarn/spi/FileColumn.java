package dev.tarn.spi;

import dev.tarn.type.DataType;
import java.util.List;
import java.util.OptionalInt;

/**
 * A column as it stands in a Parquet file, or a part of a nested one.
 *
 * @param id the id of the table's column that it holds; empty where it holds none
 * @param name what the file calls it
 * @param type the type the engine reads it as
 * @param children as of {@link TableColumn}
 * @param place where its values are
 */
public record FileColumn(
    OptionalInt id, String name, DataType type, List<FileColumn> children, Place place) {

  /** Where a column's values are. */
  public enum Place {
    FILE,
    /** In the path, as {@code name=value}; read as text, and cast. */
    PATH
  }

  public FileColumn {
    children = List.copyOf(children);
  }
}
