package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import java.util.ArrayList;
import java.util.List;

/** Commands of the search module, as they are sent and as they are shown. */
final class SearchCommands {

  static final Command FT_SEARCH = Command.of("FT.SEARCH");
  static final Command FT_AGGREGATE = Command.of("FT.AGGREGATE");
  static final Command FT_CURSOR = Command.of("FT.CURSOR");

  /** How long a search may take on the server, where it lets that be said. */
  static final long TIMEOUT_MILLIS = 20_000;

  /** What a query calls the vector that it is given, and the distance from it. */
  static final String VECTOR = "vector";

  static final String DISTANCE = "__distance";

  /** Where the vector stands among the words: behind index, query, and PARAMS 2 vector. */
  private static final int VECTOR_AT = 5;

  private SearchCommands() {}

  /** Keys, with their scores where those are wanted, and without their values. */
  static List<String> keys(SearchChoice choice, long most) {
    var words = new ArrayList<>(List.of(choice.index().name(), choice.query()));
    QueryVector nearest = choice.nearest();
    if (nearest != null) {
      words.addAll(List.of("PARAMS", "2", VECTOR, nearest.shown(), "SORTBY", DISTANCE));
    }
    if (!choice.scored()) {
      words.add("NOCONTENT");
    } else if (nearest == null) {
      words.addAll(List.of("WITHSCORES", "NOCONTENT"));
    } else {
      words.addAll(List.of("RETURN", "1", DISTANCE));
    }
    words.addAll(List.of("LIMIT", "0", Long.toString(most)));
    if (nearest != null) {
      words.addAll(List.of("DIALECT", "2"));
    }
    addTimeout(choice, words);
    return words;
  }

  /** How many there are: version 1 wants at least one of them. */
  static List<String> count(SearchChoice choice) {
    return keys(choice.unscored(), choice.isOld() ? 1 : 0);
  }

  static List<String> cursor(SearchChoice choice, int page) {
    var words =
        new ArrayList<>(List.of(choice.index().name(), choice.query(), "LOAD", "1", "@__key"));
    words.addAll(List.of("WITHCURSOR", "COUNT", Integer.toString(page)));
    addTimeout(choice, words);
    return words;
  }

  private static void addTimeout(SearchChoice choice, List<String> words) {
    if (!choice.isOld()) {
      words.addAll(List.of("TIMEOUT", Long.toString(TIMEOUT_MILLIS)));
    }
  }

  static byte[][] bytes(List<String> words) {
    return words.stream().map(word -> word.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  /** The same with the vector, where the words have one. */
  static byte[][] bytes(SearchChoice choice, List<String> words) {
    byte[][] bytes = bytes(words);
    QueryVector nearest = choice.nearest();
    if (nearest != null) {
      bytes[VECTOR_AT] = nearest.bytes();
    }
    return bytes;
  }

  /** As it is typed into a shell. */
  static String shown(Command command, List<String> words) {
    var text = new StringBuilder(command.toString());
    for (String word : words) {
      boolean plain = word.matches("[A-Za-z0-9_.:@+-]+");
      text.append(' ').append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return text.toString();
  }
}
