package dev.tarn.lake;

import dev.tarn.error.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;

/**
 * What rows of one partition have in common: a value made of a column. Queries need not know of it:
 * a filter on the column prunes. As defined by the Iceberg table specification.
 *
 * @param column by name; a member of a struct by names with dots between them
 * @param parameter the number of buckets, or the width of a truncation; 0 for other kinds
 */
public record Transform(Kind kind, String column, int parameter) {

  private static final Pattern TEXT =
      Pattern.compile(
          "\\s*(?:(year|month|day|hour|identity)\\s*\\(\\s*(.+?)\\s*\\)"
              + "|(bucket|truncate)\\s*\\(\\s*(\\d+)\\s*,\\s*(.+?)\\s*\\)"
              + "|([^()]+?))\\s*",
          Pattern.CASE_INSENSITIVE);

  /** How the value is made. */
  public enum Kind {
    /** The value itself. */
    IDENTITY,
    /** Of a date or timestamp, as of the next three: years since 1970. */
    YEAR,
    /** Months since 1970-01. */
    MONTH,
    /** Days since 1970-01-01. */
    DAY,
    /** Hours since 1970-01-01 00:00. */
    HOUR,
    /** A hash of the value, modulo a number of buckets. */
    BUCKET,
    /** The first characters of a text, or a number rounded down to a multiple. */
    TRUNCATE
  }

  public Transform {
    boolean counted = kind == Kind.BUCKET || kind == Kind.TRUNCATE;
    if (counted && parameter < 1) {
      throw new InvalidRequest(
          "Cannot partition by %s(%d, %s): the number must be 1 or more."
              .formatted(kind.name().toLowerCase(Locale.ROOT), parameter, column));
    }
  }

  /** Reads one as {@link #toString()} writes it: {@code month(date)}, {@code bucket(16, id)}. */
  public static Transform parse(String text) {
    Matcher match = TEXT.matcher(text);
    if (!match.matches()) {
      throw new InvalidRequest(
          "Cannot partition by %s: write a column, year(c), month(c), day(c), hour(c), bucket(n, c) or truncate(n, c)."
              .formatted(text));
    }
    if (match.group(1) != null) {
      return new Transform(kind(match.group(1)), match.group(2), 0);
    }
    return match.group(3) != null
        ? new Transform(kind(match.group(3)), match.group(5), number(match.group(4)))
        : new Transform(Kind.IDENTITY, match.group(6), 0);
  }

  /** Reads several with commas between them. */
  public static List<Transform> parseAll(String text) {
    var parts = new ArrayList<Transform>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == text.length())) {
        parts.add(parse(text.substring(start, i)));
        start = i + 1;
      }
    }
    return parts;
  }

  private static Kind kind(String word) {
    return Kind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new InvalidRequest(
          "Cannot partition by so many: %s is too large a number.".formatted(digits), e);
    }
  }

  /** For {@code updateSpec()}; the column must be named as the table has it. */
  Term term(String name) {
    return switch (kind) {
      case IDENTITY -> Expressions.ref(name);
      case YEAR -> Expressions.year(name);
      case MONTH -> Expressions.month(name);
      case DAY -> Expressions.day(name);
      case HOUR -> Expressions.hour(name);
      case BUCKET -> Expressions.bucket(name, parameter);
      case TRUNCATE -> Expressions.truncate(name, parameter);
    };
  }

  PartitionSpec.Builder addTo(PartitionSpec.Builder spec, String name) {
    return switch (kind) {
      case IDENTITY -> spec.identity(name);
      case YEAR -> spec.year(name);
      case MONTH -> spec.month(name);
      case DAY -> spec.day(name);
      case HOUR -> spec.hour(name);
      case BUCKET -> spec.bucket(name, parameter);
      case TRUNCATE -> spec.truncate(name, parameter);
    };
  }

  @Override
  public String toString() {
    String word = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case IDENTITY -> column;
      case BUCKET, TRUNCATE -> "%s(%d, %s)".formatted(word, parameter, column);
      default -> "%s(%s)".formatted(word, column);
    };
  }
}
