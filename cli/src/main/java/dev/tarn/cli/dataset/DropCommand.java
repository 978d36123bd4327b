package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.DatasetStatistics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn drop}: takes a dataset out of the lake; with its files, where that is said. */
public final class DropCommand extends DatasetCommand {

  private static final String PURGE = "--purge";
  private static final String YES = "--yes";

  /** What goes, or would. */
  private record Dropped(
      String dataset,
      boolean purge,
      long rows,
      long files,
      long bytes,
      int versions,
      boolean dryRun) {

    static Dropped of(DatasetStatistics statistics, boolean purge, boolean dryRun) {
      return new Dropped(
          statistics.name(),
          purge,
          statistics.rows(),
          statistics.files(),
          statistics.bytes(),
          statistics.snapshots(),
          dryRun);
    }

    String content() {
      return "%s in %s (%s), %s"
          .formatted(
              Words.count(rows, "row"),
              Words.count(files, "file"),
              Words.size(bytes),
              Words.count(versions, "version"));
    }

    String sentence() {
      String files = purge ? "with its files" : "its files stay";
      return dryRun
          ? "%s: would drop %s, %s".formatted(dataset, content(), files)
          : "%s dropped, %s".formatted(dataset, files);
    }
  }

  public DropCommand() {
    super("Take a dataset out of the lake. Its files stay unless --purge is said.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.flag(PURGE, "Remove its folder too, with all versions; adopted files stay."));
    spec.addOption(Arguments.flag(YES, "Do not ask, on a terminal, before files are removed."));
    addDryRunTo(spec);
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    boolean purge = arguments.hasMatchedOption(PURGE);
    var dropped = Dropped.of(dataset.statistics(), purge, isDryRun(arguments));
    if (!isDryRun(arguments)) {
      if (purge && !isConfirmed(dropped, arguments, answer)) {
        answer.context().err().println("Nothing was dropped.");
        return ExitCode.FAILED;
      }
      drop(dataset, purge, answer);
    }
    answer.done(Dropped.class, dropped, dropped.sentence());
    return ExitCode.DONE;
  }

  private static void drop(Dataset dataset, boolean purge, Answer answer) {
    if (purge) {
      answer.tarn().lake().dropAndPurge(dataset.name());
    } else {
      answer.tarn().lake().drop(dataset.name());
    }
  }

  /** Says what goes; where somebody can answer, they are asked. */
  private static boolean isConfirmed(Dropped dropped, ParseResult arguments, Answer answer)
      throws IOException {
    Context context = answer.context();
    answer.note("%s: %s".formatted(dropped.dataset, dropped.content()));
    if (arguments.hasMatchedOption(YES) || !context.isInteractive()) {
      return true;
    }
    context.out().flush();
    context.err().print("Remove all of it for good? [y/N] ");
    context.err().flush();
    var reader = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8));
    String reply = reader.readLine();
    return reply != null && reply.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
