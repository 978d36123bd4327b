package dev.tarn.cli.dataset;

import dev.tarn.cli.Answer;
import dev.tarn.cli.ExitCode;
import dev.tarn.expr.Expr;
import dev.tarn.lake.Committed;
import dev.tarn.lake.Dataset;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tarn delete}: removes the rows for which a predicate is true. */
public final class DeleteCommand extends DatasetCommand {

  public DeleteCommand() {
    super("Remove the rows for which a predicate is true, by one commit.");
  }

  @Override
  void addTo(CommandSpec spec) {
    RowsWhere.addTo(spec);
    addBranchTo(spec);
    addDryRunTo(spec);
  }

  @Override
  int run(Dataset dataset, ParseResult arguments, Answer answer) throws IOException {
    Expr where = RowsWhere.of(arguments);
    if (isDryRun(arguments)) {
      RowsWhere.count(dataset, where, "delete", answer);
      return ExitCode.DONE;
    }
    Committed committed = dataset.delete(where);
    long deleted = committed.rowsRemoved() - committed.rowsAdded();
    Change change = Change.of(dataset.toString(), "delete", committed);
    answer.done(
        Change.class,
        change,
        "%s: %s deleted, %s rewritten%s"
            .formatted(
                dataset,
                Words.count(deleted, "row"),
                Words.count(committed.filesRemoved(), "file"),
                Words.version(change.version())));
    return ExitCode.DONE;
  }
}
