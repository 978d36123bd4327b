package dev.tarn.type;

import dev.tarn.error.InvalidRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The columns of a frame, in order. Names are unique without regard to case, as in SQL. Immutable.
 */
public record Schema(List<Field> fields) {

  public Schema {
    fields = List.copyOf(fields);
    var seen = new HashSet<String>();
    for (Field field : fields) {
      if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
        throw new InvalidRequest(
            "Cannot build schema: column %s is there twice. Rename one.".formatted(field.name()));
      }
    }
  }

  /** A schema from name and type in turn: {@code Schema.of("name", VARCHAR, "age", BIGINT)}. */
  public static Schema of(Object... namesAndTypes) {
    if (namesAndTypes.length % 2 != 0) {
      throw new InvalidRequest("Cannot build schema: a name has no type. Give name, type in turn.");
    }
    var fields = new ArrayList<Field>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      if (!(namesAndTypes[i] instanceof String name)
          || !(namesAndTypes[i + 1] instanceof DataType type)) {
        throw new InvalidRequest(
            "Cannot build schema: %s, %s is not a name and a type."
                .formatted(namesAndTypes[i], namesAndTypes[i + 1]));
      }
      fields.add(new Field(name, type));
    }
    return new Schema(fields);
  }

  /** The names, in order. */
  public List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  public int size() {
    return fields.size();
  }

  /** The position of a column from 0, found without regard to case; -1 when there is none. */
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  public Optional<Field> field(String name) {
    int index = indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(fields.get(index));
  }

  /** One column a line: {@code name TYPE}. */
  @Override
  public String toString() {
    return String.join("\n", fields.stream().map(Field::toString).toList());
  }
}
