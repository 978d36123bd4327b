package dev.tarn.redis.scan;

import dev.tarn.expr.Expr;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two ends, which belong to it; rather too many than too few. None where {@code
 * low} is more than {@code high}.
 */
record Interval(double low, double high) {

  static final Interval ALL = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  static final Interval NONE = new Interval(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /** A number, with its neighbours where it is no double; all for what is no number. */
  static Interval of(@Nullable Object value) {
    if (!(value instanceof Number number) || Double.isNaN(number.doubleValue())) {
      return ALL;
    }
    double nearest = number.doubleValue();
    boolean exact =
        number instanceof Double
            || number instanceof Float
            || (Double.isFinite(nearest)
                && new BigDecimal(nearest).compareTo(new BigDecimal(number.toString())) == 0);
    return exact
        ? new Interval(nearest, nearest)
        : new Interval(Math.nextDown(nearest), Math.nextUp(nearest));
  }

  /** What is left of a column's values where a test with a constant is true. */
  interface Reading {
    Interval of(Expr.Test test, @Nullable Object constant);
  }

  /** What a column's value is in, where all filters are true. */
  static Interval of(List<Expr> filters, String column, Reading reading) {
    return filters.stream().map(filter -> of(filter, column, reading)).reduce(ALL, Interval::and);
  }

  private static Interval of(Expr filter, String column, Reading reading) {
    return switch (filter) {
      case Expr.Comparison(Expr.Test test, Expr left, Expr.Literal(Object value))
          when isColumn(left, column) ->
          reading.of(test, value);
      case Expr.Comparison(Expr.Test test, Expr.Literal(Object value), Expr right)
          when isColumn(right, column) ->
          reading.of(mirrored(test), value);
      case Expr.Between(Expr operand, Expr.Literal(Object low), Expr.Literal(Object high))
          when isColumn(operand, column) ->
          reading.of(Expr.Test.GE, low).and(reading.of(Expr.Test.LE, high));
      case Expr.In(Expr operand, List<Expr> values) when isColumn(operand, column) ->
          values.stream()
              .map(each ->
                  each instanceof Expr.Literal(Object value)
                      ? reading.of(Expr.Test.EQ, value)
                      : ALL)
              .reduce(NONE, Interval::or);
      case Expr.And(List<Expr> operands) -> of(operands, column, reading);
      case Expr.Or(List<Expr> operands) ->
          operands.stream().map(operand -> of(operand, column, reading)).reduce(NONE, Interval::or);
      default -> ALL;
    };
  }

  /** Those that compare so with the numbers of another. */
  static Interval compared(Expr.Test test, Interval with) {
    return switch (test) {
      case EQ, SAME -> with;
      case LT, LE -> new Interval(Double.NEGATIVE_INFINITY, with.high);
      case GT, GE -> new Interval(with.low, Double.POSITIVE_INFINITY);
      case NE, DIFFERENT -> ALL;
    };
  }

  private static Expr.Test mirrored(Expr.Test test) {
    return switch (test) {
      case LT -> Expr.Test.GT;
      case LE -> Expr.Test.GE;
      case GT -> Expr.Test.LT;
      case GE -> Expr.Test.LE;
      case EQ, NE, SAME, DIFFERENT -> test;
    };
  }

  private static boolean isColumn(Expr expr, String name) {
    return expr instanceof Expr.Column column && column.name().equalsIgnoreCase(name);
  }

  Interval and(Interval other) {
    return new Interval(Math.max(low, other.low), Math.min(high, other.high));
  }

  /** The smallest that has all of both. */
  Interval or(Interval other) {
    return isEmpty()
        ? other
        : other.isEmpty()
            ? this
            : new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  boolean isAll() {
    return equals(ALL);
  }

  boolean isEmpty() {
    return low > high;
  }
}
