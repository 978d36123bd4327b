package dev.tarn.redis.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.type.DataType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of paths or members in answers of {@code JSON.GET}, without making objects of them.
 */
public final class JsonMembers {

  /** Where values go. */
  public interface Values {

    /** A value as a column of its type reads it: a scalar's text, or JSON. */
    void value(int column, byte[] value);

    /** A list or an object where none is expected, or a string that is no text. */
    void bad(int column, byte[] json);
  }

  private final byte[] json;
  private final Map<String, Integer> columns;
  private final DataType[] types;
  private final Values values;

  private JsonMembers(byte[] json, Map<String, Integer> columns, DataType[] types, Values values) {
    this.json = json;
    this.columns = columns;
    this.types = types;
    this.values = values;
  }

  /**
   * What the one path matched, a list: the first of it, if there is any. Returns whether it read.
   */
  public static boolean match(byte[] json, DataType type, Values values) {
    var one = new JsonMembers(json, Map.of(), new DataType[] {type}, values);
    return one.reads(parser -> one.first(parser, 0));
  }

  /**
   * What several paths matched: an object of lists by path.
   *
   * @param columns by path
   */
  public static boolean matches(
      byte[] json, Map<String, Integer> columns, DataType[] types, Values values) {
    var several = new JsonMembers(json, columns, types, values);
    return several.reads(parser -> several.members(parser, several::first));
  }

  /**
   * The members of a document, a list of one.
   *
   * @param columns by member
   */
  public static boolean document(
      byte[] json, Map<String, Integer> columns, DataType[] types, Values values) {
    var whole = new JsonMembers(json, columns, types, values);
    return whole.reads(parser -> {
      if (parser.currentToken() == JsonToken.START_ARRAY
          && parser.nextToken() == JsonToken.START_OBJECT) {
        whole.members(parser, whole::value);
      }
    });
  }

  private interface Step {
    void run(JsonParser parser) throws IOException;
  }

  private interface Member {
    void read(JsonParser parser, int column) throws IOException;
  }

  private boolean reads(Step step) {
    try (JsonParser parser = JsonValues.parser(json)) {
      parser.nextToken();
      step.run(parser);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void members(JsonParser parser, Member member) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Integer column = columns.get(parser.currentName());
      parser.nextToken();
      if (column == null) {
        parser.skipChildren();
      } else {
        member.read(parser, column);
      }
    }
  }

  private void first(JsonParser parser, int column) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("no list of matches");
    }
    boolean first = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == null) {
        throw new IOException("a list of matches has no end");
      }
      if (first) {
        value(parser, column);
        first = false;
      } else {
        parser.skipChildren();
      }
    }
  }

  private void value(JsonParser parser, int column) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    boolean nested = isNested(types[column]);
    if (!nested && token.isScalarValue() && Utf8.isValid(parser.getText())) {
      values.value(column, parser.getText().getBytes(UTF_8));
      return;
    }
    byte[] part = part(parser, token);
    if (nested) {
      values.value(column, part);
    } else {
      values.bad(column, part);
    }
  }

  /** The value as it stands there. */
  private byte[] part(JsonParser parser, JsonToken token) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    if (token.isScalarValue()) {
      parser.getTextLength(); // a text is read to its end only when it is asked for
      int end =
          token.isNumeric()
              ? start + parser.getTextLength()
              : (int) parser.currentLocation().getByteOffset();
      return Arrays.copyOfRange(json, start, end);
    }
    parser.skipChildren();
    int end = (int) parser.currentTokenLocation().getByteOffset() + 1;
    return Arrays.copyOfRange(json, start, end);
  }

  private static boolean isNested(@Nullable DataType type) {
    return DataType.JSON.equals(type) || isStructured(type);
  }

  /** Whether values of the type are arrays or objects in JSON. */
  static boolean isStructured(@Nullable DataType type) {
    return switch (type) {
      case DataType.ListOf list -> true;
      case DataType.ArrayOf array -> true;
      case DataType.Struct struct -> true;
      case DataType.MapOf map -> true;
      case null, default -> false;
    };
  }
}
