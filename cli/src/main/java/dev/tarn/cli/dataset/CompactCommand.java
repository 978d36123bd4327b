package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.lake.CompactionResult;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Option;
import dev.tarn.lake.Options;
import java.io.IOException;
import java.util.ArrayList;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn compact}: few files of a good size for many small ones; rows stay as they are. */
public final class CompactCommand extends DatasetCommand {

  private static final String ZORDER = "--zorder";
  private static final String WHERE = "--where";
  private static final String ALL = "--all";

  private record Compacted(
      String dataset,
      int commits,
      long rows,
      long filesBefore,
      long filesAfter,
      long bytesBefore,
      long bytesAfter,
      boolean dryRun) {

    static Compacted of(String dataset, CompactionResult result) {
      return new Compacted(
          dataset,
          result.commits(),
          result.rows(),
          result.filesBefore(),
          result.filesAfter(),
          result.bytesBefore(),
          result.bytesAfter(),
          result.dryRun());
    }

    String sentence() {
      if (filesBefore == 0) {
        return dataset + ": nothing to compact";
      }
      return "%s: %s %,d to %s, %s to %s, %s"
          .formatted(
              dataset,
              dryRun ? "would go from" : "from",
              filesBefore,
              Words.count(filesAfter, "file"),
              Words.size(bytesBefore),
              Words.size(bytesAfter),
              Words.count(rows, "row"));
    }
  }

  public CompactCommand() {
    super("Put the rows of small files together; the rows stay as they are.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            Layout.SORT_BY, "LIST", "Sort the rows that are rewritten: \"a,b desc\"."));
    spec.addOption(
        Arguments.option(
            ZORDER, "LIST", "Keep rows together that are near in two to four columns."));
    spec.addOption(
        Arguments.option(
            WHERE, "PREDICATE", "Only files that can hold a row for which it is true."));
    spec.addOption(
        Arguments.option(Layout.TARGET_SIZE, "SIZE", "About how large files get: 256MB."));
    spec.addOption(Arguments.flag(ALL, "Rewrite files of a good size too, as a new order needs."));
    addBranchTo(spec);
    addDryRunTo(spec);
  }

  @Override
  void check(ParseResult arguments) {
    if (arguments.hasMatchedOption(ZORDER) && arguments.hasMatchedOption(Layout.SORT_BY)) {
      throw new WrongCommandLine(
          "Cannot compact by --sort-by and --zorder at once: rows have one order. Leave one out.");
    }
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    Compacted compacted = Compacted.of(dataset.toString(), dataset.compact(options(arguments)));
    answer.done(Compacted.class, compacted, compacted.sentence());
    return ExitCode.DONE;
  }

  private static Option.OfCompaction[] options(ParseResult arguments) {
    var options = new ArrayList<Option.OfCompaction>();
    Arguments.value(arguments, Layout.SORT_BY)
        .map(Words::sortKeys)
        .map(Options::sortedBy)
        .ifPresent(options::add);
    Arguments.value(arguments, ZORDER)
        .map(list -> Options.zorder(Arguments.words(list).toArray(String[]::new)))
        .ifPresent(options::add);
    Arguments.value(arguments, WHERE)
        .map(Options::where)
        .map(Options::only)
        .ifPresent(options::add);
    Layout.targetSize(arguments).ifPresent(options::add);
    if (arguments.hasMatchedOption(ALL)) {
      options.add(Options.rewriteAll());
    }
    if (isDryRun(arguments)) {
      options.add(Options.dryRun());
    }
    return options.toArray(Option.OfCompaction[]::new);
  }
}
