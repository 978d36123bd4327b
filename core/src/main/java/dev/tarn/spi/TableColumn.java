package dev.tarn.spi;

import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a versioned table, or a part of a nested one: found in files by its id, whatever its
 * name was when they were written.
 *
 * @param id unique in the table, never given again
 * @param name what it is called now
 * @param children the members of a struct in order, the element of a list, the key and the value of
 *     a map; empty for other types
 * @param initial its value in files that were written before it was added, as {@link dev.tarn.Row}
 *     describes it for the type; null for null
 */
public record TableColumn(
    int id, String name, DataType type, List<TableColumn> children, @Nullable Object initial) {

  public TableColumn {
    children = List.copyOf(children);
  }

  public Field field() {
    return new Field(name, type);
  }
}
