package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands at one place of JSON documents, in all documents together. */
final class JsonShape {

  /** An object with more different members than this is a map that is written as an object. */
  private static final int MOST_MEMBERS = 200;

  private final Values scalars = new Values();
  private final Named<JsonShape> members = new Named<>(MOST_MEMBERS, name -> new JsonShape());
  private long objects;
  private long arrays;
  private long nulls;
  private @Nullable JsonShape elements;

  /** Looks at the value that the parser stands on. */
  void add(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NULL -> nulls++;
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> scalar(parser, Kind.ofQuoted(parser.getText()));
      case VALUE_TRUE, VALUE_FALSE -> scalar(parser, Kind.BOOLEAN);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          scalar(parser, Kind.of(parser.getText().getBytes(UTF_8)));
      default -> throw new IOException("no value");
    }
  }

  private void scalar(JsonParser parser, Kind kind) throws IOException {
    scalars.add(parser.getText().getBytes(UTF_8), kind);
  }

  private void object(JsonParser parser) throws IOException {
    objects++;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      JsonShape member = members.of(name);
      if (member == null) {
        parser.skipChildren();
      } else {
        member.add(parser);
      }
    }
  }

  private void array(JsonParser parser) throws IOException {
    arrays++;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements = elements == null ? new JsonShape() : elements;
      elements.add(parser);
    }
  }

  /** Values that are not null. */
  long present() {
    return scalars.count() + objects + arrays;
  }

  Values scalars() {
    return scalars;
  }

  TypeChoice type() {
    if (objects + arrays == 0) {
      return TypeChoice.of(scalars);
    } else if (scalars.count() == 0 && arrays == 0) {
      return objectType();
    } else if (scalars.count() == 0 && objects == 0) {
      return new TypeChoice(
          DataType.list(
              elements == null || elements.present() == 0 ? DataType.JSON : elements.type().type()),
          List.of());
    }
    return new TypeChoice(
        DataType.JSON,
        List.of(
            String.format(
                Locale.ROOT,
                "%,d objects, %,d arrays and %,d others have no type in common",
                objects,
                arrays,
                scalars.count())));
  }

  private TypeChoice objectType() {
    var fields = new ArrayList<Field>();
    var names = new java.util.TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonShape> member : members.kept().entrySet()) {
      if (names.add(member.getKey())) {
        JsonShape shape = member.getValue();
        fields.add(
            new Field(member.getKey(), shape.present() == 0 ? DataType.JSON : shape.type().type()));
      }
    }
    boolean plain = fields.size() == members.size() && !fields.isEmpty();
    return plain
        ? new TypeChoice(new DataType.Struct(fields), List.of())
        : new TypeChoice(
            DataType.JSON,
            List.of(
                String.format(
                    Locale.ROOT, "its objects have %,d different members", members.size())));
  }

  /** What was seen, as for {@link dev.tarn.redis.InferredSchema.Column#seen}. */
  Map<String, Long> seen() {
    var seen = new LinkedHashMap<String, Long>();
    scalars.kinds().forEach((kind, count) -> seen.put(kind.label(), count));
    if (objects > 0) {
      seen.put("object", objects);
    }
    if (arrays > 0) {
      seen.put("array", arrays);
    }
    if (nulls > 0) {
      seen.put("null", nulls);
    }
    return seen;
  }
}
