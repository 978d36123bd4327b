package dev.tarn.cli.redis;

import dev.tarn.cli.Arguments;
import dev.tarn.cli.Quantities;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.redis.BadValue;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.scan.KeyType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What the options of scans mean. */
final class ScanWords {

  private ScanWords() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(Arguments.option("--key-column", "NAME", "What the key is called: _key."));
    spec.addOption(Arguments.flag("--no-key", "Leave the key out."));
    spec.addOption(
        Arguments.option("--ttl-column", "NAME", "Add a column with the seconds a key has left."));
    spec.addOption(Arguments.option("--row-index", "NAME", "Add a column that numbers the rows."));
    spec.addOption(
        Arguments.option(
            "--on-bad-value",
            "WHAT",
            "A value that is none of its type: fail (unless said), set-null, skip-row."));
    ColumnWords.addTo(spec);
    spec.addOption(
        Arguments.option("--batch-size", "N", "Keys asked for at a time; found out unless said."));
    spec.addOption(
        Arguments.option("--connections", "N", "To each server; found out unless said."));
    addSampleTo(spec);
  }

  static void addSampleTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option("--sample", "N", "Keys looked at to find out columns: 1000 unless said."));
  }

  static ScanOptions options(ScanOptions defaults, ParseResult arguments) {
    ScanOptions options = ColumnWords.options(sampled(defaults, arguments), arguments);
    if (arguments.hasMatchedOption("--no-key")
        && Arguments.value(arguments, "--key-column").isPresent()) {
      throw new WrongCommandLine(
          "Cannot both leave the key out and name its column. Give --no-key or --key-column.");
    }
    options = Arguments.value(arguments, "--key-column").map(options::keyColumn).orElse(options);
    options = arguments.hasMatchedOption("--no-key") ? options.withoutKey() : options;
    options = Arguments.value(arguments, "--ttl-column").map(options::ttlColumn).orElse(options);
    options = Arguments.value(arguments, "--row-index").map(options::rowIndex).orElse(options);
    options = count(arguments, "--batch-size").map(options::batchSize).orElse(options);
    options = count(arguments, "--connections").map(options::connections).orElse(options);
    return Arguments.value(arguments, "--on-bad-value")
        .map(ScanWords::badValue)
        .map(options::onBadValue)
        .orElse(options);
  }

  static ScanOptions sampled(ScanOptions options, ParseResult arguments) {
    return count(arguments, "--sample").map(options::sample).orElse(options);
  }

  private static Optional<Integer> count(ParseResult arguments, String option) {
    return Arguments.value(arguments, option).map(text -> Quantities.count(option, text));
  }

  private static BadValue badValue(String text) {
    return Arrays.stream(BadValue.values())
        .filter(value -> word(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new WrongCommandLine(
                "Cannot read --on-bad-value %s: there is no such choice. Use fail, set-null or skip-row."
                    .formatted(text)));
  }

  /** Types are called as in Java: {@code hashes}, {@code sorted-sets}. */
  static Optional<KeyType> type(ParseResult arguments) {
    return Arguments.value(arguments, "--type").map(ScanWords::type);
  }

  private static KeyType type(String text) {
    return Arrays.stream(KeyType.values())
        .filter(type -> word(type).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new WrongCommandLine(
                "Cannot read --type %s: there is no such type. Use %s."
                    .formatted(text, String.join(", ", types()))));
  }

  static List<String> types() {
    return Arrays.stream(KeyType.values()).map(ScanWords::word).toList();
  }

  private static String word(KeyType type) {
    return type.function().replaceFirst("^redis_", "").replace('_', '-');
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
