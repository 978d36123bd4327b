package dev.tarn.cli;

import dev.tarn.cli.dataset.AdoptCommand;
import dev.tarn.cli.dataset.AlterCommand;
import dev.tarn.cli.dataset.BranchCommand;
import dev.tarn.cli.dataset.CompactCommand;
import dev.tarn.cli.dataset.DatasetsCommand;
import dev.tarn.cli.dataset.DeleteCommand;
import dev.tarn.cli.dataset.DropCommand;
import dev.tarn.cli.dataset.ExpireCommand;
import dev.tarn.cli.dataset.HistoryCommand;
import dev.tarn.cli.dataset.RenameCommand;
import dev.tarn.cli.dataset.RollbackCommand;
import dev.tarn.cli.dataset.ShowCommand;
import dev.tarn.cli.dataset.TagCommand;
import dev.tarn.cli.dataset.UpdateCommand;
import dev.tarn.cli.dataset.VacuumCommand;
import dev.tarn.cli.dataset.VerifyCommand;
import dev.tarn.cli.dataset.WriteCommand;
import dev.tarn.cli.demo.DemoCommand;
import dev.tarn.cli.redis.BenchCommand;
import dev.tarn.cli.redis.RedisCommand;
import dev.tarn.cli.shell.ShellCommand;
import dev.tarn.cli.terminal.Interrupts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads the command line, runs the command that it names, and reports what went wrong. */
final class Cli {

  private static final int HELP_WIDTH = 100;
  private static final Map<String, Supplier<Command>> COMMANDS = commands();

  private final Streams streams;
  private final Map<String, Command> made = new HashMap<>();
  private GlobalOptions options = GlobalOptions.DEFAULT;

  Cli(Streams streams) {
    this.streams = streams;
  }

  private static Map<String, Supplier<Command>> commands() {
    var commands = new LinkedHashMap<String, Supplier<Command>>();
    commands.put("demo", DemoCommand::new);
    commands.put("sql", SqlCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("shell", ShellCommand::new);
    commands.put("write", WriteCommand::new);
    commands.put("datasets", DatasetsCommand::new);
    commands.put("show", ShowCommand::new);
    commands.put("history", HistoryCommand::new);
    commands.put("delete", DeleteCommand::new);
    commands.put("update", UpdateCommand::new);
    commands.put("compact", CompactCommand::new);
    commands.put("expire", ExpireCommand::new);
    commands.put("vacuum", VacuumCommand::new);
    commands.put("verify", VerifyCommand::new);
    commands.put("rollback", RollbackCommand::new);
    commands.put("tag", TagCommand::new);
    commands.put("branch", BranchCommand::new);
    commands.put("alter", AlterCommand::new);
    commands.put("rename", RenameCommand::new);
    commands.put("drop", DropCommand::new);
    commands.put("adopt", AdoptCommand::new);
    commands.put("redis", RedisCommand::new);
    commands.put("bench", BenchCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("version", VersionCommand::new);
    return commands;
  }

  int run(String... args) {
    try {
      int status = execute(args);
      streams.out().flush();
      return status;
    } catch (ParameterException e) {
      return wrongCommandLine(e);
    } catch (WrongCommandLine e) {
      streams.err().println(e.getMessage());
      return ExitCode.WRONG_COMMAND_LINE;
    } catch (IOException e) {
      return outputFailed(e);
    } catch (RuntimeException | Error e) {
      return failed(e);
    }
  }

  private int execute(String... args) throws IOException {
    ParseResult arguments = parser(args).parseArgs(args);
    options = options.with(arguments);
    ParseResult last = arguments;
    @Nullable Command command = null;
    while (last.subcommand() != null) {
      last = last.subcommand();
      String name = last.commandSpec().name();
      command = command == null ? command(name) : command.commands().get(name);
      options = options.with(last);
    }
    if (last.isUsageHelpRequested()) {
      streams
          .out()
          .write(
              last.commandSpec().commandLine().getUsageMessage().getBytes(StandardCharsets.UTF_8));
      return ExitCode.DONE;
    }
    if (command == null || !command.commands().isEmpty()) {
      streams.err().print(last.commandSpec().commandLine().getUsageMessage());
      return ExitCode.WRONG_COMMAND_LINE;
    }
    return command.run(last, new Context(streams, options));
  }

  /** A parser that knows the commands that are named; all of them where none is. */
  private CommandLine parser(String... args) {
    CommandSpec root = CommandSpec.create().name("tarn");
    root.usageMessage()
        .description(
            "Lazy frames and SQL over files, live Redis data, and datasets that never lose a row.")
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "Ends with 0 when all was done, 1 when it failed, 2 when the command line was wrong.");
    addCommon(root);
    List<String> named = Arrays.stream(args).distinct().filter(COMMANDS::containsKey).toList();
    for (String name : named.isEmpty() ? COMMANDS.keySet() : named) {
      root.addSubcommand(name, withCommon(name, command(name)));
    }
    return new CommandLine(root).setExpandAtFiles(false).setInterpolateVariables(false);
  }

  private static CommandSpec withCommon(String name, Command command) {
    CommandSpec spec = command.spec().name(name);
    addCommon(spec);
    command
        .commands()
        .forEach((below, other) -> spec.addSubcommand(below, withCommon(below, other)));
    return spec;
  }

  private static void addCommon(CommandSpec spec) {
    GlobalOptions.addTo(spec);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Print this help and end.")
            .build());
    spec.usageMessage().abbreviateSynopsis(true).sortOptions(false).width(HELP_WIDTH);
  }

  private Command command(String name) {
    return made.computeIfAbsent(name, n -> Objects.requireNonNull(COMMANDS.get(n)).get());
  }

  // ---- what went wrong

  private int wrongCommandLine(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> suggestions =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String nearest =
        suggestions.isEmpty() ? "" : " Did you mean %s?".formatted(suggestions.getFirst());
    streams
        .err()
        .printf(
            "Cannot read the command line: %s.%s See %s --help.%n",
            Failures.oneLine(e.getMessage()), nearest, command);
    return ExitCode.WRONG_COMMAND_LINE;
  }

  private int outputFailed(IOException e) {
    if (Failures.isBrokenPipe(e)) {
      return ExitCode.BROKEN_PIPE;
    }
    return failed(e);
  }

  private int failed(Throwable e) {
    if (Interrupts.happened()) {
      return ExitCode.INTERRUPTED;
    }
    flushQuietly();
    Failures.report(e, options.stackTraces(), streams.err());
    return ExitCode.FAILED;
  }

  /** Rows that were printed before the failure stand before its message. */
  private void flushQuietly() {
    try {
      streams.out().flush();
    } catch (IOException alsoFailed) {
      // the failure that came first is the one to report
    }
  }
}
