package dev.tarn.duckdb;

import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.Test;
import java.util.ArrayList;
import java.util.List;

/**
 * Floating-point zeros in filters. To DuckDB 0.0 and -0.0 are equal; to {@link Double#compare} and
 * to many a source -0.0 is less. The filters made here hold for both.
 */
final class Zeros {

  private Zeros() {}

  /**
   * A comparison.
   *
   * @param keeps whether the rows for which it is true are kept, so that it may be true too often
   */
  static Expr compare(Test test, Expr left, Expr right, boolean keeps) {
    if (!isZero(right)) {
      return new Expr.Comparison(test, left, right);
    }
    return switch (test) {
      case LT, GE -> new Expr.Comparison(test, left, negative(right));
      case GT, LE -> new Expr.Comparison(test, left, positive(right));
      case EQ -> new Expr.In(left, both(List.of(right)));
      case NE -> new Expr.Not(new Expr.In(left, both(List.of(right))));
      case SAME, DIFFERENT -> {
        if (!keeps || test == Test.DIFFERENT) {
          throw new NotUnderstood();
        }
        yield new Expr.In(left, both(List.of(right)));
      }
    };
  }

  static Expr negative(Expr expr) {
    return isZero(expr) ? zero(expr, -0.0f) : expr;
  }

  static Expr positive(Expr expr) {
    return isZero(expr) ? zero(expr, 0.0f) : expr;
  }

  /** The values, with both zeros where one is among them. */
  static List<Expr> both(List<Expr> values) {
    var result = new ArrayList<Expr>();
    for (Expr value : values) {
      result.add(positive(value));
      if (isZero(value)) {
        result.add(negative(value));
      }
    }
    return result;
  }

  private static boolean isZero(Expr expr) {
    return expr instanceof Expr.Literal literal
        && ((literal.value() instanceof Double d && d == 0)
            || (literal.value() instanceof Float f && f == 0));
  }

  private static Expr zero(Expr like, float zero) {
    boolean isFloat = like instanceof Expr.Literal literal && literal.value() instanceof Float;
    return new Expr.Literal(isFloat ? (Object) zero : (Object) (double) zero);
  }
}
