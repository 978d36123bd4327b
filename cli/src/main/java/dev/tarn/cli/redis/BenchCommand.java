package dev.tarn.cli.redis;

import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn bench}: measures what somebody has. */
public final class BenchCommand implements Command {

  private final Map<String, Command> commands = Map.of("redis", new RedisBenchCommand());

  @Override
  public Map<String, Command> commands() {
    return commands;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Measure your own servers and data.")
        .synopsisSubcommandLabel("COMMAND");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    return ExitCode.WRONG_COMMAND_LINE;
  }
}
