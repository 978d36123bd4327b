package dev.tarn.redis.search;

import dev.tarn.expr.SearchCondition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a query in the language of the index. Written so that it means the same in all dialects
 * and in version 1: every arm of a union stands in brackets, numbers have no exponents.
 *
 * @param isUnion whether it needs brackets among others
 * @param range what it is, where it is a range of numbers
 */
record QueryText(String text, boolean isUnion, @Nullable Range range) {

  /** Numbers of a field; a bound with a bracket before it does not belong to them. */
  private record Range(String field, String low, String high) {

    /** Both at once where each has but one end; null where they do not join so. */
    @Nullable Range and(Range other) {
      if (!field.equals(other.field)) {
        return null;
      }
      if (high.equals(MOST) && other.low.equals(LEAST)) {
        return new Range(field, low, other.high).orNull();
      }
      return low.equals(LEAST) && other.high.equals(MOST)
          ? new Range(field, other.low, high).orNull()
          : null;
    }

    /** A range of nothing is an error to newer servers, where two ranges are none. */
    private @Nullable Range orNull() {
      return value(low) > value(high) ? null : this;
    }

    private static double value(String bound) {
      String number = bound.startsWith("(") ? bound.substring(1) : bound;
      return switch (number) {
        case LEAST -> Double.NEGATIVE_INFINITY;
        case MOST -> Double.POSITIVE_INFINITY;
        default -> Double.parseDouble(number);
      };
    }
  }

  QueryText(String text, boolean isUnion) {
    this(text, isUnion, null);
  }

  static final String LEAST = "-inf";
  static final String MOST = "+inf";

  static QueryText numbers(String field, String low, String high) {
    return of(new Range(field, low, high));
  }

  private static QueryText of(Range range) {
    return new QueryText(
        "@%s:[%s %s]".formatted(escaped(range.field), range.low, range.high), false, range);
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

  /** Places near another; the server has them in degrees, and the distance in metres. */
  static QueryText near(String field, SearchCondition.Near near) {
    return new QueryText(
        "@%s:[%s %s %s m]"
            .formatted(
                escaped(field),
                plain(near.longitude()),
                plain(near.latitude()),
                plain(near.metres())),
        false);
  }

  /** The nearest of what stands before it. */
  static QueryText nearest(String field, int count) {
    return new QueryText(
        "=>[KNN %d @%s $%s AS %s]"
            .formatted(count, escaped(field), SearchCommands.VECTOR, SearchCommands.DISTANCE),
        false);
  }

  static QueryText all(List<QueryText> given) {
    var parts = new ArrayList<QueryText>();
    given.forEach(part -> join(part, parts));
    return parts.size() == 1
        ? parts.getFirst()
        : new QueryText(
            String.join(
                " ", parts.stream().map(p -> p.isUnion ? "(" + p.text + ")" : p.text).toList()),
            false);
  }

  /** Two ends of a range are one range, which takes the index a part of the time. */
  private static void join(QueryText part, List<QueryText> parts) {
    for (int i = 0; i < parts.size() && part.range != null; i++) {
      Range other = parts.get(i).range;
      Range both = other == null ? null : other.and(part.range);
      if (both != null) {
        parts.set(i, of(both));
        return;
      }
    }
    parts.add(part);
  }

  static QueryText any(List<QueryText> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : new QueryText(
            String.join(" | ", parts.stream().map(p -> "(" + p.text + ")").toList()), true);
  }

  /**
   * A name or a tag: what is neither a letter, a digit, an underscore nor beyond ASCII stands
   * behind a backslash.
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
