package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Quantities;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.UnusedFile;
import dev.tarn.lake.VacuumResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn vacuum}: removes files that no version needs. */
public final class VacuumCommand extends DatasetCommand {

  private static final String OLDER_THAN = "--older-than";

  public VacuumCommand() {
    super("Remove files that no version needs: what expired versions and killed writers left.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            OLDER_THAN,
            "TIME",
            "Files that are younger stay: 3d, 12h; 3d unless said. Longer than any query or write."));
    addDryRunTo(spec);
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    Duration grace =
        Quantities.time(OLDER_THAN, Arguments.value(arguments, OLDER_THAN).orElse("3d"));
    return isDryRun(arguments)
        ? list(dataset, dataset.vacuumable(grace), answer)
        : remove(dataset, grace, answer);
  }

  private static int list(Dataset dataset, List<UnusedFile> files, Answer answer)
      throws IOException {
    if (!files.isEmpty() || !answer.isForPeople()) {
      answer.rows(UnusedFile.class, files);
    }
    long bytes = files.stream().mapToLong(UnusedFile::bytes).sum();
    answer.note("%s: would remove %s".formatted(dataset.name(), summary(files.size(), bytes)));
    return ExitCode.DONE;
  }

  private static int remove(Dataset dataset, Duration grace, Answer answer) throws IOException {
    VacuumResult result = dataset.vacuum(grace);
    if (answer.isForPeople()) {
      answer.note(
          "%s: removed %s"
              .formatted(dataset.name(), summary(result.removed().size(), result.bytes())));
    } else {
      answer.rows(UnusedFile.class, result.removed());
    }
    result.failed().forEach(answer.context().err()::println);
    return result.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String summary(int files, long bytes) {
    return files == 0 ? "nothing" : Words.count(files, "file") + ", " + Words.size(bytes);
  }
}
