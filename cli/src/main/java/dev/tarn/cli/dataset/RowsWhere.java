package dev.tarn.cli.dataset;

import dev.tarn.Columns;
import dev.tarn.cli.Answer;
import dev.tarn.cli.Arguments;
import dev.tarn.expr.Expr;
import dev.tarn.lake.Dataset;
import dev.tarn.lake.Options;
import java.io.IOException;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The predicate that says which rows a command is about. */
final class RowsWhere {

  private static final String WHERE = "--where";

  /** How many rows it would be about, as it is printed. */
  private record Rows(String dataset, String wouldDo, long rows) {}

  private RowsWhere() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(WHERE)
            .paramLabel("PREDICATE")
            .type(String.class)
            .required(true)
            .description("Which rows, in SQL; true is for all.")
            .build());
  }

  static Expr of(ParseResult arguments) {
    return Options.where(Arguments.value(arguments, WHERE).orElse("true"));
  }

  /** Says how many rows there are. */
  static void count(Dataset dataset, Expr where, String verb, Answer answer) throws IOException {
    Object value = dataset.frame().filter(where).select(Columns.count()).collect().value();
    long rows = ((Number) Objects.requireNonNull(value)).longValue();
    answer.done(
        Rows.class,
        new Rows(dataset.toString(), verb, rows),
        "%s: would %s %s".formatted(dataset, verb, Words.count(rows, "row")));
  }
}
