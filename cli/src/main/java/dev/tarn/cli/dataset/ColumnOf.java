package dev.tarn.cli.dataset;

import dev.tarn.type.Schema;
import java.util.List;

/** A column of a dataset, as it is printed. */
record ColumnOf(String name, String type) {

  static List<ColumnOf> all(Schema schema) {
    return schema.fields().stream()
        .map(field -> new ColumnOf(field.name(), field.type().toString()))
        .toList();
  }
}
