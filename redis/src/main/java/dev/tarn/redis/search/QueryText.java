package dev.tarn.redis.search;

import java.math.BigDecimal;
import java.util.List;

/**
 * A part of a query in the language of the index. Written so that it means the same in all dialects
 * and in version 1: every arm of a union stands in brackets, numbers have no exponents.
 *
 * @param isUnion whether it needs brackets among others
 */
record QueryText(String text, boolean isUnion) {

  static final String LEAST = "-inf";
  static final String MOST = "+inf";

  static QueryText numbers(String field, String low, String high) {
    return new QueryText("@%s:[%s %s]".formatted(escaped(field), low, high), false);
  }

  /** One of some tags, of which none may be empty. */
  static QueryText tags(String field, List<String> values) {
    return new QueryText(
        "@%s:{%s}"
            .formatted(
                escaped(field),
                String.join(" | ", values.stream().map(QueryText::escaped).toList())),
        false);
  }

  static QueryText all(List<QueryText> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : new QueryText(
            String.join(
                " ",
                parts.stream().map(p -> p.isUnion ? "(" + p.text + ")" : p.text).toList()),
            false);
  }

  static QueryText any(List<QueryText> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : new QueryText(
            String.join(" | ", parts.stream().map(p -> "(" + p.text + ")").toList()), true);
  }

  /**
   * A name or a tag: what is neither a letter, a digit, an underscore nor beyond ASCII stands behind
   * a backslash.
   */
  static String escaped(String text) {
    var escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  private static boolean isPlain(char c) {
    return c >= 128 || c == '_' || Character.isLetterOrDigit(c);
  }

  /** Whether a name or tag can be written: the language has no way to say a control character. */
  static boolean isWritable(String text) {
    return !text.isEmpty() && text.chars().noneMatch(c -> c < ' ' || c == 127);
  }

  /** A number that is read back as the same double. */
  static String number(double value) {
    if (value == Double.NEGATIVE_INFINITY) {
      return LEAST;
    }
    return value == Double.POSITIVE_INFINITY ? MOST : plain(value);
  }

  private static String plain(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e18;
    return whole
        ? Long.toString((long) value)
        : new BigDecimal(Double.toString(value)).toPlainString();
  }
}
