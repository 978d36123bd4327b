package dev.tarn.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn version}. */
final class VersionCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description("Print the version.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    context.print("tarn " + version());
    return ExitCode.DONE;
  }

  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
