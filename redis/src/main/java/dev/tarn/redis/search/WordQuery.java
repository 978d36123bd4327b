package dev.tarn.redis.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text that people typed, as a query for its words. It is split where the index splits texts: at
 * blanks, control characters and ASCII punctuation but {@code _}; so that nothing is left of it
 * that could be syntax.
 *
 * @param parts words by themselves, and phrases
 */
record WordQuery(List<Part> parts) {

  WordQuery {
    parts = List.copyOf(parts);
  }

  /** A word, or words that stand one behind the other. */
  record Part(List<String> words, boolean isPhrase) {}

  static WordQuery of(String text) {
    String[] pieces = text.split("\"", -1);
    var parts = new ArrayList<Part>();
    for (int i = 0; i < pieces.length; i++) {
      boolean quoted = i % 2 == 1 && i < pieces.length - 1;
      List<String> words = words(pieces[i]);
      if (quoted && words.size() > 1) {
        parts.add(new Part(words, true));
      } else {
        words.forEach(word -> parts.add(new Part(List.of(word), quoted)));
      }
    }
    return new WordQuery(parts);
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (isOfWord(c)) {
            word.appendCodePoint(c);
          } else {
            add(word, words);
          }
        });
    add(word, words);
    return words;
  }

  private static void add(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** Half a character would be sent as a question mark. */
  private static boolean isOfWord(int c) {
    return c == '_'
        || (c < 128 ? Character.isLetterOrDigit(c) : Character.getType(c) != Character.SURROGATE);
  }

  /** How many words there are. */
  int size() {
    return parts.stream().mapToInt(part -> part.words.size()).sum();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /**
   * In the language of the index.
   *
   * @param old whether it is of version 1, which takes no phrase with words that it leaves out
   */
  QueryText in(String field, boolean old) {
    var written = new ArrayList<String>();
    for (Part part : parts) {
      List<String> words =
          old && part.isPhrase
              ? part.words.stream().filter(word -> !isLeftOut(word)).toList()
              : part.words;
      String text = String.join(" ", words).replace("_", "\\_");
      if (!words.isEmpty()) {
        written.add(part.isPhrase ? "\"" + text + "\"" : text);
      }
    }
    if (written.isEmpty()) {
      written.add(parts.getFirst().words.getFirst());
    }
    return new QueryText(
        "@%s:(%s)".formatted(QueryText.escaped(field), String.join(" ", written)), false);
  }

  private static boolean isLeftOut(String word) {
    return Tags.STOP_WORDS.contains(word.toLowerCase(Locale.ROOT));
  }
}
