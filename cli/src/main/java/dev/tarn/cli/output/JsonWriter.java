package dev.tarn.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON objects. Numbers are numbers, decimals exact; NaN and the infinities, which JSON has
 * no words for, are null. Dates and times are ISO text, bytes base64, lists arrays, structs and
 * maps objects; a JSON column is put in as it is.
 */
final class JsonWriter implements RowWriter {

  /** How objects follow each other; each has its line. */
  enum Layout {
    ARRAY,
    LINES
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private final JsonGenerator json;
  private final Layout layout;

  JsonWriter(OutputStream out, Layout layout) throws IOException {
    this.json = FACTORY.createGenerator(out);
    this.layout = layout;
    if (layout == Layout.ARRAY) {
      json.setPrettyPrinter(new RowPerLine());
    } else {
      json.setRootValueSeparator(new SerializedString("\n"));
    }
  }

  /** Commas between rows end the line. */
  private static final class RowPerLine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1L;

    @Override
    public void writeArrayValueSeparator(JsonGenerator generator) throws IOException {
      boolean betweenRows = generator.getOutputContext().getParent().inRoot();
      generator.writeRaw(betweenRows ? ",\n" : ",");
    }
  }

  @Override
  public void begin(Schema schema) throws IOException {
    if (layout == Layout.ARRAY) {
      json.writeStartArray();
    }
  }

  @Override
  public void write(Batch batch) throws IOException {
    Field[] fields = batch.schema().fields().toArray(Field[]::new);
    for (int row = 0; row < batch.size(); row++) {
      json.writeStartObject();
      for (int column = 0; column < fields.length; column++) {
        json.writeFieldName(fields[column].name());
        write(fields[column].type(), batch.vector(column), row);
      }
      json.writeEndObject();
    }
    json.flush();
  }

  @Override
  public void end() throws IOException {
    if (layout == Layout.ARRAY) {
      json.writeEndArray();
    }
    if (layout == Layout.ARRAY || json.getOutputContext().hasCurrentIndex()) {
      json.writeRaw('\n');
    }
    json.flush();
  }

  private void write(DataType type, Vector vector, int row) throws IOException {
    if (vector.isNull(row)) {
      json.writeNull();
      return;
    }
    switch (vector) {
      case Vector.Booleans v -> json.writeBoolean(v.values()[row]);
      case Vector.Ints v -> json.writeNumber(v.values()[row]);
      case Vector.Longs v -> json.writeNumber(v.values()[row]);
      case Vector.Doubles v -> number(json, v.values()[row]);
      default -> value(json, type, vector.value(row));
    }
  }

  /** One value as JSON text. */
  static String text(DataType type, Object value) throws IOException {
    var text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      value(json, type, value);
    }
    return text.toString();
  }

  private static void value(JsonGenerator json, DataType type, @Nullable Object value)
      throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text when type.equals(DataType.JSON) -> json.writeRawValue(oneLine(text));
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case BigInteger number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number);
      case Double number -> number(json, number);
      case Float number -> number(json, number);
      case LocalDateTime time -> json.writeString(Texts.time(time));
      case OffsetDateTime time -> json.writeString(Texts.time(time));
      case byte[] bytes -> json.writeBinary(bytes);
      case Collection<?> list -> array(json, type, list);
      case Map<?, ?> map -> object(json, type, map);
      default -> json.writeString(value.toString());
    }
  }

  private static void number(JsonGenerator json, double number) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeNull();
    }
  }

  private static void number(JsonGenerator json, float number) throws IOException {
    if (Float.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeNull();
    }
  }

  private static void array(JsonGenerator json, DataType type, Collection<?> list)
      throws IOException {
    DataType element =
        switch (type) {
          case DataType.ListOf of -> of.element();
          case DataType.ArrayOf of -> of.element();
          default -> DataType.VARCHAR;
        };
    json.writeStartArray();
    for (Object value : list) {
      value(json, element, value);
    }
    json.writeEndArray();
  }

  private static void object(JsonGenerator json, DataType type, Map<?, ?> map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String name = String.valueOf(entry.getKey());
      json.writeFieldName(name);
      value(json, member(type, name).orElse(DataType.VARCHAR), entry.getValue());
    }
    json.writeEndObject();
  }

  private static Optional<DataType> member(DataType type, String name) {
    return switch (type) {
      case DataType.MapOf of -> Optional.of(of.value());
      case DataType.Struct struct ->
          struct.fields().stream()
              .filter(field -> field.name().equals(name))
              .map(Field::type)
              .findFirst();
      default -> Optional.empty();
    };
  }

  /** Line ends are only between the values of valid JSON, never in them. */
  private static String oneLine(String json) {
    return json.indexOf('\n') < 0 && json.indexOf('\r') < 0
        ? json
        : json.replace('\n', ' ').replace('\r', ' ');
  }
}
