package dev.tarn.cli.redis;

import dev.tarn.Frame;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.RowsOut;
import dev.tarn.redis.Redis;
import dev.tarn.redis.Samples;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis scan}: keys that match a pattern, as rows. */
final class ScanCommand implements Command {

  private static final Schema NO_LABELS = new Schema(List.of());

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Print keys as rows: hashes, strings, JSON documents, and the rest.")
        .footer(
            "",
            "tarn redis scan 'user:*' --columns name,age --where \"age > 30 AND city = 'Oslo'\"",
            "Only the columns that are used are asked for. A filter on _key saves scanning.");
    spec.addPositional(Arguments.parameter("PATTERN", "Which keys: user:*, user:[0-9]*, user:17."));
    spec.addOption(
        Arguments.option(
            "--type",
            "TYPE",
            "%s; that of most keys unless said.".formatted(String.join(", ", ScanWords.types()))));
    spec.addOption(
        Arguments.option(
            "--schema",
            "COLUMNS",
            "name:VARCHAR,age:BIGINT; found out from a sample unless said. For strings: value:BIGINT."));
    spec.addOption(Arguments.option("--columns", "LIST", "The columns to print; all unless said."));
    spec.addOption(Arguments.option("--where", "PREDICATE", "Only rows for which it is true."));
    spec.addOption(Arguments.option("--limit", "N", "At most so many rows; then it stops."));
    IndexWords.addTo(spec);
    SampleWords.addTo(spec);
    ScanWords.addTo(spec);
    spec.addOption(
        Arguments.flag(
            "--duplicates", "Keep keys that SCAN returns twice, which saves 16 bytes a key."));
    spec.addOption(Arguments.flag("--report", "Say on standard error how the scan went."));
    RowsOut.addTo(spec);
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    RowsOut out = RowsOut.of(arguments);
    Optional<KeyType> type = ScanWords.type(arguments);
    Optional<Samples> samples = SampleWords.samples(arguments, type);
    Optional<Schema> schema = Arguments.value(arguments, "--schema").map(Schemas::parse);
    Optional<Integer> limit =
        Arguments.value(arguments, "--limit").map(text -> Quantities.count("--limit", text));
    List<ScanReport> reports = Collections.synchronizedList(new ArrayList<>());
    ScanOptions options = options(arguments).onReport(reports::add);
    return context.withTarn(tarn -> {
      Redis redis = context.redis(tarn);
      String pattern = Arguments.parameter(arguments);
      Frame frame =
          samples
              .map(s -> redis.timeSeries(pattern, schema.orElse(NO_LABELS), s, o -> options))
              .orElseGet(() -> frame(redis, pattern, type, schema, options));
      Frame filtered = Arguments.value(arguments, "--where").map(frame::filter).orElse(frame);
      Frame selected =
          Arguments.value(arguments, "--columns")
              .map(list -> filtered.select(Arguments.words(list).toArray()))
              .orElse(filtered);
      out.print(limit.isPresent() ? selected.limit(limit.get()) : selected, context);
      if (arguments.hasMatchedOption("--report")) {
        reports.forEach(report -> context.err().println(report));
      }
      return ExitCode.DONE;
    });
  }

  private static ScanOptions options(ParseResult arguments) {
    ScanOptions options =
        IndexWords.options(ScanWords.options(ScanOptions.DEFAULT, arguments), arguments);
    return arguments.hasMatchedOption("--duplicates") ? options.allowDuplicates() : options;
  }

  private static Frame frame(
      Redis redis,
      String pattern,
      Optional<KeyType> type,
      Optional<Schema> schema,
      ScanOptions options) {
    KeyType read = type.orElseGet(() -> redis.typeOf(pattern, o -> options));
    return schema.isPresent()
        ? redis.scan(read, pattern, schema.get(), o -> options)
        : redis.scan(read, pattern, o -> options);
  }
}
