package dev.tarn.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The error for a column that is not there, with those that are and the nearest name. */
public final class UnknownColumn {

  private static final int MOST_NAMES = 30;

  private UnknownColumn() {}

  /**
   * Builds it.
   *
   * @param verb what was to be done with the column, e.g. {@code select}
   * @param source what has the columns, in brackets; empty when it has no name
   */
  public static InvalidRequest of(
      String verb, String column, String source, Collection<String> columns) {
    String there =
        columns.size() <= MOST_NAMES
            ? String.join(", ", columns)
            : String.join(", ", List.copyOf(columns).subList(0, MOST_NAMES))
                + " and %d more".formatted(columns.size() - MOST_NAMES);
    String nearest =
        nearest(column, columns).map("Did you mean %s?"::formatted).orElse("Use one of those.");
    return new InvalidRequest(
        "Cannot %s column %s: %s has %s. %s"
            .formatted(verb, column, source.isEmpty() ? "the frame" : source, there, nearest));
  }

  /** The name most like it, if any is alike at all: at most a third of its letters differ. */
  public static Optional<String> nearest(String name, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(other -> distance(name, other)))
        .filter(other ->
            distance(name, other) <= Math.max(1, Math.max(name.length(), 3) / 3)
                || containsEither(name, other));
  }

  private static boolean containsEither(String a, String b) {
    String x = a.toLowerCase(Locale.ROOT);
    String y = b.toLowerCase(Locale.ROOT);
    return x.length() >= 3 && y.length() >= 3 && (x.contains(y) || y.contains(x));
  }

  /** Levenshtein distance without regard to case. */
  private static int distance(String a, String b) {
    String x = a.toLowerCase(Locale.ROOT);
    String y = b.toLowerCase(Locale.ROOT);
    int[] row = new int[y.length() + 1];
    for (int j = 0; j <= y.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= x.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= y.length(); j++) {
        int substitute = diagonal + (x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[y.length()];
  }
}
