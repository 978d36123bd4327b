package dev.tarn.cli.dataset;

import dev.tarn.Tarn;
import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.error.TarnException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn datasets}: what is in the lake. One that cannot be opened hides no other. */
public final class DatasetsCommand implements Command {

  private record Entry(
      String dataset,
      Optional<Long> rows,
      Optional<Long> files,
      Optional<Long> bytes,
      Optional<Instant> changed) {

    static Entry of(String name, Optional<Version> current) {
      return new Entry(
          name,
          current.map(Version::rows).or(() -> Optional.of(0L)),
          current.map(Version::files).or(() -> Optional.of(0L)),
          current.map(Version::bytes).or(() -> Optional.of(0L)),
          current.map(Version::at));
    }

    static Entry unknown(String name) {
      return new Entry(
          name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description("List the datasets of the lake.");
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    return context.withLake(tarn -> list(tarn, new Answer(tarn, context, format)));
  }

  private static int list(Tarn tarn, Answer answer) throws IOException {
    var entries = new ArrayList<Entry>();
    var failures = new ArrayList<TarnException>();
    for (String name : tarn.lake().datasets()) {
      try {
        entries.add(Entry.of(name, Version.current(tarn.dataset(name))));
      } catch (TarnException e) {
        entries.add(Entry.unknown(name));
        failures.add(e);
      }
    }
    answer.rows(Entry.class, entries);
    failures.forEach(answer.context()::report);
    return failures.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
