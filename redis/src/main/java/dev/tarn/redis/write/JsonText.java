package dev.tarn.redis.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tarn.redis.decode.Utf8;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON: numbers and booleans as such, all else as text. What is no number in JSON, NaN
 * among them, is text.
 */
final class JsonText {

  /** As many as a document can have. */
  private static final int DEEPEST = 127;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  static byte[] of(DataType type, Object value) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json, type, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * A document of one row.
   *
   * @param nulls whether they are written; else they are left out
   * @throws Unwritable when RedisJSON would refuse it, or change a number in it
   */
  static byte[] document(List<Field> fields, List<Vector> vectors, int row, boolean nulls) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = new DocumentGenerator(FACTORY.createGenerator(out))) {
      json.writeStartObject();
      for (int i = 0; i < fields.size(); i++) {
        Object value = vectors.get(i).value(row);
        if (value != null || nulls) {
          json.writeFieldName(fields.get(i).name());
          write(json, fields.get(i).type(), value);
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, DataType type, @Nullable Object value)
      throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case List<?> list -> list(json, type, list);
      case Map<?, ?> map -> map(json, type, map);
      case Boolean bool -> json.writeBoolean(bool);
      case Double number when !Double.isFinite(number) -> json.writeString(number.toString());
      case Double number -> json.writeNumber(number);
      case Float number when !Float.isFinite(number) -> json.writeString(number.toString());
      case Float number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number.toPlainString());
      case Number number -> json.writeNumber(number.toString());
      case byte[] bytes -> json.writeString(text(bytes));
      case String text when type.equals(DataType.JSON) -> copy(json, text);
      default -> json.writeString(Values.text(value));
    }
  }

  /**
   * Token by token: the engine takes texts for JSON that the server refuses, and a document that it
   * refused would be gone where it was to replace another.
   */
  private static void copy(JsonGenerator json, String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new Unwritable("an empty text is no JSON");
      }
      int depth = 0;
      do {
        depth += copyToken(json, parser);
      } while (depth > 0 && parser.nextToken() != null);
      if (parser.nextToken() != null) {
        throw new Unwritable("a text has more than one JSON value");
      }
    } catch (JsonProcessingException e) {
      throw new Unwritable("a text is no JSON: " + e.getOriginalMessage());
    }
  }

  /** A number as it is written; returns how many levels more are open then. */
  private static int copyToken(JsonGenerator json, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isNumeric()) {
      json.writeNumber(parser.getText());
    } else {
      json.copyCurrentEvent(parser);
    }
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
  }

  private static void list(JsonGenerator json, DataType type, List<?> list) throws IOException {
    DataType element =
        switch (type) {
          case DataType.ListOf of -> of.element();
          case DataType.ArrayOf of -> of.element();
          default -> DataType.VARCHAR;
        };
    json.writeStartArray();
    for (Object value : list) {
      write(json, element, value);
    }
    json.writeEndArray();
  }

  private static void map(JsonGenerator json, DataType type, Map<?, ?> map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object key = entry.getKey();
      json.writeFieldName(key instanceof byte[] bytes ? text(bytes) : Values.text(key));
      write(json, member(type, key), entry.getValue());
    }
    json.writeEndObject();
  }

  private static DataType member(DataType type, Object key) {
    return switch (type) {
      case DataType.MapOf map -> map.value();
      case DataType.Struct struct ->
          struct.fields().stream()
              .filter(field -> field.name().equals(key))
              .findFirst()
              .map(Field::type)
              .orElse(DataType.VARCHAR);
      default -> DataType.VARCHAR;
    };
  }

  private static String text(byte[] bytes) {
    if (!Utf8.isValid(bytes)) {
      throw new Unwritable("bytes that are not UTF-8 do not fit into JSON");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
