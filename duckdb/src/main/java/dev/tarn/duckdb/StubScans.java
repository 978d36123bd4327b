package dev.tarn.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * @param beyond texts of filters that the optimizer left above a projection, whose names they use
   * @param columns names of the columns that it reads; null when the plan does not say
   * @param limit rows that are enough, whichever; empty for all
   */
  record StubScan(
      int use,
      List<String> filters,
      List<String> beyond,
      @Nullable List<String> columns,
      OptionalLong limit) {}

  /** The table function that stands for a use of a source. */
  static String function(int use) {
    return FUNCTION + use;
  }

  /** The use that a table function stands for; -1 for other functions. */
  static int use(String function) {
    Matcher use = NAME.matcher(function);
    return use.matches() ? Integer.parseInt(use.group(1)) : -1;
  }

  static List<StubScan> in(@Nullable Object plan) {
    var found = new ArrayList<StubScan>();
    Json.array(plan)
        .forEach(
            root -> collect(Json.object(root), List.of(), List.of(), OptionalLong.empty(), found));
    return found;
  }

  private static void collect(
      Map<?, ?> node,
      List<String> above,
      List<String> beyond,
      OptionalLong limit,
      List<StubScan> found) {
    String name = String.valueOf(node.get("name"));
    Map<?, ?> info = Json.object(node.get("extra_info"));
    if (use(name) >= 0) {
      found.add(new StubScan(use(name), above, beyond, columns(info), limit));
    }
    boolean filter = name.equals("FILTER");
    boolean projection = name.equals("PROJECTION");
    List<String> filters = filter ? with(above, text(info)) : List.of();
    List<String> further = projection ? joined(beyond, above) : filter ? beyond : List.of();
    OptionalLong enough =
        projection ? limit : name.endsWith("LIMIT") ? limit(info) : OptionalLong.empty();
    Json.array(node.get("children"))
        .forEach(child -> collect(Json.object(child), filters, further, enough, found));
  }

  private static OptionalLong limit(Map<?, ?> info) {
    String limit = String.valueOf(info.get("Limit"));
    String offset = info.get("Offset") == null ? "0" : String.valueOf(info.get("Offset"));
    return limit.matches("\\d{1,17}") && offset.matches("\\d{1,17}")
        ? OptionalLong.of(Long.parseLong(limit) + Long.parseLong(offset))
        : OptionalLong.empty();
  }

  private static String text(Map<?, ?> info) {
    return lines(info.get("Expression"));
  }

  private static List<String> with(List<String> texts, String text) {
    return joined(texts, List.of(text));
  }

  private static List<String> joined(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** DuckDB prints a text of several lines as a list, and leaves out its empty lines. */
  private static String lines(@Nullable Object text) {
    return text instanceof List<?> lines
        ? lines.stream().map(String::valueOf).collect(Collectors.joining("\n"))
        : String.valueOf(text);
  }

  private static @Nullable List<String> columns(Map<?, ?> info) {
    return switch (info.get("Projections")) {
      case String one -> List.of(one);
      case List<?> many -> many.stream().map(String::valueOf).toList();
      case null, default -> null;
    };
  }
}
