package dev.tarn.cli.shell;

import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.shell.Session.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A shell that is not typed: no prompt, and an exit code that tells whether all went well. */
final class Script {

  private final Session session;
  private final BufferedReader in;
  private final StringBuilder pending = new StringBuilder();
  private boolean failed;

  Script(Session session, Context context) {
    this.session = session;
    this.in = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8));
  }

  int run() throws IOException {
    Outcome outcome = Outcome.DONE;
    String line = in.readLine();
    while (line != null && outcome != Outcome.LEFT) {
      outcome = accept(line);
      line = in.readLine();
    }
    if (outcome != Outcome.LEFT && !pending.toString().isBlank()) {
      run(pending.toString());
    }
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  private Outcome accept(String line) throws IOException {
    if (pending.toString().isBlank() && Session.isCommand(line)) {
      pending.setLength(0);
      return run(line);
    }
    pending.append(line).append('\n');
    Statements statements = Statements.of(pending.toString());
    for (String statement : statements.complete()) {
      run(statement);
    }
    pending.setLength(0);
    pending.append(statements.isWhole() ? "" : statements.rest());
    return Outcome.DONE;
  }

  private Outcome run(String text) throws IOException {
    Outcome outcome = session.run(text);
    failed |= outcome == Outcome.FAILED;
    return outcome;
  }
}
