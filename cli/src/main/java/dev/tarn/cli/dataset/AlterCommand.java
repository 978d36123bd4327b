package dev.tarn.cli.dataset;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.lit;
import static java.util.Objects.requireNonNull;

import dev.tarn.Frame;
import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Transform;
import dev.tarn.type.DataType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn alter}: changes columns and layout; no file is rewritten. */
public final class AlterCommand extends DatasetCommand {

  /**
   * One kind of change.
   *
   * @param usage what it takes, in the order of {@code least} words at least
   */
  private record Action(String usage, int least, int most, Change change) {}

  private interface Change {
    void apply(Dataset dataset, List<String> words);
  }

  private static final Map<String, Action> ACTIONS =
      Map.of(
          "add",
          new Action("COLUMN TYPE [DEFAULT]", 2, 3, AlterCommand::add),
          "drop",
          new Action("COLUMN", 1, 1, (d, w) -> d.dropColumn(w.get(0))),
          "rename",
          new Action("COLUMN NAME", 2, 2, (d, w) -> d.renameColumn(w.get(0), w.get(1))),
          "widen",
          new Action("COLUMN TYPE", 2, 2, (d, w) -> d.widen(w.get(0), type(w.get(1)))),
          "move",
          new Action("COLUMN first, or COLUMN after OTHER", 2, 3, AlterCommand::move),
          "optional",
          new Action("COLUMN", 1, 1, (d, w) -> d.makeOptional(w.get(0))),
          "partition-by",
          new Action("LIST, or none", 1, 1, (d, w) -> d.repartition(transforms(w.get(0)))),
          "sort-by",
          new Action("LIST, or none", 1, 1, (d, w) -> d.sortBy(sortKeys(w.get(0)))));

  private static final List<String> NAMES =
      List.of("add", "drop", "rename", "widen", "move", "optional", "partition-by", "sort-by");

  /** The dataset as it is now, as it is printed. */
  private record Altered(
      String dataset, String done, List<ColumnOf> columns, List<String> partitions) {
    static Altered of(Dataset dataset, String done) {
      return new Altered(
          dataset.name(), done, ColumnOf.all(dataset.schema()), dataset.partitioning());
    }
  }

  public AlterCommand() {
    super("Change the columns or the layout of a dataset; no file is rewritten.");
  }

  @Override
  void addTo(CommandSpec spec) {
    spec.addPositional(Arguments.parameter(1, "ACTION", String.join(", ", NAMES) + "."));
    spec.addPositional(Arguments.rest(2, "WORD", "What the action takes, see below."));
    spec.usageMessage()
        .footer(
            Stream.concat(
                    Stream.of("", "Actions and what they take:"),
                    NAMES.stream().map(name -> "  %-13s %s".formatted(name, action(name).usage)))
                .toArray(String[]::new));
  }

  @Override
  void check(ParseResult arguments) {
    String name = name(arguments);
    if (!ACTIONS.containsKey(name)) {
      throw new WrongCommandLine(
          "Cannot alter by %s: there is no such action. Use %s."
              .formatted(name, String.join(", ", NAMES)));
    }
    Action action = action(name);
    int words = Arguments.parameters(arguments, 2).size();
    if (words < action.least || words > action.most) {
      throw new WrongCommandLine(
          "Cannot alter by %s: it takes %s. See tarn alter --help.".formatted(name, action.usage));
    }
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    String name = name(arguments);
    action(name).change.apply(dataset, Arguments.parameters(arguments, 2));
    Altered altered = Altered.of(dataset, name);
    String partitions =
        altered.partitions.isEmpty()
            ? ""
            : " partitioned by " + String.join(", ", altered.partitions);
    answer.done(
        Altered.class,
        altered,
        "%s (%s)%s"
            .formatted(dataset.name(), String.join(", ", dataset.schema().names()), partitions));
    return ExitCode.DONE;
  }

  private static String name(ParseResult arguments) {
    return Arguments.parameter(arguments, 1).orElse("");
  }

  private static Action action(String name) {
    return Optional.ofNullable(ACTIONS.get(name)).orElseThrow();
  }

  private static void add(Dataset dataset, List<String> words) {
    DataType type = type(words.get(1));
    if (words.size() == 2) {
      dataset.addColumn(words.get(0), type);
    } else {
      dataset.addColumn(words.get(0), type, value(dataset, words, type));
    }
  }

  /** The third word as a value of a type, as the engine casts it; no row is read for it. */
  private static Object value(Dataset dataset, List<String> words, DataType type) {
    Frame one = dataset.frame().limit(0).agg(count().as("rows"));
    Frame value = one.select(lit(words.get(2)).cast(type).as("value"));
    try {
      return requireNonNull(value.collect().value()); // no text is cast to null
    } catch (BadData e) {
      throw new InvalidRequest(
          "Cannot add column %s: %s is no value of %s."
              .formatted(words.get(0), words.get(2), words.get(1)),
          e);
    }
  }

  private static void move(Dataset dataset, List<String> words) {
    if (words.size() == 2 && words.get(1).equalsIgnoreCase("first")) {
      dataset.moveFirst(words.get(0));
    } else if (words.size() == 3 && words.get(1).equalsIgnoreCase("after")) {
      dataset.moveAfter(words.get(0), words.get(2));
    } else {
      throw new WrongCommandLine(
          "Cannot move column %s: where to is not clear. Write first, or after COLUMN."
              .formatted(words.get(0)));
    }
  }

  private static DataType type(String text) {
    return DataType.parse(text);
  }

  private static Transform[] transforms(String list) {
    return list.equalsIgnoreCase("none") ? new Transform[0] : Layout.transforms(list);
  }

  private static Object[] sortKeys(String list) {
    return list.equalsIgnoreCase("none") ? new Object[0] : Words.sortKeys(list);
  }
}
