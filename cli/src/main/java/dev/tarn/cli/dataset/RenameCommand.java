package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn rename}: another name for a dataset. */
public final class RenameCommand extends DatasetCommand {

  private record Renamed(String dataset, String newName) {}

  public RenameCommand() {
    super("Give a dataset another name; its files stay where they are.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addPositional(Arguments.parameter(1, "NAME", "The new name."));
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    String newName = Arguments.parameter(arguments, 1).orElse("");
    answer.tarn().lake().rename(dataset.name(), newName);
    answer.done(
        Renamed.class,
        new Renamed(dataset.name(), newName),
        "%s is %s now".formatted(dataset.name(), newName));
    return ExitCode.DONE;
  }
}
