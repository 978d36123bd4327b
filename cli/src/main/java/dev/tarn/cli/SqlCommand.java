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

/** {@code tarn sql}: runs a query and prints its rows, or writes them to a file. */
final class SqlCommand implements Command {

  /** The most rows that are drawn as a table; other formats print all there are. */
  static final int TABLE_ROWS = 10_000;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Run a query over files and datasets and print its rows.")
        .footer(
            "",
            "Files are named by path: tarn sql \"SELECT * FROM 'sales/**/*.parquet' LIMIT 5\"",
            "Datasets are named as tarn datasets lists them: tarn sql \"FROM sales LIMIT 5\"",
            "Parameters are text, which the engine casts to what they are compared with.");
    spec.addPositional(
        Arguments.parameter("QUERY", "A query in DuckDB's SQL; - reads it from standard input."));
    spec.addOption(Arguments.format(" A table shows the first 10,000 rows, the others all."));
    spec.addOption(
        Arguments.option(
            "--output",
            "FILE",
            "Write the rows to a file: .parquet, .csv, .tsv, .json, .ndjson. It is there whole or not at all."));
    spec.addOption(Arguments.flag("--replace", "Let the file take the place of one that exists."));
    spec.addOption(Queries.parameters());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    Optional<FileSink> file = Arguments.value(arguments, "--output").map(OutputFiles::of);
    if (file.isPresent() && arguments.hasMatchedOption("--format")) {
      throw new WrongCommandLine(
          "Cannot use --format with --output: the suffix of the file says its format. Leave one out.");
    }
    String query = Queries.text(Arguments.parameter(arguments), context);
    return context.withTarn(tarn -> {
      Frame frame = Queries.frame(tarn, query, arguments);
      if (file.isPresent()) {
        FileSink sink = file.get();
        write(frame, replacing(sink, arguments), context);
      } else {
        format.print(frame, context.out(), TABLE_ROWS, context.progress()::outputStarts);
      }
      return ExitCode.DONE;
    });
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
