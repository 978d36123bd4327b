package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn adopt DIR AS NAME}: makes a folder of Parquet files a dataset, without copying. */
public final class AdoptCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Make a folder of Parquet files a dataset, without copying them.")
        .footer("", "The files stay where they are and are never removed. They must not change.");
    spec.addPositional(Arguments.parameter("DIR", "The folder; key=value folders are partitions."));
    spec.addPositional(Arguments.parameter(1, "AS", "The word itself."));
    spec.addPositional(Arguments.parameter(2, "NAME", "What the dataset will be called."));
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    String as = Arguments.parameter(arguments, 1).orElse("");
    if (!as.equalsIgnoreCase("as")) {
      throw new WrongCommandLine(
          "Cannot adopt: %s stands where AS should. Write tarn adopt DIR AS NAME.".formatted(as));
    }
    String folder = Arguments.parameter(arguments);
    String name = Arguments.parameter(arguments, 2).orElse("");
    return context.withNewLake(tarn -> {
      Dataset adopted = tarn.lake().adopt(folder, name);
      Made.print(adopted, "adopt", "adopted", new Answer(tarn, context, format));
      return ExitCode.DONE;
    });
  }
}
