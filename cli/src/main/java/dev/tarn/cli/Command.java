package dev.tarn.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command of {@code tarn}. */
public interface Command {

  /** Its description, options and parameters; {@link Cli} adds the options all commands have. */
  CommandSpec spec();

  /** Commands below it, by name; where there are any, one of them is run. */
  default Map<String, Command> commands() {
    return Map.of();
  }

  /**
   * Does its work.
   *
   * @return the exit code
   * @throws dev.tarn.error.TarnException when it cannot; its message is printed
   * @throws IOException when the output cannot be written
   */
  int run(ParseResult arguments, Context context) throws IOException;
}
