package dev.tarn.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Which search indexes would help a query. Immutable. Shares and gains are estimates, from a sample
 * of the keys.
 *
 * @param uses each use of keys in the query, in its order
 */
public record IndexAdvice(List<Use> uses) {

  public IndexAdvice {
    uses = List.copyOf(uses);
  }

  /** What there is to do. */
  public enum Verdict {
    /** To make an index, which the query would use. */
    CREATE("an index would pay"),
    /** Nothing: the query uses one. */
    IN_USE("an index is used"),
    /** Nothing: no index would pay. */
    NONE("no index would pay");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * One use of keys.
   *
   * @param source what is read
   * @param verdict what there is to do
   * @param filters of the query on it, as SQL
   * @param index that would help; empty unless one is to be made
   * @param missing the fields of it that the indexes of these keys do not have
   * @param share of the rows that it would find, 0 to 1; empty where that was not looked at
   * @param gain how many times as fast as a scan it would be; empty where nothing is filtered
   * @param reasons why nothing is to be made, and what an index cannot do
   */
  public record Use(
      String source,
      Verdict verdict,
      List<String> filters,
      Optional<Proposed> index,
      List<IndexField> missing,
      OptionalDouble share,
      OptionalDouble gain,
      List<String> reasons) {

    public Use {
      filters = List.copyOf(filters);
      missing = List.copyOf(missing);
      reasons = List.copyOf(reasons);
    }

    @Override
    public String toString() {
      var lines = new ArrayList<String>();
      lines.add(source + ": " + verdict);
      index.ifPresent(proposed -> {
        lines.addAll(proposed.lines());
        if (share.isPresent()) {
          lines.add(found(proposed));
        }
        lines.add("not indexed yet: " + named(missing));
      });
      lines.addAll(reasons);
      return String.join("\n  ", lines);
    }

    private String found(Proposed proposed) {
      String which = String.join(" AND ", proposed.filters());
      String faster =
          gain.isPresent()
              ? ", about %s times as fast as a scan".formatted(brief(gain.getAsDouble()))
              : "";
      return "finds %s: about %s %% of the rows%s"
          .formatted(which, brief(100 * share.orElse(0)), faster);
    }

    private static String brief(double number) {
      return String.format(Locale.ROOT, number < 10 ? "%.1f" : "%.0f", number);
    }

    private static String named(List<IndexField> fields) {
      return fields.isEmpty()
          ? "nothing"
          : fields.stream()
              .map(field -> field.path() + " as " + field.type())
              .collect(Collectors.joining(", "));
    }
  }

  /**
   * An index to be made.
   *
   * @param prefix what the keys begin with
   * @param followsKeys false for version 1 of the search module, where each hash is to be added
   * @param aggregates whether it would answer the query's aggregate as well
   * @param filters that it finds, as SQL
   * @param call of {@link Redis#createIndex} that makes it, as Java; version 1 takes the command
   * @param command that makes it
   */
  public record Proposed(
      String name,
      String prefix,
      List<IndexField> fields,
      boolean followsKeys,
      boolean aggregates,
      List<String> filters,
      String call,
      String command) {

    public Proposed {
      fields = List.copyOf(fields);
      filters = List.copyOf(filters);
    }

    private List<String> lines() {
      var lines = new ArrayList<String>();
      if (followsKeys) {
        lines.add(call);
      }
      lines.add(command);
      if (!followsKeys) {
        lines.add("FT.ADDHASH %s KEY 1 for each hash; o -> o.index(\"%s\")".formatted(name, name));
      }
      if (aggregates) {
        lines.add("answers the aggregate, so that only the groups are sent");
      }
      return lines;
    }
  }

  /** Prints {@link #toString()}. */
  public void show() {
    System.out.println(this);
  }

  /** A paragraph for each use. */
  @Override
  public String toString() {
    return uses.stream().map(Use::toString).collect(Collectors.joining("\n\n"));
  }
}
