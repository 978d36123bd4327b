package dev.tarn.cli;

import dev.tarn.Tarn;
import dev.tarn.cli.terminal.Interrupts;
import dev.tarn.cli.terminal.ProgressBar;
import dev.tarn.duckdb.DuckDbOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a command works with: its streams, the options all commands have, and the engine. */
public final class Context {

  private final Streams streams;
  private final GlobalOptions options;
  private final ProgressBar progress;

  Context(Streams streams, GlobalOptions options) {
    this.streams = streams;
    this.options = options;
    this.progress = new ProgressBar(streams.err());
  }

  /** What is done with an engine. */
  public interface Work {
    int run(Tarn tarn) throws IOException;
  }

  /** Opens the engine as the options say, works with it, and closes it. */
  public int withTarn(Work work) throws IOException {
    try (Tarn tarn = Tarn.open(options.engine())) {
      Interrupts.lastResort(tarn::close);
      if (!options.quiet()) {
        tarn.onProgress(progress);
      }
      try {
        return work.run(tarn);
      } finally {
        Thread.interrupted(); // Ctrl-C has done its work; closing is not to be cut short
        Interrupts.lastResort(() -> {});
      }
    }
  }

  public DuckDbOptions engineOptions() {
    return options.engine();
  }

  public InputStream in() {
    return streams.in();
  }

  public OutputStream out() {
    return streams.out();
  }

  public PrintStream err() {
    return streams.err();
  }

  public ProgressBar progress() {
    return progress;
  }

  /** Prints a line of the result. */
  public void print(String line) throws IOException {
    out().write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Prints what an error says, as one line; its stack trace where it was asked for. */
  public void report(Throwable error) {
    Failures.report(error, options.stackTraces(), err());
  }
}
