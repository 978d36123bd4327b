package dev.tarn.cli.output;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.spi.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How results are printed. All but tables stream, in memory that does not grow with the rows. */
public enum OutputFormat {
  /** For people; the first rows only, as the widths of its columns need all of them at once. */
  TABLE,
  CSV,
  /** An array of objects, one a line. */
  JSON,
  /** One object a line. */
  NDJSON,
  MARKDOWN;

  private static final int BATCH_ROWS = 16_384;

  public static Optional<OutputFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.label().equals(name)).findFirst();
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(OutputFormat::label).toList();
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Runs a frame and prints its rows.
   *
   * @param tableRows the most rows of a table
   * @param outputStarts told once, before anything is printed
   */
  public void print(Frame frame, OutputStream out, int tableRows, Runnable outputStarts)
      throws IOException {
    if (this == TABLE) {
      String text = frame.text(tableRows);
      outputStarts.run();
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      return;
    }
    try (Batches batches = frame.batches(BATCH_ROWS)) {
      Batch batch = batches.next();
      outputStarts.run();
      RowWriter writer = writer(out);
      writer.begin(batches.schema());
      while (batch != null) {
        writer.write(batch);
        batch = batches.next();
      }
      writer.end();
      out.flush();
    }
  }

  private RowWriter writer(OutputStream out) throws IOException {
    return switch (this) {
      case CSV -> new CsvWriter(out);
      case JSON -> new JsonWriter(out, JsonWriter.Layout.ARRAY);
      case NDJSON -> new JsonWriter(out, JsonWriter.Layout.LINES);
      case MARKDOWN -> new MarkdownWriter(out);
      case TABLE -> throw new IllegalStateException("tables do not stream");
    };
  }
}
