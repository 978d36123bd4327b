package dev.tarn.cli.dataset;

import dev.tarn.Frame;
import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.Queries;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.output.OutputFormat;
import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.Committed;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Merge;
import dev.tarn.lake.MergeResult;
import dev.tarn.lake.Option;
import dev.tarn.lake.Options;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn write}: the rows of a query into a dataset, by one commit. */
public final class WriteCommand implements Command {

  private enum Mode {
    APPEND,
    OVERWRITE,
    INSERT,
    UPDATE,
    UPSERT,
    DELETE;

    static Mode of(ParseResult arguments) {
      String name = Arguments.value(arguments, "--mode").orElse("append");
      return Arrays.stream(values())
          .filter(mode -> mode.label().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new WrongCommandLine(
                  "Cannot write by %s: there is no such mode. Use append, overwrite, insert, update, upsert or delete."
                      .formatted(name)));
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isMerge() {
      return this != APPEND && this != OVERWRITE;
    }
  }

  /** What a merge has done, as it is printed. */
  private record Merged(
      String dataset,
      String done,
      Optional<Long> version,
      long inserted,
      long updated,
      long unchanged,
      long deleted) {}

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Write the rows of a query into a dataset, which is made where it is missing.")
        .footer(
            "",
            "tarn write sales --from \"FROM 'sales.csv'\" --partition-by \"month(date),region\"",
            "tarn write sales --from \"FROM 'changes.csv'\" --mode upsert --on id");
    spec.addPositional(Arguments.parameter("DATASET", "Its name: sales, or namespace.sales."));
    spec.addOption(
        OptionSpec.builder("--from")
            .paramLabel("QUERY")
            .type(String.class)
            .required(true)
            .description("The rows, as a query in DuckDB's SQL; - reads it from standard input.")
            .build());
    spec.addOption(Queries.parameters());
    spec.addOption(
        Arguments.option(
            "--mode",
            "MODE",
            "append unless said; overwrite; by key: insert, update, upsert, delete."));
    spec.addOption(Arguments.option("--on", "LIST", "The columns that make up the key."));
    spec.addOption(
        Arguments.flag("--last-wins", "Of several rows with one key, the last one counts."));
    spec.addOption(
        Arguments.option("--where", "PREDICATE", "Overwrite only rows for which it is true."));
    spec.addOption(
        Arguments.flag("--evolve", "Add columns that the dataset lacks, widen those too narrow."));
    DatasetCommand.addBranchTo(spec);
    Layout.addTo(spec);
    spec.addOption(Arguments.format());
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    OutputFormat format = Arguments.format(arguments);
    Mode mode = Mode.of(arguments);
    check(mode, arguments);
    Option.OfTable[] layout = Layout.of(arguments);
    String query = Queries.text(Arguments.value(arguments, "--from").orElse(""), context);
    Context.Work work =
        tarn -> {
          var answer = new Answer(tarn, context, format);
          write(Queries.frame(tarn, query, arguments), mode, layout, arguments, answer);
          return ExitCode.DONE;
        };
    return mayCreate(mode, arguments) ? context.withNewLake(work) : context.withLake(work);
  }

  private static void check(Mode mode, ParseResult arguments) {
    refuse(
        mode.isMerge() != arguments.hasMatchedOption("--on"),
        mode,
        "--on is for the modes by key, which need it");
    refuse(
        arguments.hasMatchedOption("--last-wins") && !mode.isMerge(),
        mode,
        "--last-wins is for the modes by key");
    refuse(
        arguments.hasMatchedOption("--where") && mode != Mode.OVERWRITE,
        mode,
        "--where is for overwrite");
  }

  private static void refuse(boolean wrong, Mode mode, String why) {
    if (wrong) {
      throw new WrongCommandLine(
          "Cannot write by %s: %s. See tarn write --help.".formatted(mode.label(), why));
    }
  }

