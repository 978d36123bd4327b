package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr.Test;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/**
 * Comparisons of FLOAT and DOUBLE columns with a constant. For the engine NaN equals itself and is
 * greater than all else, and the two zeros are one; for Iceberg bounds know nothing of NaN, and
 * -0.0 is less than 0.0.
 */
final class FloatComparisons {

  private final Term term;
  private final Test test;

  FloatComparisons(Term term, Test test) {
    this.term = term;
    this.test = test;
  }

  Expression expression(Number value) {
    if (!Comparisons.isFinite(value)) {
      double special = value.doubleValue();
      return Double.isNaN(special) ? withNaN() : between(special, special);
    }
    BigDecimal exact = Values.exact(value);
    double nearest = nearest(exact);
    if (nearest == 0 && exact.signum() == 0) {
      return between(-0.0, 0.0);
    }
    int order = Double.isInfinite(nearest) ? (nearest > 0 ? 1 : -1) : compare(nearest, exact);
    return order == 0
        ? between(nearest, nearest)
        : order > 0 ? between(down(nearest), nearest) : between(nearest, up(nearest));
  }

  private static int compare(double nearest, BigDecimal exact) {
    return new BigDecimal(nearest).compareTo(exact);
  }

  private boolean isFloat() {
    return term.type().typeId() == Type.TypeID.FLOAT;
  }

  private double nearest(BigDecimal value) {
    return isFloat() ? value.floatValue() : value.doubleValue();
  }

  private double down(double value) {
    return isFloat() ? Math.nextDown((float) value) : Math.nextDown(value);
  }

  private double up(double value) {
    return isFloat() ? Math.nextUp((float) value) : Math.nextUp(value);
  }

  private Expression withNaN() {
    return switch (test) {
      case EQ, SAME, GE -> nan();
      case GT -> Expressions.alwaysFalse();
      case LT, LE, NE, DIFFERENT -> present();
    };
  }

  /**
   * Compares with a constant between two neighbours, of which the engine may take either one for
   * it; the two are the same where it is one of the column's values, and the two zeros for zero.
   */
  private Expression between(double low, double high) {
    boolean exact = low == high;
    return switch (test) {
      case GT -> orNaN(predicate(Expression.Operation.GT, exact ? high : low));
      case GE -> orNaN(predicate(Expression.Operation.GT_EQ, low));
      case LT -> and(predicate(Expression.Operation.LT, exact ? low : high));
      case LE -> and(predicate(Expression.Operation.LT_EQ, high));
      case EQ, SAME -> oneOf(low, high);
      case NE, DIFFERENT -> exact ? and(orNaN(noneOf(low, high))) : present();
    };
  }

  private Expression oneOf(double low, double high) {
    return Double.compare(low, high) == 0
        ? predicate(Expression.Operation.EQ, low)
        : Expressions.in(term.name(), literals(low, high));
  }

  private Expression noneOf(double low, double high) {
    return Double.compare(low, high) == 0
        ? predicate(Expression.Operation.NOT_EQ, low)
        : Expressions.notIn(term.name(), literals(low, high));
  }

  private List<Object> literals(double... values) {
    Collection<Double> boxed = Stream.of(values[0], values[1]).toList();
    return boxed.stream().map(this::literal).toList();
  }

  private Expression predicate(Expression.Operation operation, double value) {
    return Expressions.predicate(operation, term.name(), literal(value));
  }

  private Object literal(double value) {
    return isFloat() ? (Object) (float) value : (Object) value;
  }

  private Expression and(Expression expression) {
    return Expressions.and(present(), expression);
  }

  private Expression orNaN(Expression expression) {
    return Expressions.or(expression, nan());
  }

  private Expression nan() {
    return Expressions.isNaN(term.name());
  }

  private Expression present() {
    return Expressions.notNull(term.name());
  }
}
