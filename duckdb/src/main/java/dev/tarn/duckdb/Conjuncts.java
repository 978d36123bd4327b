package dev.tarn.duckdb;

import java.util.ArrayList;
import java.util.List;

/** The text of a filter as the texts of its conjuncts, for people. */
final class Conjuncts {

  private static final String AND = " AND ";

  private Conjuncts() {}

  /** Each operand of the outermost AND; the text itself when it is none. */
  static List<String> of(String text) {
    if (!text.startsWith("(") || closing(text, 0) != text.length() - 1) {
      return List.of(text);
    }
    List<String> pieces = split(text.substring(1, text.length() - 1));
    if (pieces.size() == 1 || pieces.stream().anyMatch(Conjuncts::isTorn)) {
      return List.of(text);
    }
    return pieces.stream().flatMap(piece -> of(piece).stream()).toList();
  }

  /** Whether a piece is half of a BETWEEN. */
  private static boolean isTorn(String piece) {
    return !piece.startsWith("(") && piece.contains(" BETWEEN ");
  }

  private static List<String> split(String text) {
    var pieces = new ArrayList<String>();
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '(' || c == '\'' || c == '"') {
        i = closing(text, i) + 1;
      } else if (text.startsWith(AND, i)) {
        pieces.add(text.substring(start, i));
        i += AND.length();
        start = i;
      } else {
        i++;
      }
    }
    pieces.add(text.substring(start));
    return pieces;
  }

  /** Where what opens at a place ends; the last character when it does not. */
  private static int closing(String text, int open) {
    char c = text.charAt(open);
    int i = open + 1;
    while (i < text.length()) {
      char next = text.charAt(i);
      if (c != '(') {
        if (next == c) {
          return i;
        }
        i++;
      } else if (next == ')') {
        return i;
      } else if (next == '(' || next == '\'' || next == '"') {
        i = closing(text, i) + 1;
      } else {
        i++;
      }
    }
    return text.length() - 1;
  }
}
