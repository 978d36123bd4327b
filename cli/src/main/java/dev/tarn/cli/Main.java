package dev.tarn.cli;

import dev.tarn.cli.terminal.Interrupts;

/**
 * The {@code tarn} command: starts here, and ends with 0 when all was done, 1 when it failed, 2
 * when the command line was wrong, 130 after Ctrl-C and 141 when nobody read the output to its end.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    Interrupts.install();
    int status = run(args);
    Interrupts.commandEnded();
    System.exit(status);
  }

  /** Runs one command on the process's own streams and returns its exit code. */
  static int run(String... args) {
    return run(Streams.system(), args);
  }

  /** Runs one command and returns its exit code. */
  static int run(Streams streams, String... args) {
    return new Cli(streams).run(args);
  }
}
