package dev.tarn.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the scans of stubs in a plan of DuckDB, with the filters right above each. */
final class StubScans {

  private static final String FUNCTION = "tarn_use_";
  private static final Pattern NAME =
      Pattern.compile(FUNCTION + "(\\d{1,6})", Pattern.CASE_INSENSITIVE);

  private StubScans() {}

  /**
   * One scan.
   *
   * @param use which use of a source it is for
   * @param filters texts of filters that all apply
   * @param columns names of the columns that it reads; null when the plan does not say
   */
  record StubScan(int use, List<String> filters, @Nullable List<String> columns) {}

  /** The table function that stands for a use of a source. */
  static String function(int use) {
    return FUNCTION + use;
  }

  static List<StubScan> in(@Nullable Object plan) {
    var found = new ArrayList<StubScan>();
    Json.array(plan).forEach(root -> collect(Json.object(root), List.of(), found));
    return found;
  }

  private static void collect(Map<?, ?> node, List<String> above, List<StubScan> found) {
    String name = String.valueOf(node.get("name"));
    Map<?, ?> info = Json.object(node.get("extra_info"));
    Matcher use = NAME.matcher(name);
    if (use.matches()) {
      found.add(new StubScan(Integer.parseInt(use.group(1)), above, texts(info)));
    }
    List<String> filters = name.equals("FILTER") ? with(above, info) : List.of();
    Json.array(node.get("children"))
        .forEach(child -> collect(Json.object(child), filters, found));
  }

  private static List<String> with(List<String> above, Map<?, ?> info) {
    var filters = new ArrayList<>(above);
    filters.add(lines(info.get("Expression")));
    return filters;
  }

  /** DuckDB prints a text of several lines as a list, and leaves out its empty lines. */
  private static String lines(@Nullable Object text) {
    return text instanceof List<?> lines
        ? lines.stream().map(String::valueOf).collect(Collectors.joining("\n"))
        : String.valueOf(text);
  }

  private static @Nullable List<String> texts(Map<?, ?> info) {
    return switch (info.get("Projections")) {
      case String one -> List.of(one);
      case List<?> many -> many.stream().map(String::valueOf).toList();
      case null, default -> null;
    };
  }
}
