package dev.tarn.cli.shell;

import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.shell.Session.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** A shell on a terminal: history, completion, and Ctrl-C that stops the query, not the shell. */
final class Prompt {

  private static final String FIRST = "tarn> ";
  private static final String FURTHER = "   …> ";

  private final Session session;
  private final Context context;

  Prompt(Session session, Context context) {
    this.session = session;
    this.context = context;
  }

  int run() throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().name("tarn").system(true).build()) {
      LineReader reader = reader(terminal);
      context.print("Tarn shell. A query ends with a semicolon; \\h for help, \\q to leave.");
      context.out().flush();
      while (step(reader, terminal)) {}
      return ExitCode.DONE;
    }
  }

  private LineReader reader(Terminal terminal) throws IOException {
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .parser(new SqlLineParser())
        .completer(new SqlCompleter(session.names()))
        .variable(LineReader.HISTORY_FILE, history())
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, FURTHER)
        .variable(LineReader.INDENTATION, 0)
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .option(LineReader.Option.CASE_INSENSITIVE, true)
        .option(LineReader.Option.INSERT_TAB, false)
        .build();
  }

  private static Path history() throws IOException {
    String state = System.getenv("XDG_STATE_HOME");
    if (state != null && !state.isBlank()) {
      Path folder = Path.of(state, "tarn");
      Files.createDirectories(folder);
      return folder.resolve("history");
    }
    String home = System.getenv("HOME"); // user.home does not follow it
    return Path.of(
        home == null || home.isBlank() ? System.getProperty("user.home") : home, ".tarn_history");
  }

  /** Reads one entry and does what it says; false at the end. */
  private boolean step(LineReader reader, Terminal terminal) throws IOException {
    String text;
    try {
      text = reader.readLine(FIRST);
    } catch (UserInterruptException e) {
      return true;
    } catch (EndOfFileException e) {
      return false;
    }
    Thread self = Thread.currentThread();
    Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> self.interrupt());
    try {
      return accept(text);
    } finally {
      terminal.handle(Signal.INT, before);
      Thread.interrupted(); // a Ctrl-C that came too late for its query
    }
  }

  private boolean accept(String text) throws IOException {
    if (Session.isCommand(text)) {
      return session.run(text) != Outcome.LEFT;
    }
    for (String statement : Statements.of(text).complete()) {
      if (session.run(statement) == Outcome.FAILED) {
        break;
      }
    }
    return true;
  }
}