  private static boolean mayCreate(Mode mode, ParseResult arguments) {
    return !mode.isMerge() && !arguments.hasMatchedOption(DatasetCommand.BRANCH);
  }

  private static void write(
      Frame frame, Mode mode, Option.OfTable[] layout, ParseResult arguments, Answer answer)
      throws IOException {
    String name = Arguments.parameter(arguments);
    Optional<Dataset> there = answer.tarn().lake().find(name);
    if (there.isEmpty() && mayCreate(mode, arguments)) {
      create(name, frame, layout, answer);
      return;
    }
    Dataset dataset = there.orElseGet(() -> answer.tarn().dataset(name));
    refuseLayout(name, arguments);
    Dataset target = DatasetCommand.onBranch(dataset, arguments);
    Option.OfWrite[] options =
        arguments.hasMatchedOption("--evolve")
            ? new Option.OfWrite[] {Options.evolve()}
            : new Option.OfWrite[0];
    if (mode.isMerge()) {
      merge(target, target.merge(frame, options), mode, arguments, answer);
    } else {
      put(target, frame, mode, options, arguments, answer);
    }
  }

  private static void create(String name, Frame frame, Option.OfTable[] layout, Answer answer)
      throws IOException {
    Made.print(answer.tarn().create(name, frame, layout), "create", "created", answer);
  }

  private static void refuseLayout(String name, ParseResult arguments) {
    Layout.said(arguments)
        .ifPresent(option -> {
          throw new InvalidRequest(
              "Cannot write [%s] with %s: that is for a new dataset, and it exists. Leave it out; tarn alter %s partition-by or sort-by changes the layout of what is written later."
                  .formatted(name, option, name));
        });
  }

  private static void put(
      Dataset dataset,
      Frame frame,
      Mode mode,
      Option.OfWrite[] options,
      ParseResult arguments,
      Answer answer)
      throws IOException {
    Optional<String> where = Arguments.value(arguments, "--where");
    Committed committed =
        mode == Mode.APPEND
            ? dataset.append(frame, options)
            : where.isPresent()
                ? dataset.overwrite(frame, Options.where(where.get()), options)
                : dataset.overwrite(frame, options);
    Change change = Change.of(dataset.toString(), mode.label(), committed);
    String removed = mode == Mode.APPEND ? "" : ", %,d removed".formatted(committed.rowsRemoved());
    answer.done(
        Change.class,
        change,
        "%s: %s added%s in %s (%s)%s"
            .formatted(
                dataset,
                Words.count(committed.rowsAdded(), "row"),
                removed,
                Words.count(committed.filesAdded(), "file"),
                Words.size(committed.bytesAdded()),
                Words.version(change.version())));
  }

  private static void merge(
      Dataset dataset, Merge merge, Mode mode, ParseResult arguments, Answer answer)
      throws IOException {
    String[] keys =
        Arguments.words(Arguments.value(arguments, "--on").orElse("")).toArray(String[]::new);
    Merge keyed = merge.on(keys);
    Merge whole = arguments.hasMatchedOption("--last-wins") ? keyed.lastWins() : keyed;
    MergeResult result =
        switch (mode) {
          case INSERT -> whole.insertNew();
          case UPDATE -> whole.updateExisting();
          case DELETE -> whole.delete();
          case UPSERT, APPEND, OVERWRITE -> whole.upsert();
        };
    Optional<Long> version = Optional.of(result.snapshot()).filter(id -> id >= 0);
    answer.done(
        Merged.class,
        new Merged(
            dataset.toString(),
            mode.label(),
            version,
            result.inserted(),
            result.updated(),
            result.unchanged(),
            result.deleted()),
        "%s: %,d inserted, %,d updated, %,d unchanged, %,d deleted%s"
            .formatted(
                dataset,
                result.inserted(),
                result.updated(),
                result.unchanged(),
                result.deleted(),
                Words.version(version)));
  }
}
