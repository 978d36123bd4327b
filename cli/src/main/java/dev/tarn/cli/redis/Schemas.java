package dev.tarn.cli.redis;

import dev.tarn.cli.WrongCommandLine;
import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;

/** Schemas as a command line has them: {@code name:VARCHAR,price:DECIMAL(10,2)}. */
final class Schemas {

  private Schemas() {}

  static Schema parse(String text) {
    var fields = new ArrayList<Field>();
    for (String part : parts(text)) {
      int colon = part.lastIndexOf(':');
      if (colon <= 0) {
        throw new WrongCommandLine(
            "Cannot read --schema: '%s' is no name and type. Write it as name:VARCHAR,price:DECIMAL(10,2)."
                .formatted(part));
      }
      try {
        fields.add(
            new Field(
                part.substring(0, colon).strip(),
                DataType.parse(part.substring(colon + 1).strip())));
      } catch (InvalidRequest e) {
        throw new WrongCommandLine("Cannot read --schema: %s".formatted(e.getMessage()));
      }
    }
    return new Schema(fields);
  }

  /** What stands between commas that are in no brackets. */
  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts.stream().filter(part -> !part.isEmpty()).toList();
  }
}
