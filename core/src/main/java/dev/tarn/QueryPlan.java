package dev.tarn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a query is run, or was: what each source was asked and what the engine does. {@link
 * #toString()} is what {@code explain()} prints.
 *
 * @param frame the query as it was built, one operation a line
 * @param sql what the engine was given
 * @param sources each use of a source
 * @param root the engine's last operator; those it takes rows from are its children
 * @param elapsed how long it ran; empty when it was not run
 */
public record QueryPlan(
    String frame, String sql, List<SourceUse> sources, Operator root, Optional<Duration> elapsed) {

  public QueryPlan {
    sources = List.copyOf(sources);
  }

  /** Work that a source is spared. */
  public enum Pushdown {
    /** Rows that cannot match are left out by the reader. */
    FILTER,
    /** Only the columns that are needed are read. */
    PROJECTION,
    /** Files that cannot hold a match are not opened. */
    FILES
  }

  /**
   * One use of a source.
   *
   * @param name what it is called
   * @param columns the columns that are read
   * @param allColumns how many it has; empty when unknown
   * @param filters what its reader was told to leave out, as SQL
   * @param filesKept files that are opened, of those there are; empty when it has no files
   * @param notes what else there is to know, e.g. files left out
   */
  public record SourceUse(
      String name,
      List<String> columns,
      OptionalInt allColumns,
      List<String> filters,
      OptionalInt filesKept,
      OptionalInt filesTotal,
      List<String> notes) {
    public SourceUse {
      columns = List.copyOf(columns);
      filters = List.copyOf(filters);
      notes = List.copyOf(notes);
    }

    /** Which pushdowns happened in this use. */
    public boolean pushes(Pushdown pushdown) {
      return switch (pushdown) {
        case FILTER -> !filters.isEmpty();
        case PROJECTION -> allColumns.isPresent() && columns.size() < allColumns.getAsInt();
        case FILES -> filesKept.isPresent() && filesKept.getAsInt() < filesTotal.orElse(0);
      };
    }
  }

  /**
   * An operator of the engine.
   *
   * @param rows how many it yielded, if it ran
   * @param estimate how many the engine expects
   * @param seconds CPU time over all threads, if it ran
   */
  public record Operator(
      String name,
      Map<String, String> details,
      OptionalLong estimate,
      OptionalLong rows,
      OptionalDouble seconds,
      List<Operator> children) {
    public Operator {
      details = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(details));
      children = List.copyOf(children);
    }
  }

  /** Whether a pushdown happened in at least one use of a source. */
  public boolean pushes(Pushdown pushdown) {
    return sources.stream().anyMatch(source -> source.pushes(pushdown));
  }

  /** The four steps, for people. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("frame\n").append(frame.indent(2));
    text.append("sql\n").append(sql.indent(2));
    text.append("sources\n");
    if (sources.isEmpty()) {
      text.append("  none\n");
    }
    sources.forEach(source -> text.append(describe(source).indent(2)));
    text.append("engine");
    elapsed.ifPresent(
        time -> text.append(String.format(Locale.ROOT, " (%.1f ms)", time.toNanos() / 1e6)));
    text.append('\n');
    append(text, root, 1);
    return text.toString().stripTrailing();
  }

  private static String describe(SourceUse source) {
    var parts = new ArrayList<String>();
    if (source.filesKept.isPresent()) {
      parts.add(
          String.format(
              Locale.ROOT,
              "files %,d of %,d",
              source.filesKept.getAsInt(),
              source.filesTotal.orElse(0)));
    }
    String of =
        source.allColumns.isPresent() ? " of %d".formatted(source.allColumns.getAsInt()) : "";
    parts.add(
        "columns %d%s%s"
            .formatted(
                source.columns.size(),
                of,
                source.columns.isEmpty() ? "" : ": " + String.join(", ", source.columns)));
    parts.add(
        source.filters.isEmpty()
            ? "no filter pushed"
            : "filters pushed: " + String.join(" AND ", source.filters));
    parts.addAll(source.notes);
    return "[" + source.name + "] " + String.join(" · ", parts);
  }

  private static void append(StringBuilder text, Operator operator, int depth) {
    text.append("  ".repeat(depth))
        .append(operator.name.toLowerCase(Locale.ROOT).replace('_', ' '));
    operator.details.forEach(
        (key, value) -> text.append(" · ").append(key).append(' ').append(value));
    operator.rows.ifPresent(rows -> text.append(String.format(Locale.ROOT, " · %,d rows", rows)));
    if (operator.rows.isEmpty()) {
      operator.estimate.ifPresent(
          rows -> text.append(String.format(Locale.ROOT, " · ~%,d rows", rows)));
    }
    operator.seconds.ifPresent(
        s -> text.append(String.format(Locale.ROOT, " · %.1f ms", s * 1000)));
    text.append('\n');
    operator.children.forEach(child -> append(text, child, depth + 1));
  }
}
