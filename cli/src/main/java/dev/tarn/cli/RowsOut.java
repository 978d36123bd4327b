package dev.tarn.cli;

import dev.tarn.Frame;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.error.InvalidRequest;
import dev.tarn.io.FileSink;
import dev.tarn.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Where the rows of a frame go: printed in a format, or into a file.
 *
 * @param file for the rows; empty to print them
 */
public record RowsOut(OutputFormat format, Optional<FileSink> file) {

  /** The most rows that are drawn as a table; other formats print all there are. */
  static final int TABLE_ROWS = 10_000;

  /** Adds the options that say it. */
  public static void addTo(CommandSpec spec) {
    spec.addOption(Arguments.format(" A table shows the first 10,000 rows, the others all."));
    spec.addOption(
        Arguments.option(
            "--output",
            "FILE",
            "Write the rows to a file: .parquet, .csv, .tsv, .json, .ndjson. It is there whole or not at all."));
    spec.addOption(Arguments.flag("--replace", "Let the file take the place of one that exists."));
  }

  /** What the options say, checked before anything is run. */
  public static RowsOut of(ParseResult arguments) {
    OutputFormat format = Arguments.format(arguments);
    Optional<FileSink> file = Arguments.value(arguments, "--output").map(OutputFiles::of);
    if (file.isPresent() && arguments.hasMatchedOption("--format")) {
      throw new WrongCommandLine(
          "Cannot use --format with --output: the suffix of the file says its format. Leave one out.");
    }
    return new RowsOut(format, file.map(sink -> replacing(sink, arguments)));
  }

  private static FileSink replacing(FileSink sink, ParseResult arguments) {
    if (arguments.hasMatchedOption("--replace")) {
      return sink.replace();
    }
    if (Files.exists(Path.of(sink.path()), LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidRequest(
          "Cannot write [%s]: it exists. Add --replace, or choose another path."
              .formatted(sink.path()));
    }
    return sink;
  }

  /** Runs the frame. */
  public void print(Frame frame, Context context) throws IOException {
    if (file.isPresent()) {
      write(frame, file.get(), context);
    } else {
      format.print(frame, context.out(), TABLE_ROWS, context.progress()::outputStarts);
    }
  }

  private static void write(Frame frame, FileSink sink, Context context) throws IOException {
    WriteResult written = frame.write(sink);
    context.print(
        "%,d %s written to %s (%,d bytes)"
            .formatted(
                written.rows(),
                written.rows() == 1 ? "row" : "rows",
                sink.path(),
                written.bytes()));
  }
}
