package dev.tarn.cli;

import dev.tarn.Tarn;
import dev.tarn.cli.output.OutputFormat;
import java.io.IOException;
import java.util.List;

/**
 * What a command has found or done, for people or for programs.
 *
 * @param format how it is printed; as a table, what was done is a sentence instead
 */
public record Answer(Tarn tarn, Context context, OutputFormat format) {

  /** Lists are short, and none of their rows is to be missed. */
  private static final int TABLE_ROWS = 100_000;

  /** Prints rows. */
  public <T extends Record> void rows(Class<T> type, List<T> rows) throws IOException {
    format.print(
        tarn.rows(type, rows), context.out(), TABLE_ROWS, context.progress()::outputStarts);
    context.progress().outputEnded();
  }

  /** Whether nobody wants to read it by a program. */
  public boolean isForPeople() {
    return format == OutputFormat.TABLE;
  }

  /** Prints what was done: a sentence for people, one row for programs. */
  public <T extends Record> void done(Class<T> type, T row, String sentence) throws IOException {
    if (isForPeople()) {
      context.print(sentence);
    } else {
      rows(type, List.of(row));
    }
  }

  /** Prints a line that is for people alone. */
  public void note(String line) throws IOException {
    if (isForPeople()) {
      context.print(line);
    }
  }
}
