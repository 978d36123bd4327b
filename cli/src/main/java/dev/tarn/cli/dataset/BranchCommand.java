package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn branch}: starts a line of versions beside the main one, or takes it over. */
public final class BranchCommand extends DatasetCommand {

  public BranchCommand() {
    super("Start a line of versions beside the main one; write there by --branch.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addPositional(Arguments.parameter(1, "NAME", "The branch."));
    spec.addOption(
        Arguments.flag("--take-over", "Move main on to it, if main has not changed meanwhile."));
    spec.addOption(Arguments.flag("--drop", "Take the branch away instead."));
  }

  @Override
  void check(ParseResult arguments) {
    if (arguments.hasMatchedOption("--drop") && arguments.hasMatchedOption("--take-over")) {
      throw new WrongCommandLine(
          "Cannot take over a branch and drop it at once. Do one after the other.");
    }
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    String branch = Arguments.parameter(arguments, 1).orElse("");
    if (arguments.hasMatchedOption("--drop")) {
      Refs.drop(dataset, branch, answer);
    } else if (arguments.hasMatchedOption("--take-over")) {
      dataset.fastForward(branch);
      Refs.made(dataset, "take over", "main", answer);
    } else {
      dataset.createBranch(branch);
      Refs.made(dataset, "branch", branch, answer);
    }
    return ExitCode.DONE;
  }
}
