package dev.tarn.cli.demo;

import dev.tarn.QueryPlan;
import dev.tarn.QueryPlan.Operator;
import dev.tarn.QueryPlan.SourceUse;
import dev.tarn.cli.Context;
import dev.tarn.cli.terminal.Terminals;
import dev.tarn.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the demo prints; with colours where it goes to a terminal. */
final class Page {

  private static final String BOLD = "\u001b[1m";
  private static final String BLUE = "\u001b[36m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  /** Operators that only pass rows on. */
  private static final Set<String> PASSING = Set.of("projection", "filter", "cte", "cte scan");

  private final Context context;
  private final boolean colours;

  Page(Context context) {
    this.context = context;
    this.colours = Terminals.isTerminal(Terminals.OUT) && System.getenv("NO_COLOR") == null;
  }

  void title(String text) throws IOException {
    print(styled(BOLD, text));
    print("");
    context.out().flush();
  }

  void wrote(Path path, WriteResult written, long nanos) throws IOException {
    print(
        "wrote %s: %,d rows, %s, %.1f MB in %s"
            .formatted(
                path,
                written.rows(),
                written.files() == 1 ? "1 file" : written.files() + " files",
                written.bytes() / 1e6,
                seconds(nanos)));
    context.out().flush();
  }

  void filled(String url, long nanos) throws IOException {
    print("");
    print("");
    print("wrote sessions to a Redis of the demo's own, %s, in %s".formatted(url, seconds(nanos)));
    context.out().flush();
  }

  /** A step that cannot be shown here. */
  void skipped(int number, String what, String why) throws IOException {
    print("");
    print("");
    print(styled(BOLD, "%d. left out: %s does not start here (%s)".formatted(number, what, why)));
  }

  void question(int number, String text) throws IOException {
    print("");
    print("");
    print(styled(BOLD, number + ". " + text));
    print("");
  }

  void code(String code) throws IOException {
    for (String line : code.lines().toList()) {
      print(line.isEmpty() ? "" : "    " + styled(BLUE, line));
    }
    print("");
    context.out().flush();
  }

  void answer(String rows, QueryPlan plan, long nanos) throws IOException {
    context.progress().outputStarts();
    print(rows);
    for (SourceUse source : plan.sources()) {
      print(styled(DIM, "read  " + describe(source)));
    }
    print(styled(DIM, "plan  " + String.join(" ← ", operators(plan.root()))));
    print(styled(DIM, "time  " + seconds(nanos)));
    context.out().flush();
    context.progress().outputEnded();
  }

  void next(Path folder) throws IOException {
    print("");
    print("");
    print(styled(BOLD, "The data stays in %s. Try next:".formatted(folder)));
    print("");
    String sales = folder + "/sales/**/*.parquet";
    print("  ./tarn sql \"SELECT channel, sum(amount) FROM '%s' GROUP BY 1\"".formatted(sales));
    print("  ./tarn sql \"SUMMARIZE FROM '%s/customers.csv'\"".formatted(folder));
    print("  ./tarn explain \"SELECT max(amount) FROM '%s' WHERE month = 12\"".formatted(sales));
    print("  ./tarn shell          then: \\register sales %s".formatted(folder.resolve("sales")));
    print("  ./tarn history accounts --lake %s".formatted(folder.resolve("lake")));
    print("  ./tarn --help");
  }

  /** What was read of a source, and what the reader was spared. */
  private static String describe(SourceUse source) {
    var parts = new ArrayList<String>();
    source
        .filesKept()
        .ifPresent(
            kept -> parts.add("%d of %d files".formatted(kept, source.filesTotal().orElse(kept))));
    source
        .allColumns()
        .ifPresent(all -> parts.add("%d of %d columns".formatted(source.columns().size(), all)));
    source.filters().forEach(filter -> parts.add("where " + filter.replace(")(", ") and (")));
    return name(source) + ": " + String.join(", ", parts);
  }

  /** The last part of a path that is no pattern. */
  private static String name(SourceUse source) {
    String plain = source.name().replaceFirst("/\\*.*", "");
    return plain.substring(plain.lastIndexOf('/') + 1);
  }

  /** The engine's operators that do more than pass rows on, last first. */
  private static List<String> operators(Operator operator) {
    var names = new ArrayList<String>();
    collect(operator, names, new TreeSet<>());
    return names;
  }

  private static void collect(Operator operator, List<String> names, Set<String> seen) {
    String name = operator.name().toLowerCase(Locale.ROOT).replace('_', ' ').strip();
    if (!PASSING.contains(name) && seen.add(name)) {
      names.add(name);
    }
    operator.children().forEach(child -> collect(child, names, seen));
  }

  private void print(String line) throws IOException {
    context.print(line);
  }

  private String styled(String style, String text) {
    return colours ? style + text + PLAIN : text;
  }

  private static String seconds(long nanos) {
    return "%.2f s".formatted(nanos / 1e9);
  }
}
