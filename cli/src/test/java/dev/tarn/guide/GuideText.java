package dev.tarn.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text: what a page says was printed, words of a command, Java literals. */
final class GuideText {

  private static final String ANYTHING = "…";

  private GuideText() {}

  /**
   * Whether lines are what a page says: equal but for blanks around them; {@code …} stands for
   * anything in a line, and alone in a line for any lines.
   */
  static boolean matches(List<String> expected, List<String> printed) {
    String pattern =
        trimmed(expected).stream()
            .map(line -> line.strip().equals(ANYTHING) ? "(?:.*\\n)*?" : line(line) + "\\n")
            .collect(Collectors.joining());
    String text = trimmed(printed).stream().map(line -> line + "\n").collect(Collectors.joining());
    return Pattern.matches(pattern, text);
  }

  private static String line(String expected) {
    return Pattern.compile(ANYTHING)
        .splitAsStream(expected + " ")
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"))
        .replaceAll(" \\\\E$", "\\\\E");
  }

  /** What was printed, but lines of the page that it matches by their {@code …} as they were. */
  static List<String> withPlaceholders(List<String> expected, List<String> printed) {
    List<String> placeholders =
        expected.stream()
            .filter(line -> line.contains(ANYTHING) && !line.strip().equals(ANYTHING))
            .toList();
    return trimmed(printed).stream()
        .map(line ->
            placeholders.stream()
                .filter(placeholder -> matches(List.of(placeholder), List.of(line)))
                .findFirst()
                .orElse(line))
        .toList();
  }

  /** Without blanks at the ends of lines and without empty lines around them. */
  static List<String> trimmed(List<String> lines) {
    String text = lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
    String inner = text.replaceAll("^\\n+|\\n+$", "");
    return inner.isEmpty() ? List.of() : inner.lines().toList();
  }

  /** The words of a command, as a shell has them: quotes and backslashes, no variables. */
  static List<String> words(String command) {
    var words = new ArrayList<String>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
        }
        word = null;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < command.length()) {
        i++;
        word.append(command.charAt(i));
      } else if (quote == 0 && "|<>;&$`".indexOf(c) >= 0) {
        throw new AssertionError("only a plain command can be run, not: " + command);
      } else {
        word.append(c);
      }
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }

  static String literal(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
