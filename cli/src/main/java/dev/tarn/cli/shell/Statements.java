package dev.tarn.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Text from the prompt, cut at its semicolons: those in quotes and comments do not count.
 *
 * @param complete statements without their semicolons; empty ones are left out
 * @param rest what follows the last semicolon
 */
record Statements(List<String> complete, String rest) {

  Statements {
    complete = List.copyOf(complete);
  }

  static Statements of(String text) {
    var complete = new ArrayList<String>();
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == ';') {
        String statement = text.substring(start, at).strip();
        if (!statement.isEmpty()) {
          complete.add(statement);
        }
        start = at + 1;
        at = start;
      } else {
        at = skip(text, at);
      }
    }
    return new Statements(complete, text.substring(start));
  }

  /** Whether nothing is left that waits for its semicolon; a comment does not. */
  boolean isWhole() {
    String left = rest.strip();
    while (left.startsWith("--") && left.indexOf('\n') >= 0) {
      left = left.substring(left.indexOf('\n')).strip();
    }
    return left.isEmpty() || left.startsWith("--");
  }

  /** The position behind the token at a position. */
  private static int skip(String text, int at) {
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      return behind(text, String.valueOf(c), at + 1);
    } else if (text.startsWith("--", at)) {
      return behind(text, "\n", at + 2);
    } else if (text.startsWith("/*", at)) {
      return behind(text, "*/", at + 2);
    } else if (text.startsWith("$$", at)) {
      return behind(text, "$$", at + 2);
    }
    return at + 1;
  }

  private static int behind(String text, String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }
}
