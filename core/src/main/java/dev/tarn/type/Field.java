package dev.tarn.type;

import static java.util.Objects.requireNonNull;

/**
 * A named column, or a named member of a struct.
 *
 * @param name as written; compared without case by the engine, as SQL does
 * @param type the type of its values; every value may be null
 */
public record Field(String name, DataType type) {
  public Field {
    requireNonNull(name);
    requireNonNull(type);
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
