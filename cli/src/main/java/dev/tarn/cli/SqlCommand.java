package dev.tarn.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn sql}: runs a query and prints its rows, or writes them to a file. */
final class SqlCommand implements Command {

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
    RowsOut.addTo(spec);
    spec.addOption(Queries.parameters());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    RowsOut rows = RowsOut.of(arguments);
    String query = Queries.text(Arguments.parameter(arguments), context);
    return context.withTarn(tarn -> {
      rows.print(Queries.frame(tarn, query, arguments), context);
      return ExitCode.DONE;
    });
  }
}
