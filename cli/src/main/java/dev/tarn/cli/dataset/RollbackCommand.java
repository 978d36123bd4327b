package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn rollback}: makes an older version the current one again. */
public final class RollbackCommand extends DatasetCommand {

  public RollbackCommand() {
    super("Make an older version of a dataset the current one again.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addPositional(
        Arguments.parameter(1, "VERSION", "Its number, as tarn history lists it, or a tag."));
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    long version = Words.snapshot(dataset, Arguments.parameter(arguments, 1).orElse(""));
    dataset.rollbackTo(version);
    answer.done(
        Named.class,
        new Named(dataset.name(), "rollback", "main", version),
        "%s is at version %d again".formatted(dataset.name(), version));
    return ExitCode.DONE;
  }
}
