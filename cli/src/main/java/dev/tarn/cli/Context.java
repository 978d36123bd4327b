package dev.tarn.cli;

import dev.tarn.Tarn;
import dev.tarn.cli.terminal.Interrupts;
import dev.tarn.cli.terminal.ProgressBar;
import dev.tarn.cli.terminal.Terminals;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.lake.LakeCatalog;
import dev.tarn.redis.Redis;
import dev.tarn.redis.RedisOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

  /** Works with an engine, and with the lake where there is one. */
  public int withTarn(Work work) throws IOException {
    return with(options.lake().ifThere(), work);
  }

  /** Whether {@link #withTarn} has a lake. */
  public boolean hasLake() {
    return options.lake().ifThere().isPresent();
  }

  /** The lake's folder, or the URL of its catalog without what is secret. */
  public String lakeName() {
    return options.lake().name();
  }

  /** Works with an engine alone. */
  public int withoutLake(Work work) throws IOException {
    return with(Optional.empty(), work);
  }

  /** Works with the lake, which must be there. */
  public int withLake(Work work) throws IOException {
    return with(Optional.of(options.lake().existing()), work);
  }

  /** Works with the lake, which is made where there is none. */
  public int withNewLake(Work work) throws IOException {
    return with(Optional.of(options.lake().catalog()), work);
  }

  /** Works with a lake in a folder, whatever the options say. */
  public int withLake(Path folder, Work work) throws IOException {
    return with(Optional.of(LakeCatalog.of(folder)), work);
  }

  /** Opens what the options say, works with it, and closes it. */
  private int with(Optional<LakeCatalog> lake, Work work) throws IOException {
    try (Tarn tarn = open(lake)) {
      Interrupts.lastResort(tarn::close);
      options.redis().offer(tarn);
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

  private Tarn open(Optional<LakeCatalog> lake) {
    return lake.isPresent() ? Tarn.open(lake.get(), options.engine()) : Tarn.open(options.engine());
  }

  /** The Redis that option or environment name, else the one on this machine. */
  public Redis redis(Tarn tarn) {
    return redis(tarn, unchanged -> unchanged);
  }

  /** The same, with options changed. */
  Redis redis(Tarn tarn, UnaryOperator<RedisOptions> more) {
    return options.redis().open(tarn, more);
  }

  /** Whether option or environment name a Redis. */
  boolean namesRedis() {
    return options.redis().isSaid();
  }

  /** The same without what was said of Redis. */
  Context withoutRedis() {
    return new Context(streams, options.withoutRedis());
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

  /** Whether somebody types, and sees what is printed. */
  public boolean isInteractive() {
    return in().equals(System.in)
        && Terminals.isTerminal(Terminals.IN)
        && Terminals.isTerminal(Terminals.OUT);
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
