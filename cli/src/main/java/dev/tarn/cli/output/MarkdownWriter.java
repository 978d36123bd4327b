package dev.tarn.cli.output;

import dev.tarn.spi.Batch;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A table of GitHub's Markdown; numbers stand at the right, and a null is NULL. */
final class MarkdownWriter implements RowWriter {

  private static final Set<DataType> NUMBERS =
      Set.of(
          DataType.TINYINT,
          DataType.SMALLINT,
          DataType.INTEGER,
          DataType.BIGINT,
          DataType.HUGEINT,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT,
          DataType.Simple.UINTEGER,
          DataType.Simple.UBIGINT,
          DataType.Simple.UHUGEINT,
          DataType.FLOAT,
          DataType.DOUBLE);

  private final BufferedWriter out;

  MarkdownWriter(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  @Override
  public void begin(Schema schema) throws IOException {
    for (String name : schema.names()) {
      cell(name);
    }
    endRow();
    for (Field field : schema.fields()) {
      out.write(isNumber(field.type()) ? "| ---: " : "| --- ");
    }
    endRow();
  }

  @Override
  public void write(Batch batch) throws IOException {
    List<Field> fields = batch.schema().fields();
    for (int row = 0; row < batch.size(); row++) {
      for (int column = 0; column < fields.size(); column++) {
        Object value = batch.value(row, column);
        cell(value == null ? "NULL" : Texts.of(fields.get(column).type(), value));
      }
      endRow();
    }
  }

  @Override
  public void end() throws IOException {
    out.flush();
  }

  private void cell(String text) throws IOException {
    out.write("| ");
    out.write(escaped(text));
    out.write(' ');
  }

  private void endRow() throws IOException {
    out.write("|\n");
  }

  private static boolean isNumber(DataType type) {
    return type instanceof DataType.Decimal || NUMBERS.contains(type);
  }

  /** Pipes would end the cell, line ends the table, and angle brackets would be tags. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replaceAll("\\R", "<br>");
  }
}
