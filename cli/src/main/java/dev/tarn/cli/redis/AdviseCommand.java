package dev.tarn.cli.redis;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.redis.Advice;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis advise}: how keys are best read from this server. */
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
      long sampled,
      java.util.Optional<Long> bytesPerKey,
      long bytesPerRow,
      double expiring,
      int batchSize,
      int connections,
      double scanTime,
      long memory,
      java.util.Optional<Double> projection,
      double indexPays,
      java.util.Optional<Integer> indexes,
      List<String> advice) {

    static Advised of(Advice advice) {
      return new Advised(
          advice.source(),
          advice.server(),
          advice.roundTrip().toNanos() / 1e3,
          advice.keys(),
          advice.matching(),
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

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Measure for a second how keys are best read from this server: batch size, connections, memory, index.");
    spec.addPositional(Arguments.parameter("PATTERN", "Which keys: user:*."));
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    return context.withoutLake(tarn -> {
      Advice advice = context.redis(tarn).advise(Arguments.parameter(arguments));
      new Answer(tarn, context, format).done(Advised.class, Advised.of(advice), advice.toString());
      return ExitCode.DONE;
    });
  }
}
