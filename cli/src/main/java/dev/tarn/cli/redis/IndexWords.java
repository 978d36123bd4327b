package dev.tarn.cli.redis;

import dev.tarn.cli.Arguments;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.redis.ScanOptions;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which search index a scan may use, and how far. */
final class IndexWords {

  private IndexWords() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            "--index",
            "NAME",
            "The search index that --where may use, or none; found out unless said."));
    spec.addOption(
        Arguments.option(
            "--index-up-to",
            "SHARE",
            "Use an index that finds this share of the keys at most, 0 to 1; by its cost unless said."));
  }

  static ScanOptions options(ScanOptions scan, ParseResult arguments) {
    Optional<String> index = Arguments.value(arguments, "--index");
    Optional<Double> share = Arguments.value(arguments, "--index-up-to").map(IndexWords::share);
    if (index.filter("none"::equals).isPresent()) {
      if (share.isPresent()) {
        throw new WrongCommandLine(
            "Cannot both use no index and one up to a share. Give --index none or --index-up-to.");
      }
      return scan.withoutIndex();
    }
    ScanOptions named = index.map(scan::index).orElse(scan);
    return share.map(named::indexUpTo).orElse(named);
  }

  private static double share(String text) {
    try {
      double share = Double.parseDouble(text);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException notOne) {
      // said below
    }
    throw new WrongCommandLine(
        "Cannot read --index-up-to %s: it is no number from 0 to 1. Write it as 0.1."
            .formatted(text));
  }
}
