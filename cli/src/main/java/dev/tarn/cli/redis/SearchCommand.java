package dev.tarn.cli.redis;

import dev.tarn.Frame;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.RowsOut;
import dev.tarn.redis.Redis;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis search}: what a query of a search index finds, as rows. */
final class SearchCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Print the hashes or JSON documents that a search index finds.")
        .footer(
            "",
            "tarn redis search users_idx '@age:[30 +inf]'",
            "tarn redis search users_idx '@age:[30 +inf]' --schema name:VARCHAR,age:BIGINT",
            "All of them, in no order: where some may be missing it fails.");
    spec.addPositional(Arguments.parameter(0, "INDEX", "The name of the index."));
    spec.addPositional(Arguments.parameter(1, "QUERY", "In the language of the index."));
    spec.addOption(
        Arguments.option(
            "--schema", "COLUMNS", "name:VARCHAR,age:BIGINT; those of what is found unless said."));
    spec.addOption(Arguments.option("--where", "PREDICATE", "Only rows for which it is true."));
    spec.addOption(Arguments.option("--limit", "N", "At most so many rows; then it stops."));
    ScanWords.addTo(spec);
    spec.addOption(
        Arguments.option("--score-column", "NAME", "Add a column with the score of each."));
    spec.addOption(Arguments.flag("--report", "Say on standard error how it went."));
    RowsOut.addTo(spec);
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    RowsOut out = RowsOut.of(arguments);
    String query = Arguments.parameter(arguments, 1).orElse("");
    Optional<Schema> schema = Arguments.value(arguments, "--schema").map(Schemas::parse);
    Optional<Integer> limit =
        Arguments.value(arguments, "--limit").map(text -> Quantities.count("--limit", text));
    List<ScanReport> reports = Collections.synchronizedList(new ArrayList<>());
    ScanOptions plain = ScanWords.options(ScanOptions.DEFAULT, arguments).onReport(reports::add);
    ScanOptions options =
        Arguments.value(arguments, "--score-column").map(plain::scoreColumn).orElse(plain);
    return context.withTarn(tarn -> {
      Redis redis = context.redis(tarn);
      String index = Arguments.parameter(arguments);
      Frame found =
          schema.isPresent()
              ? redis.search(index, query, schema.get(), o -> options)
              : redis.search(index, query, o -> options);
      Frame filtered = Arguments.value(arguments, "--where").map(found::filter).orElse(found);
      out.print(limit.isPresent() ? filtered.limit(limit.get()) : filtered, context);
      if (arguments.hasMatchedOption("--report")) {
        reports.forEach(report -> context.err().println(report));
      }
      return ExitCode.DONE;
    });
  }
}
