package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.ExpireResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn expire}: takes old versions out of the history. */
public final class ExpireCommand extends DatasetCommand {

  private static final String OLDER_THAN = "--older-than";
  private static final String KEEP = "--keep";

  private record Expired(String dataset, List<Long> expired, int left, boolean dryRun) {

    String sentence() {
      String versions = Words.count(expired.size(), "version");
      if (expired.isEmpty()) {
        return "%s: no version to expire, %,d left".formatted(dataset, left);
      }
      return dryRun
          ? "%s: would expire %s, %,d left".formatted(dataset, versions, left)
          : "%s: %s expired, %,d left. tarn vacuum frees their files."
              .formatted(dataset, versions, left);
    }
  }

  public ExpireCommand() {
    super("Take old versions out of the history; the current one, tags and branches stay.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            OLDER_THAN, "TIME", "How old versions get: 7d, 12h, 30m; 7d unless said."));
    spec.addOption(
        Arguments.option(KEEP, "N", "So many of the newest stay, however old; 1 unless said."));
    addDryRunTo(spec);
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    Duration olderThan =
        Quantities.time(OLDER_THAN, Arguments.value(arguments, OLDER_THAN).orElse("7d"));
    int keep = Quantities.count(KEEP, Arguments.value(arguments, KEEP).orElse("1"));
    ExpireResult result =
        isDryRun(arguments)
            ? dataset.expirable(olderThan, keep)
            : dataset.expireSnapshots(olderThan, keep);
    var expired = new Expired(dataset.name(), result.expired(), result.left(), result.dryRun());
    answer.done(Expired.class, expired, expired.sentence());
    return ExitCode.DONE;
  }
}
