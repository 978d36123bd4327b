package dev.tarn.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command of {@code tarn}. */
public interface Command {

  /** Its description, options and parameters; {@link Cli} adds the options all commands have. */
  CommandSpec spec();

  /**
   * Does its work.
   *
   * @return the exit code
   * @throws dev.tarn.error.TarnException when it cannot; its message is printed
   * @throws IOException when the output cannot be written
   */
  int run(ParseResult arguments, Context context) throws IOException;
}
