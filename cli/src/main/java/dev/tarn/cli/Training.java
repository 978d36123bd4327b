package dev.tarn.cli;

import dev.tarn.cli.terminal.Interrupts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs several commands in one process, so that the JDK can record what they load and compile. The
 * start script's training uses it: {@code Training version then sql "select 1"}.
 */
final class Training {
  private Training() {}

  public static void main(String[] args) {
    Interrupts.install();
    List<String> rest = new ArrayList<>(Arrays.asList(args));
    while (!rest.isEmpty()) {
      int then = rest.indexOf("then");
      List<String> command = rest.subList(0, then < 0 ? rest.size() : then);
      Main.run(command.toArray(String[]::new));
      rest.subList(0, then < 0 ? rest.size() : then + 1).clear();
    }
    Interrupts.commandEnded();
  }
}
