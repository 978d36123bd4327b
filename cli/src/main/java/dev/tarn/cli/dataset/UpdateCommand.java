package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.expr.Expr;
import dev.tarn.lake.Committed;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Options;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn update}: new values for the rows for which a predicate is true. */
public final class UpdateCommand extends DatasetCommand {

  private static final String SET = "--set";

  public UpdateCommand() {
    super("Give columns new values in the rows for which a predicate is true, by one commit.");
  }

  @Override
  void addTo(CommandSpec spec) {
    RowsWhere.addTo(spec);
    spec.addOption(
        Arguments.options(
            SET, "COL=EXPR", "A column's new value, in SQL over the old ones. Repeat it."));
    addBranchTo(spec);
    addDryRunTo(spec);
  }

  @Override
  void check(ParseResult arguments) {
    if (assignments(arguments).length == 0) {
      throw new WrongCommandLine(
          "Cannot update: no new value is said. Add --set COLUMN=EXPRESSION.");
    }
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    Expr where = RowsWhere.of(arguments);
    if (isDryRun(arguments)) {
      RowsWhere.count(dataset, where, "update", answer);
      return ExitCode.DONE;
    }
    Committed committed = dataset.update(where, assignments(arguments));
    Change change = Change.of(dataset.toString(), "update", committed);
    answer.done(
        Change.class,
        change,
        committed.filesRemoved() == 0
            ? dataset + ": no row to update"
            : "%s: updated, %s rewritten%s"
                .formatted(
                    dataset,
                    Words.count(committed.filesRemoved(), "file"),
                    Words.version(change.version())));
    return ExitCode.DONE;
  }

  private static Expr.Alias[] assignments(ParseResult arguments) {
    List<String> values = Arguments.values(arguments, SET);
    return values.stream().map(UpdateCommand::assignment).toArray(Expr.Alias[]::new);
  }

  private static Expr.Alias assignment(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new WrongCommandLine(
          "Cannot read --set %s: it is no assignment. Write it as COLUMN=EXPRESSION, status='open'."
              .formatted(text));
    }
    return Options.set(
        text.substring(0, equals).strip(), Options.where(text.substring(equals + 1).strip()));
  }
}
