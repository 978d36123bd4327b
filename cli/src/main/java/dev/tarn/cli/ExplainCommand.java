package dev.tarn.cli;

import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn explain}: how a query would be run, or was. */
final class ExplainCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Print how a query would be run: files kept, columns read, filters pushed, operators.");
    spec.addPositional(
        Arguments.parameter("QUERY", "A query in DuckDB's SQL; - reads it from standard input."));
    spec.addOption(
        Arguments.flag("--analyze", "Run it, and print the rows and the time of each operator."));
    spec.addOption(Arguments.option("--format", "FORMAT", "text, or json for programs."));
    spec.addOption(Queries.parameters());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    String format = Arguments.value(arguments, "--format").orElse("text");
    if (!List.of("text", "json").contains(format)) {
      throw new WrongCommandLine(
          "Cannot explain as %s: there is no such format. Use text or json.".formatted(format));
    }
    String query = Queries.text(Arguments.parameter(arguments), context);
    return context.withTarn(tarn -> {
      Frame frame = Queries.frame(tarn, query, arguments);
      QueryPlan plan =
          arguments.hasMatchedOption("--analyze") ? tarn.analyze(frame) : tarn.plan(frame);
      context.print(format.equals("json") ? PlanJson.of(plan) : plan.toString());
      return ExitCode.DONE;
    });
  }
}
