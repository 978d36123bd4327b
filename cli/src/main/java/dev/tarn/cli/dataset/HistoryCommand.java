package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.ExitCode;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn history}: the versions of a dataset, the oldest first. */
public final class HistoryCommand extends DatasetCommand {

  public HistoryCommand() {
    super("List the versions of a dataset, the oldest first.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.usageMessage()
        .footer("", "A version is read by tarn sql \"FROM sales AT (VERSION => 123)\".");
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    answer.rows(Version.class, Version.all(dataset));
    return ExitCode.DONE;
  }
}
