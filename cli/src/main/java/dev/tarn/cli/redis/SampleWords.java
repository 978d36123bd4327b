package dev.tarn.cli.redis;

import dev.tarn.cli.Arguments;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.Samples;
import dev.tarn.redis.scan.KeyType;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What is read of time series: {@code --aggregate avg --bucket 1m}. */
final class SampleWords {

  private SampleWords() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            "--aggregate",
            "FUNCTION",
            "One value for each --bucket of a time series: avg, sum, min, max, count, first, last, twa, …"));
    spec.addOption(
        Arguments.option(
            "--bucket", "TIME", "The time that --aggregate takes together: 500ms, 1m, 1h."));
  }

  /** What the server is to make of samples, if it was said. */
  static Optional<Samples> samples(ParseResult arguments, Optional<KeyType> type) {
    Optional<String> function = Arguments.value(arguments, "--aggregate");
    Optional<String> bucket = Arguments.value(arguments, "--bucket");
    if (function.isEmpty() && bucket.isEmpty()) {
      return Optional.empty();
    }
    if (type.isPresent() && type.get() != KeyType.TIME_SERIES) {
      throw new WrongCommandLine(
          "Cannot aggregate %s: the server does it for time series only. Leave out --aggregate and --bucket."
              .formatted(type.get().plural()));
    }
    if (function.isEmpty() || bucket.isEmpty()) {
      throw new WrongCommandLine(
          "Cannot aggregate time series: %s is missing. Give --aggregate avg --bucket 1m, say."
              .formatted(function.isEmpty() ? "--aggregate" : "--bucket"));
    }
    return Optional.of(aggregate(function.get(), Quantities.time("--bucket", bucket.get())));
  }

  private static Samples aggregate(String function, Duration bucket) {
    try {
      return Samples.aggregate(function, bucket);
    } catch (InvalidRequest e) {
      throw new WrongCommandLine(String.valueOf(e.getMessage()));
    }
  }
}
