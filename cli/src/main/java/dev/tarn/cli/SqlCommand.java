package dev.tarn.cli;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.error.InvalidRequest;
import dev.tarn.io.FileSink;
import dev.tarn.spi.WriteResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn sql}: runs a query and prints its rows, or writes them to a file. */
final class SqlCommand implements Command {

  /** The most rows that are drawn as a table; other formats print all there are. */
  static final int TABLE_ROWS = 10_000;

  private static final Pattern NAMED = Pattern.compile("([A-Za-z_]\\w*)=(.*)", Pattern.DOTALL);

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Run a query over files and print its rows.")
        .footer(
            "",
            "Files are named by path: tarn sql \"SELECT * FROM 'sales/**/*.parquet' LIMIT 5\"",
            "Parameters are text, which the engine casts to what they are compared with.");
    spec.addPositional(
        Arguments.parameter("QUERY", "A query in DuckDB's SQL; - reads it from standard input."));
    spec.addOption(
        Arguments.option(
            "--format",
            "FORMAT",
            "How rows are printed: %s. A table shows the first 10,000 rows, the others all."
                .formatted(String.join(", ", OutputFormat.labels()))));
    spec.addOption(
        Arguments.option(
            "--output",
            "FILE",
            "Write the rows to a file: .parquet, .csv, .tsv, .json, .ndjson. It is there whole or not at all."));
    spec.addOption(Arguments.flag("--replace", "Let the file take the place of one that exists."));
    spec.addOption(
        Arguments.options(
            "--param", "VALUE", "A value for the next ?, or NAME=VALUE for $NAME. Repeat it."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = format(arguments);
    Optional<FileSink> file = Arguments.value(arguments, "--output").map(OutputFiles::of);
    if (file.isPresent() && arguments.hasMatchedOption("--format")) {
      throw new WrongCommandLine(
          "Cannot use --format with --output: the suffix of the file says its format. Leave one out.");
    }
    String query = query(Arguments.parameter(arguments), context);
    List<String> values = Arguments.values(arguments, "--param");
    return context.withTarn(tarn -> {
      Frame frame = frame(tarn, query, values);
      if (file.isPresent()) {
        FileSink sink = file.get();
        write(frame, replacing(sink, arguments), context);
      } else {
        format.print(frame, context.out(), TABLE_ROWS, context.progress()::outputStarts);
      }
      return ExitCode.DONE;
    });
  }

  private static OutputFormat format(ParseResult arguments) {
    String name = Arguments.value(arguments, "--format").orElse("table");
    return OutputFormat.named(name)
        .orElseThrow(() ->
            new WrongCommandLine(
                "Cannot print as %s: there is no such format. Use %s."
                    .formatted(name, String.join(", ", OutputFormat.labels()))));
  }

  static String query(String argument, Context context) throws IOException {
    return argument.equals("-")
        ? new String(context.in().readAllBytes(), StandardCharsets.UTF_8)
        : argument;
  }

  static Frame frame(Tarn tarn, String query, List<String> values) {
    Map<String, String> named = named(query, values);
    return named.size() == values.size() && !values.isEmpty()
        ? tarn.sql(query, named)
        : tarn.sql(query, values.toArray());
  }

  /** {@code a=b} is a value for {@code $a} only where the query has one. */
  private static Map<String, String> named(String query, List<String> values) {
    var named = new LinkedHashMap<String, String>();
    for (String value : values) {
      Matcher matcher = NAMED.matcher(value);
      if (matcher.matches()
          && Pattern.compile("\\$" + matcher.group(1) + "\\b").matcher(query).find()) {
        named.put(matcher.group(1), matcher.group(2));
      }
    }
    return named;
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
