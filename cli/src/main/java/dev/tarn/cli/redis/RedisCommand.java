package dev.tarn.cli.redis;

import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn redis}: commands on live Redis data. */
public final class RedisCommand implements Command {

  private final Map<String, Command> commands = new LinkedHashMap<>();

  public RedisCommand() {
    commands.put("scan", new ScanCommand());
    commands.put("search", new SearchCommand());
    commands.put("infer", new InferCommand());
    commands.put("advise", new AdviseCommand());
    commands.put("write", new WriteCommand());
  }

  @Override
  public Map<String, Command> commands() {
    return commands;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Read live Redis data, and write to it.")
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "tarn redis infer 'user:*'",
            "tarn redis scan 'user:*' --schema name:VARCHAR,age:BIGINT --where 'age > 30'",
            "TARN_REDIS_USER and TARN_REDIS_PASSWORD are used where the URL says none.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    return ExitCode.WRONG_COMMAND_LINE;
  }
}
