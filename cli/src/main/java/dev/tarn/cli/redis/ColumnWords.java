package dev.tarn.cli.redis;

import dev.tarn.cli.Arguments;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ValueFormat;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** How columns are read that are not as they mostly are: dates, and what lies deep in documents. */
final class ColumnWords {

  private static final String PATTERN = "--date-format";
  private static final String EPOCH = "--epoch";
  private static final String PATH = "--path";

  private ColumnWords() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.options(
            PATTERN,
            "COLUMN=PATTERN",
            "Read its dates or times by a pattern: day=dd.MM.uuuu. Once for each column."));
    spec.addOption(
        Arguments.options(
            EPOCH,
            "COLUMN=UNIT",
            "Read its numbers as days, seconds, millis, micros or nanos since 1970."));
    spec.addOption(
        Arguments.options(
            PATH,
            "COLUMN=PATH",
            "Read it from there in a JSON document, and not the member of its name: city=$.address.city."));
  }

  static ScanOptions options(ScanOptions scan, ParseResult arguments) {
    ScanOptions options = scan;
    for (String text : Arguments.values(arguments, PATTERN)) {
      Part part = Part.of(PATTERN, text);
      options = read(options, part, o -> o.pattern(part.column(), part.value()));
    }
    for (String text : Arguments.values(arguments, EPOCH)) {
      Part part = Part.of(EPOCH, text);
      options =
          read(
              options,
              part,
              o -> o.epoch(part.column(), ValueFormat.Epoch.of(part.value()).unit()));
    }
    for (String text : Arguments.values(arguments, PATH)) {
      Part part = Part.of(PATH, text);
      options = options.path(part.column(), part.value());
    }
    return options;
  }

  private static ScanOptions read(
      ScanOptions options, Part part, UnaryOperator<ScanOptions> change) {
    try {
      return change.apply(options);
    } catch (InvalidRequest e) {
      throw new WrongCommandLine("Cannot read %s: %s".formatted(part.option(), e.getMessage()));
    }
  }

  /** A column, and how it is written. */
  private record Part(String option, String column, String value) {

    static Part of(String option, String text) {
      int equals = text.indexOf('=');
      if (equals <= 0 || equals == text.length() - 1) {
        throw new WrongCommandLine(
            "Cannot read %s %s: it names no column, or nothing for it. Write it as %s."
                .formatted(option, text, example(option)));
      }
      return new Part(
          option, text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    private static String example(String option) {
      return switch (option) {
        case EPOCH -> "ts=millis";
        case PATH -> "city=$.address.city";
        default -> "day=dd.MM.uuuu";
      };
    }
  }
}
