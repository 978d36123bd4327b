package dev.tarn.cli.output;

import dev.tarn.spi.Batch;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** RFC 4180 with a header line; a null is nothing, an empty text is {@code ""}. */
final class CsvWriter implements RowWriter {

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final CSVPrinter printer;

  CsvWriter(OutputStream out) throws IOException {
    printer =
        new CSVPrinter(
            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), FORMAT);
  }

  @Override
  public void begin(Schema schema) throws IOException {
    printer.printRecord(schema.names());
  }

  @Override
  public void write(Batch batch) throws IOException {
    List<Field> fields = batch.schema().fields();
    for (int row = 0; row < batch.size(); row++) {
      for (int column = 0; column < fields.size(); column++) {
        print(fields.get(column), batch.value(row, column));
      }
      printer.println();
    }
    printer.flush();
  }

  private void print(Field field, @Nullable Object value) throws IOException {
    String text = value == null ? null : Texts.of(field.type(), value);
    if (text != null && text.isEmpty()) {
      printer.print(new StringReader("")); // a reader is always quoted
    } else {
      printer.print(text);
    }
  }

  @Override
  public void end() throws IOException {
    printer.flush();
  }
}
