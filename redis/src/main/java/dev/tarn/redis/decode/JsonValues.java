package dev.tarn.redis.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON texts as values of nested types. */
final class JsonValues {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(500)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** A member or element that is none of its type makes the whole value none. */
  private static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    Mismatch() {
      super("no value of the type", null, false, false);
    }
  }

  private JsonValues() {}

  /** What reads a text in UTF-8; others are no JSON to Redis and the engine. */
  static JsonParser parser(byte[] json) throws IOException {
    for (int i = 0; i < Math.min(4, json.length); i++) {
      if (json[i] == 0 || (i == 0 && json[i] < 0)) {
        throw new IOException("in UTF-16 or UTF-32, or with a byte order mark");
      }
    }
    return FACTORY.createParser(json);
  }

  /** Whether the engine takes the text for JSON, too. */
  static boolean isJson(byte[] bytes) {
    try (JsonParser parser = parser(bytes)) {
      if (!Utf8.isValid(bytes) || parser.nextToken() == null) {
        return false;
      }
      if (!hasSurrogates(bytes)) {
        parser.skipChildren();
      } else if (!isText(parser)) {
        return false;
      }
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether there may be an escape of a surrogate, whole or half. */
  private static boolean hasSurrogates(byte[] json) {
    for (int i = 0; i + 2 < json.length; i++) {
      if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  /** Goes to the end of the value; false where a name or string in it has half of a pair. */
  private static boolean isText(JsonParser parser) throws IOException {
    while (true) {
      boolean text =
          switch (parser.currentToken()) {
            case FIELD_NAME, VALUE_STRING -> Utf8.isValid(parser.getText());
            default -> true;
          };
      if (!text || parser.getParsingContext().inRoot()) {
        return text;
      }
      parser.nextToken();
    }
  }

  /** A value as {@link dev.tarn.Row} describes it for the type; null when the text is none. */
  static @Nullable Object of(byte[] bytes, DataType type) {
    try (JsonParser parser = parser(bytes)) {
      parser.nextToken();
      Object value = value(parser, type);
      return parser.nextToken() == null ? value : null;
    } catch (IOException | Mismatch e) {
      return null;
    }
  }

  private static @Nullable Object value(JsonParser parser, DataType type)
      throws IOException, Mismatch {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new Mismatch();
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    return switch (type) {
      case DataType.ListOf list -> list(parser, list.element());
      case DataType.ArrayOf array -> array(parser, array);
      case DataType.Struct struct -> struct(parser, struct);
      case DataType.MapOf map -> map(parser, map);
      case DataType.Simple.JSON -> text(parser);
      default -> scalar(parser, type);
    };
  }

  private static List<@Nullable Object> list(JsonParser parser, DataType element)
      throws IOException, Mismatch {
    if (!parser.isExpectedStartArrayToken()) {
      throw new Mismatch();
    }
    var values = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser, element));
    }
    return values;
  }

  private static List<@Nullable Object> array(JsonParser parser, DataType.ArrayOf type)
      throws IOException, Mismatch {
    List<@Nullable Object> values = list(parser, type.element());
    if (values.size() != type.length()) {
      throw new Mismatch();
    }
    return values;
  }

  private static Map<String, @Nullable Object> struct(JsonParser parser, DataType.Struct type)
      throws IOException, Mismatch {
    requireObject(parser);
    var values = new LinkedHashMap<String, @Nullable Object>();
    type.fields().forEach(field -> values.put(field.name(), null));
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Field field =
          type.fields().stream().filter(f -> f.name().equals(name)).findFirst().orElse(null);
      if (field == null) {
        parser.skipChildren();
      } else {
        values.put(name, value(parser, field.type()));
      }
    }
    return values;
  }

  private static Map<Object, @Nullable Object> map(JsonParser parser, DataType.MapOf type)
      throws IOException, Mismatch {
    requireObject(parser);
    var values = new LinkedHashMap<Object, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Object key = parsed(parser.currentName(), type.key());
      parser.nextToken();
      values.put(key, value(parser, type.value()));
    }
    return values;
  }

  private static void requireObject(JsonParser parser) throws Mismatch {
    if (!parser.isExpectedStartObjectToken()) {
      throw new Mismatch();
    }
  }

  private static String text(JsonParser parser) throws IOException, Mismatch {
    var out = new StringWriter();
    try (var generator = FACTORY.createGenerator(out)) {
      generator.copyCurrentStructureExact(parser);
    }
    String text = out.toString();
    if (!Utf8.isValid(text)) {
      throw new Mismatch();
    }
    return text;
  }

  /** Numbers and booleans stand without quotes, all else as text; text is read as in a hash. */
  private static Object scalar(JsonParser parser, DataType type) throws IOException, Mismatch {
    if (!parser.currentToken().isScalarValue()) {
      throw new Mismatch();
    }
    return parsed(parser.getText(), type);
  }

  private static Object parsed(String text, DataType type) throws Mismatch {
    ColumnBuffer buffer = Buffers.of(new Field("value", type), null, 1);
    boolean read = Utf8.isValid(text) && buffer.parse(0, text.getBytes(StandardCharsets.UTF_8));
    Object value = read ? buffer.vector(1).value(0) : null;
    if (value == null) {
      throw new Mismatch();
    }
    return value;
  }
}
