package dev.tarn.redis.search;

import dev.tarn.redis.IndexField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Texts as tags. The index splits a value at its separator, takes the blanks off, and makes it
 * lower case: a text equals another only if it has all its tags, so that is what is looked for.
 *
 * @param old whether the index is of version 1, whose language cannot say some words
 */
record Tags(IndexField field, boolean json, boolean old) {

  /** The index cuts longer ones off. */
  private static final int LONGEST = 1000;

  /** Version 1 leaves these out of queries, of tags as of texts. */
  static final Set<String> STOP_WORDS =
      Set.of(
          "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is",
          "it", "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there",
          "these", "they", "this", "to", "was", "will", "with");

  /** What finds the documents whose text is one of some; null where a text cannot be looked for. */
  @Nullable QueryText oneOf(List<String> texts) {
    var single = new ArrayList<String>();
    var arms = new ArrayList<QueryText>();
    for (String text : texts) {
      List<String> tags = tags(text);
      if (tags.isEmpty() || !tags.stream().allMatch(this::isWritable)) {
        return null;
      }
      if (tags.size() == 1) {
        single.add(tags.getFirst());
      } else {
        arms.add(
            QueryText.all(
                tags.stream().map(tag -> QueryText.tags(field.name(), List.of(tag))).toList()));
      }
    }
    if (!single.isEmpty()) {
      arms.addFirst(QueryText.tags(field.name(), single));
    }
    return arms.isEmpty() ? null : QueryText.any(arms);
  }

  /** Version 1 does not find a backslash before a mark, however it is written. */
  private boolean isWritable(String tag) {
    return QueryText.isWritable(tag)
        && tag.indexOf('\\') < 0
        && tag.length() <= LONGEST
        && !(old && STOP_WORDS.contains(tag.toLowerCase(Locale.ROOT)));
  }

  /** The tags of a text; none where it is not certain what the index makes of it. */
  private List<String> tags(String text) {
    String trimmed = trimmed(text);
    if (json) { // documents may hold other things than texts, which we read as texts all the same
      boolean plain = trimmed.equals(text) && !text.startsWith("[") && !text.startsWith("{");
      boolean one = field.separator().isEmpty() || text.indexOf(field.separator().get()) < 0;
      return plain && one && !text.isEmpty() ? List.of(text) : List.of();
    }
    if (field.separator().isEmpty()) {
      return trimmed.isEmpty() ? List.of() : List.of(trimmed);
    }
    var tags = new ArrayList<String>();
    int start = 0;
    char separator = field.separator().get();
    if (endsInBlankAndSeparator(text, separator)) {
      return List.of();
    }
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      add(text.substring(start, end), tags);
      start = end + 1;
    }
    add(text.substring(start), tags);
    return tags;
  }

  /** A last tag that no other follows keeps the blanks before its separator. */
  private static boolean endsInBlankAndSeparator(String text, char separator) {
    int end = text.length();
    boolean separated = false;
    boolean blank = false;
    while (end > 0 && (text.charAt(end - 1) == separator || isBlank(text.charAt(end - 1)))) {
      end--;
      separated |= text.charAt(end) == separator;
      blank |= text.charAt(end) != separator;
    }
    return separated && blank;
  }

  private static void add(String part, List<String> tags) {
    String tag = trimmed(part);
    if (!tag.isEmpty() && !tags.contains(tag)) {
      tags.add(tag);
    }
  }

  /** Without blanks as C has them at its ends. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
