package dev.tarn.cli.redis;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.Queries;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.redis.IfExists;
import dev.tarn.redis.Redis;
import dev.tarn.redis.RedisSink;
import dev.tarn.redis.WriteReport;
import dev.tarn.redis.scan.KeyType;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis write}: the rows of a query as keys. */
final class WriteCommand implements Command {

  /** How it went, as it is printed for programs. */
  private record Written(
      String prefix,
      long rows,
      long written,
      long kept,
      long failed,
      long uncertain,
      double seconds,
      List<String> failures) {

    static Written of(String prefix, WriteReport report) {
      return new Written(
          prefix,
          report.rows(),
          report.written(),
          report.kept(),
          report.failed(),
          report.uncertain(),
          report.time().toMillis() / 1e3,
          report.failures().stream().map(WriteReport.Failure::toString).toList());
    }

    String sentence() {
      return "%s*: %,d rows, %,d keys written%s%s in %.2f s"
          .formatted(
              prefix,
              rows,
              written,
              kept > 0 ? ", %,d kept".formatted(kept) : "",
              failed + uncertain > 0
                  ? ", %,d failed, %,d uncertain".formatted(failed, uncertain)
                  : "",
              seconds);
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Write the rows of a query as keys: the prefix and the key's columns.")
        .footer(
            "",
            "tarn redis write user: --from \"FROM 'users.parquet'\" --key id --ttl 1h",
            "tarn redis write tags: --type sets --from \"SELECT id, tag FROM 'tags.csv'\" --key id");
    spec.addPositional(Arguments.parameter("PREFIX", "What keys begin with: user:."));
    spec.addOption(required("--from", "QUERY", "The rows; - reads the query from standard input."));
    spec.addOption(Queries.parameters());
    spec.addOption(
        required("--key", "LIST", "The columns whose values make the key, after the prefix."));
    spec.addOption(
        Arguments.option(
            "--type",
            "TYPE",
            "hashes unless said; strings, json, sets, lists, sorted-sets, streams."));
    spec.addOption(Arguments.option("--separator", "TEXT", "Between columns of the key: a colon."));
    spec.addOption(Arguments.option("--ttl", "TIME", "How long keys live: 30s, 5m, 1h."));
    spec.addOption(
        Arguments.option("--ttl-column", "NAME", "The column with the seconds each key lives."));
    spec.addOption(
        Arguments.option(
            "--if-exists",
            "WHAT",
            "replace (unless said) keys that are there; merge, keep, or fail in the end."));
    spec.addOption(
        Arguments.option("--value", "NAME", "The column with the string, member or element."));
    spec.addOption(Arguments.option("--score", "NAME", "Sorted sets: score unless said."));
    spec.addOption(Arguments.option("--position", "NAME", "Lists: what elements are ordered by."));
    spec.addOption(Arguments.option("--id", "NAME", "Streams: the column with the entries' ids."));
    spec.addOption(Arguments.option("--connections", "N", "To each server: 2 unless said."));
    spec.addOption(Arguments.format());
    return spec;
  }

  static OptionSpec required(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .required(true)
        .description(description)
        .build();
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    String prefix = Arguments.parameter(arguments);
    KeyType type = ScanWords.type(arguments).orElse(KeyType.HASH);
    Optional<Duration> ttl =
        Arguments.value(arguments, "--ttl").map(text -> Quantities.time("--ttl", text));
    if (ttl.isPresent() && Arguments.value(arguments, "--ttl-column").isPresent()) {
      throw new WrongCommandLine(
          "Cannot write with both --ttl and --ttl-column: a key has one time to live. Give one of them.");
    }
    IfExists mode =
        Arguments.value(arguments, "--if-exists").map(WriteCommand::mode).orElse(IfExists.REPLACE);
    String query = Queries.text(Arguments.value(arguments, "--from").orElse(""), context);
    return context.withTarn(tarn -> {
      var report = new AtomicReference<@Nullable WriteReport>();
      RedisSink sink =
          configured(sink(context.redis(tarn), type, prefix), ttl, arguments)
              .ifExists(mode)
              .reportFailures()
              .onReport(report::set);
      Queries.frame(tarn, query, arguments).write(sink);
      WriteReport told = java.util.Objects.requireNonNull(report.get());
      Written written = Written.of(prefix, told);
      var answer = new Answer(tarn, context, format);
      for (WriteReport.Failure failure : told.failures()) {
        answer.note(failure.toString());
      }
      answer.done(Written.class, written, written.sentence());
      return told.isSuccess() ? ExitCode.DONE : ExitCode.FAILED;
    });
  }

  private static RedisSink sink(Redis redis, KeyType type, String prefix) {
    return switch (type) {
      case HASH -> redis.toHashes(prefix);
      case STRING -> redis.toStrings(prefix);
      case JSON -> redis.toJson(prefix);
      case SET -> redis.toSets(prefix);
      case LIST -> redis.toLists(prefix);
      case SORTED_SET -> redis.toSortedSets(prefix);
      case STREAM -> redis.toStreams(prefix);
      case TIME_SERIES ->
          throw new WrongCommandLine(
              "Cannot write --type time-series: they are only read. Use hashes, strings, json, sets, lists, sorted-sets or streams.");
    };
  }

  private static RedisSink configured(
      RedisSink sink, Optional<Duration> ttl, ParseResult arguments) {
    RedisSink result =
        sink.key(
            Arguments.words(Arguments.value(arguments, "--key").orElse("")).toArray(String[]::new));
    result = ttl.map(result::ttl).orElse(result);
    result = Arguments.value(arguments, "--separator").map(result::separator).orElse(result);
    result = Arguments.value(arguments, "--ttl-column").map(result::ttlColumn).orElse(result);
    result = Arguments.value(arguments, "--value").map(result::value).orElse(result);
    result = Arguments.value(arguments, "--score").map(result::score).orElse(result);
    result = Arguments.value(arguments, "--position").map(result::position).orElse(result);
    result = Arguments.value(arguments, "--id").map(result::id).orElse(result);
    return Arguments.value(arguments, "--connections")
        .map(text -> Quantities.count("--connections", text))
        .map(result::connections)
        .orElse(result);
  }

  private static IfExists mode(String text) {
    return Arrays.stream(IfExists.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new WrongCommandLine(
                "Cannot read --if-exists %s: there is no such choice. Use replace, merge, keep or fail."
                    .formatted(text)));
  }
}
