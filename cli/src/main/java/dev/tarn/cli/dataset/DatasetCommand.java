package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command on a dataset that is there, which its first parameter names. */
abstract class DatasetCommand implements Command {

  static final String BRANCH = "--branch";
  static final String DRY_RUN = "--dry-run";

  private final String description;

  DatasetCommand(String description) {
    this.description = description;
  }

  /** Adds what it takes beside the dataset and the format. */
  abstract void addTo(CommandSpec spec);

  /** Does its work; returns the exit code. */
  abstract int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException;

  @Override
  public final CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(description);
    spec.addPositional(Arguments.parameter("DATASET", "Its name, as tarn datasets lists it."));
    addTo(spec);
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public final int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    check(arguments);
    return context.withLake(tarn -> {
      Dataset dataset = tarn.dataset(Arguments.parameter(arguments));
      return run(onBranch(dataset, arguments), arguments, new Answer(tarn, context, format));
    });
  }

  /** Refuses what makes no sense, before anything is opened. */
  void check(ParseResult arguments) {}

  static Dataset onBranch(Dataset dataset, ParseResult arguments) {
    return Arguments.value(arguments, BRANCH).map(dataset::onBranch).orElse(dataset);
  }

  static void addBranchTo(CommandSpec spec) {
    spec.addOption(
        Arguments.option(
            BRANCH, "NAME", "Do it on a branch, which must be there; main unless said."));
  }

  static void addDryRunTo(CommandSpec spec) {
    spec.addOption(Arguments.flag(DRY_RUN, "Say what would be done, and do nothing."));
  }

  static boolean isDryRun(ParseResult arguments) {
    return arguments.hasMatchedOption(DRY_RUN);
  }
}
