package dev.tarn.cli.redis;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Queries;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.redis.Advice;
import dev.tarn.redis.IndexAdvice;
import dev.tarn.redis.Redis;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code tarn redis advise}: how keys are best read from this server, or which search index would
 * help a query.
 */
final class AdviseCommand implements Command {

  /**
   * What was measured, as it is printed for programs.
   *
   * @param roundTrip in microseconds
   * @param scanTime in seconds
   * @param projection null where there is but one column
   * @param indexes null where the server has no search
   */
  private record Advised(
      String source,
      String server,
      double roundTrip,
      long keys,
      long matching,
      long rows,
      long sampled,
      Optional<Long> bytesPerKey,
      long bytesPerRow,
      double expiring,
      int batchSize,
      int connections,
      double scanTime,
      long memory,
      Optional<Double> projection,
      double indexPays,
      Optional<Integer> indexes,
      List<String> advice) {

    static Advised of(Advice advice) {
      return new Advised(
          advice.source(),
          advice.server(),
          advice.roundTrip().toNanos() / 1e3,
          advice.keys(),
          advice.matching(),
          advice.rows(),
          advice.sampled(),
          advice.bytesPerKey().stream().boxed().findFirst(),
          advice.bytesPerRow(),
          advice.expiring(),
          advice.batchSize(),
          advice.connections(),
          advice.scanTime().toMillis() / 1e3,
          advice.memory(),
          advice.projection().stream().boxed().findFirst(),
          advice.indexPays(),
          advice.indexes().stream().boxed().findFirst(),
          advice.lines().stream()
              .map(line -> "%s: %s (%s)".formatted(line.about(), line.advice(), line.why()))
              .toList());
    }
  }

  /**
   * Which index would help a use of keys, as it is printed for programs. What is not known, or not
   * to be made, is null.
   *
   * @param verdict create, in_use or none
   */
  private record AdvisedUse(
      String source,
      String verdict,
      List<String> filters,
      Optional<String> index,
      List<String> missing,
      Optional<Boolean> aggregates,
      Optional<Double> share,
      Optional<Double> gain,
      Optional<String> call,
      Optional<String> command,
      List<String> reasons) {

    static AdvisedUse of(IndexAdvice.Use use) {
      return new AdvisedUse(
          use.source(),
          use.verdict().name().toLowerCase(Locale.ROOT),
          use.filters(),
          use.index().map(IndexAdvice.Proposed::name),
          use.missing().stream().map(field -> field.path() + " " + field.type()).toList(),
          use.index().map(IndexAdvice.Proposed::aggregates),
          use.share().stream().boxed().findFirst(),
          use.gain().stream().boxed().findFirst(),
          use.index().map(IndexAdvice.Proposed::call),
          use.index().map(IndexAdvice.Proposed::command),
          use.reasons());
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Measure for a second how keys are best read from this server: batch size, connections, memory, index.",
            "Or say which search index would help a query.")
        .footer(
            "",
            "tarn redis advise 'user:*'",
            "tarn redis advise --query \"SELECT * FROM redis_hashes('user:*', schema := {age: 'BIGINT'}) WHERE age > 90\"");
    spec.addPositional(Arguments.optional(0, "PATTERN", "Which keys: user:*."));
    spec.addOption(
        Arguments.option(
            "--query", "QUERY", "A query that reads keys, which is not run; - reads it."));
    spec.addOption(Queries.parameters());
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    Optional<String> pattern = Arguments.parameter(arguments, 0);
    Optional<String> query = Arguments.value(arguments, "--query");
    if (pattern.isPresent() == query.isPresent()) {
      throw new WrongCommandLine("Cannot advise: give either a pattern of keys, or --query.");
    }
    return query.isPresent()
        ? ofQuery(Queries.text(query.get(), context), arguments, context, format)
        : ofKeys(pattern.orElseThrow(), context, format);
  }

  private static int ofKeys(String pattern, Context context, OutputFormat format)
      throws IOException {
    return context.withoutLake(tarn -> {
      Advice advice = context.redis(tarn).advise(pattern);
      new Answer(tarn, context, format).done(Advised.class, Advised.of(advice), advice.toString());
      return ExitCode.DONE;
    });
  }

  private static int ofQuery(
      String query, ParseResult arguments, Context context, OutputFormat format)
      throws IOException {
    return context.withTarn(tarn -> {
      Redis redis = context.redis(tarn);
      IndexAdvice advice = redis.advise(Queries.frame(tarn, query, arguments));
      var answer = new Answer(tarn, context, format);
      if (answer.isForPeople()) {
        answer.note(advice.toString());
      } else {
        answer.rows(AdvisedUse.class, advice.uses().stream().map(AdvisedUse::of).toList());
      }
      return ExitCode.DONE;
    });
  }
}
