package dev.tarn.duckdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** JSON that the engine prints, as maps, lists, texts, numbers and booleans. */
final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(10_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private Json() {}

  static @Nullable Object parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maps and lists as JSON; what JSON has no form for, as text. */
  static String print(Object value) {
    var text = new java.io.StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      print(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void print(@Nullable Object value, JsonGenerator generator) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case Boolean b -> generator.writeBoolean(b);
      case Double d when !Double.isFinite(d) -> generator.writeString(d.toString());
      case Float f when !Float.isFinite(f) -> generator.writeString(f.toString());
      case Number n -> generator.writeNumber(n.toString());
      case List<?> list -> {
        generator.writeStartArray();
        for (Object element : list) {
          print(element, generator);
        }
        generator.writeEndArray();
      }
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          Object key = member.getKey();
          generator.writeFieldName(key == null ? "null" : TextValues.text(key));
          print(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      default -> generator.writeString(TextValues.text(value));
    }
  }

  /** The members of an object; none for anything else. */
  static Map<?, ?> object(@Nullable Object json) {
    return json instanceof Map<?, ?> map ? map : Map.of();
  }

  /** The elements of an array; none for anything else. */
  static List<?> array(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  /** Visits every object in the tree, top down. */
  static void walk(@Nullable Object json, Consumer<Map<?, ?>> visitor) {
    if (json instanceof Map<?, ?> map) {
      visitor.accept(map);
      map.values().forEach(child -> walk(child, visitor));
    } else {
      array(json).forEach(child -> walk(child, visitor));
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      default -> null;
    };
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) throws IOException {
    var members = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<@Nullable Object> elements(JsonParser parser) throws IOException {
    var elements = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }
}
