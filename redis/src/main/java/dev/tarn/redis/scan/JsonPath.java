package dev.tarn.redis.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path to one place in a JSON document: members, and places in lists, as {@code $.address.city}
 * or {@code $["first line"][0]}. Of the language of {@code JSON.GET} it is the part that never
 * matches more than one value: no wildcards, slices or filters.
 *
 * @param steps from the top of the document; at least one
 */
public record JsonPath(List<Step> steps) {

  /** One step down. */
  public sealed interface Step {}

  /** The member of an object. */
  public record Member(String name) implements Step {}

  /** The place in a list, from 0; from -1 backwards. */
  public record Place(int index) implements Step {}

  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<simple>[A-Za-z_][A-Za-z0-9_]*)"
              + "|\\[\"(?<quoted>(?:[^\"\\\\]|\\\\[\"\\\\])*)\"]"
              + "|\\['(?<single>[^'\\\\]*)']"
              + "|\\[(?<index>-?\\d{1,9})]");

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /** The path of a member at the top, whatever its name. */
  public static JsonPath member(String name) {
    return new JsonPath(List.of(new Member(name)));
  }

  /** Empty for a text that is no such path. */
  public static Optional<JsonPath> parse(String text) {
    if (!text.startsWith("$")) {
      return Optional.empty();
    }
    var steps = new ArrayList<Step>();
    Matcher step = STEP.matcher(text);
    int at = 1;
    while (at < text.length() && step.region(at, text.length()).lookingAt()) {
      steps.add(step(step));
      at = step.end();
    }
    return at < text.length() || steps.isEmpty()
        ? Optional.empty()
        : Optional.of(new JsonPath(steps));
  }

  private static Step step(Matcher match) {
    if (match.group("index") != null) {
      return new Place(Integer.parseInt(match.group("index")));
    }
    if (match.group("quoted") != null) {
      return new Member(match.group("quoted").replaceAll("\\\\(.)", "$1"));
    }
    String simple = match.group("simple");
    return new Member(simple != null ? simple : match.group("single"));
  }

  /** The member at the top that it is; empty where it leads deeper, or to a place. */
  Optional<String> topMember() {
    return steps.size() == 1 && steps.getFirst() instanceof Member(String name)
        ? Optional.of(name)
        : Optional.empty();
  }

  /**
   * Whether all servers read it alike: they differ in a quote, a backslash or a control character
   * in a name.
   */
  public boolean isSendable() {
    return steps.stream()
        .noneMatch(step ->
            step instanceof Member(String name)
                && name.chars().anyMatch(c -> c == '"' || c == '\\' || c < ' '));
  }

  /** As it is sent. */
  @Override
  public String toString() {
    return steps.stream().map(JsonPath::text).collect(Collectors.joining("", "$", ""));
  }

  private static String text(Step step) {
    return switch (step) {
      case Place(int index) -> "[" + index + "]";
      case Member(String name) when name.matches("[A-Za-z_][A-Za-z0-9_]*") -> "." + name;
      case Member(String name) -> "[\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
    };
  }
}
