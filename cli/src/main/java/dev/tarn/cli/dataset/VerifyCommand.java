package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.VerifyResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code tarn verify}: whether a dataset is what its metadata says; ends with 1 where it is not.
 */
public final class VerifyCommand extends DatasetCommand {

  private static final String HISTORY = "--history";

  /**
   * What was found, as it is printed.
   *
   * @param checksum as text, as it has more digits than most programs read
   */
  private record Verified(
      String dataset,
      boolean clean,
      Optional<Long> version,
      int versions,
      int dataFiles,
      int deleteFiles,
      long bytes,
      Optional<Long> rows,
      Optional<String> checksum,
      List<String> problems) {

    static Verified of(Dataset dataset, VerifyResult result) {
      return new Verified(
          dataset.toString(),
          result.isClean(),
          Optional.of(result.snapshot()).filter(id -> id >= 0),
          result.snapshots(),
          result.dataFiles(),
          result.deleteFiles(),
          result.bytes(),
          result.checksum().map(sum -> sum.rows()),
          result.checksum().map(sum -> sum.sum().toString()),
          result.problems());
    }

    String sentence() {
      String verdict = clean ? "clean" : Words.count(problems.size(), "problem");
      return "%s: %s. %s%s in %s (%s)%s"
          .formatted(
              dataset,
              verdict,
              versions > 1 ? Words.count(versions, "version") + ", " : "",
              rows.map(n -> Words.count(n, "row")).orElse("rows not read"),
              Words.count(dataFiles + deleteFiles, "file"),
              Words.size(bytes),
              checksum.map(sum -> ", checksum " + sum).orElse(""));
    }
  }

  public VerifyCommand() {
    super("Check that files, row counts and statistics of a dataset are what its metadata says.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.flag(
            HISTORY, "Look whether the files of all versions are there; reads no rows."));
    addBranchTo(spec);
    spec.usageMessage().footer("", "Ends with 1 where there is a problem.");
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    VerifyResult result =
        arguments.hasMatchedOption(HISTORY) ? dataset.verifyHistory() : dataset.verify();
    for (String problem : result.problems()) {
      answer.note(problem);
    }
    Verified verified = Verified.of(dataset, result);
    answer.done(Verified.class, verified, verified.sentence());
    return result.isClean() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
