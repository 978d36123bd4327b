package dev.tarn.cli.shell;

import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.lake.Lake;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn shell}: queries one after another, from a terminal or from a pipe. */
public final class ShellCommand implements Command {

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Run queries one after another; from a pipe too.")
        .footer("", "A query ends with a semicolon. \\h lists the shell's own commands.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    return context.withTarn(tarn -> {
      Optional<Lake> lake = context.hasLake() ? Optional.of(tarn.lake()) : Optional.empty();
      var session = new Session(new Names(tarn, lake), context);
      return context.isInteractive()
          ? new Prompt(session, context).run()
          : new Script(session, context).run();
    });
  }
}
