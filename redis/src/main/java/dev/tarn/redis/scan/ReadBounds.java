package dev.tarn.redis.scan;

import dev.tarn.expr.Expr;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a key's parts a query can need, by the filters that it has. More may be read: the engine
 * looks at each row again.
 *
 * @param millis moments of entries and samples
 * @param indexes ranks of members, positions of elements
 */
record ReadBounds(Span millis, Interval scores, Span indexes) {

  static final ReadBounds ALL = new ReadBounds(Span.ALL, Interval.ALL, Span.ALL);

  private static final Pattern ENTRY_ID = Pattern.compile("(\\d{1,18})-\\d{1,20}");

  /** What filters leave of a table; each of them is true for all rows that are needed. */
  static ReadBounds of(ScanSpec spec, List<Expr> filters) {
    Interval millis = Interval.ALL;
    Interval scores = Interval.ALL;
    Interval indexes = Interval.ALL;
    for (ScanColumn column : spec.columns()) {
      String name = column.name();
      switch (column.role()) {
        case TIME -> millis = millis.and(Interval.of(filters, name, ReadBounds::moment));
        case ENTRY_ID -> millis = millis.and(Interval.of(filters, name, ReadBounds::entry));
        case SCORE -> scores = scores.and(Interval.of(filters, name, ReadBounds::number));
        case RANK, POSITION ->
            indexes = indexes.and(Interval.of(filters, name, ReadBounds::number));
        default -> {}
      }
    }
    return new ReadBounds(Span.of(millis), scores, Span.of(indexes));
  }

  /** Whether only some members of sorted sets can be needed. */
  boolean isOfRanks() {
    return !scores.isAll() || !indexes.isAll();
  }

  private static Interval number(Expr.Test test, @Nullable Object value) {
    return Interval.compared(test, Interval.of(value));
  }

  private static Interval moment(Expr.Test test, @Nullable Object value) {
    Instant moment =
        switch (value) {
          case OffsetDateTime time -> time.toInstant();
          case Instant instant -> instant;
          case null, default -> null;
        };
    if (moment == null) {
      return Interval.ALL;
    }
    try {
      return Interval.compared(test, Interval.of(moment.toEpochMilli()));
    } catch (ArithmeticException e) { // millions of years away
      return Interval.ALL;
    }
  }

  /**
   * The millisecond of an entry. Ranges of ids compare them as text, which says nothing of their
   * moments; one id does.
   */
  private static Interval entry(Expr.Test test, @Nullable Object value) {
    if (test != Expr.Test.EQ && test != Expr.Test.SAME) {
      return Interval.ALL;
    }
    Matcher id = ENTRY_ID.matcher(value instanceof String text ? text : "");
    return id.matches() ? Interval.of(Long.parseLong(id.group(1))) : Interval.ALL;
  }
}
