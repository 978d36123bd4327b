package dev.tarn.cli.redis;

import dev.tarn.Tarn;
import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.cli.redis.ScanBench.Measured;
import dev.tarn.redis.Redis;
import dev.tarn.redis.TemporaryHashes;
import dev.tarn.redis.scan.KeyType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn bench redis}: whole scans with batch sizes, connections and columns of all sizes. */
final class RedisBenchCommand implements Command {

  private static final String GENERATE = "--generate";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Scan hashes with several batch sizes, numbers of connections and of columns, and say how fast each was.")
        .footer(
            "",
            "tarn bench redis 'user:*' --svg scan.svg",
            "tarn bench redis --generate 100000      writes keys of its own, and removes them");
    spec.addPositional(Arguments.optional(0, "PATTERN", "Which hashes: user:*."));
    spec.addOption(
        Arguments.option(
            GENERATE,
            "N",
            "Write N hashes under a prefix of their own, measure with them, and remove them."));
    spec.addOption(Arguments.option("--fields", "N", "Of each of these: 8 unless said."));
    spec.addOption(
        Arguments.option(
            "--runs", "N", "Of each scan, of which the fastest counts: 2 unless said."));
    spec.addOption(Arguments.option("--svg", "FILE", "Draw a chart as well."));
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    Optional<String> pattern = Arguments.parameter(arguments, 0);
    Optional<Integer> generate = count(arguments, GENERATE);
    if (pattern.isPresent() == generate.isPresent()) {
      throw new WrongCommandLine(
          "Cannot measure: %s. Name a pattern such as 'user:*', or say --generate 100000."
              .formatted(
                  pattern.isPresent()
                      ? "a pattern and --generate exclude each other"
                      : "there are no keys to scan"));
    }
    int runs = count(arguments, "--runs").orElse(2);
    return context.withoutLake(tarn -> {
      Redis redis = context.redis(tarn);
      if (generate.isPresent()) {
        int fields = count(arguments, "--fields").orElse(8);
        try (TemporaryHashes hashes = redis.temporaryHashes(generate.get(), fields)) {
          var bench = new ScanBench(redis, hashes.pattern(), hashes.schema(), runs);
          return answer(bench, arguments, tarn, context, format);
        }
      }
      String given = pattern.orElseThrow();
      var schema = redis.inferSchema(KeyType.HASH, given, o -> o).schema();
      return answer(new ScanBench(redis, given, schema, runs), arguments, tarn, context, format);
    });
  }

  private static int answer(
      ScanBench bench, ParseResult arguments, Tarn tarn, Context context, OutputFormat format)
      throws IOException {
    List<Measured> results = bench.run();
    new Answer(tarn, context, format).rows(Measured.class, results);
    Optional<Path> svg = Arguments.value(arguments, "--svg").map(Path::of);
    if (svg.isPresent()) {
      BenchChart.write(svg.get(), results);
    }
    return ExitCode.DONE;
  }

  private static Optional<Integer> count(ParseResult arguments, String option) {
    return Arguments.value(arguments, option).map(text -> Quantities.count(option, text));
  }
}
