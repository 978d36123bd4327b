package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn tag}: gives a version a name, which keeps it from expiring. */
public final class TagCommand extends DatasetCommand {

  public TagCommand() {
    super("Give a version of a dataset a name, which keeps it from expiring.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addPositional(Arguments.parameter(1, "NAME", "The tag."));
    spec.addPositional(Arguments.optional(2, "VERSION", "Its number; the newest unless said."));
    spec.addOption(Arguments.flag("--drop", "Take the tag away instead."));
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    String tag = Arguments.parameter(arguments, 1).orElse("");
    if (arguments.hasMatchedOption("--drop")) {
      Refs.drop(dataset, tag, answer);
      return ExitCode.DONE;
    }
    Optional<String> version = Arguments.parameter(arguments, 2);
    if (version.isPresent()) {
      dataset.tag(tag, Words.snapshot(dataset, version.get()));
    } else {
      dataset.tag(tag);
    }
    Refs.made(dataset, "tag", tag, answer);
    return ExitCode.DONE;
  }
}
