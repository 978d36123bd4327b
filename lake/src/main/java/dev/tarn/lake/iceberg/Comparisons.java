package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr.Test;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of a column with a constant as Iceberg's expression over the column's own values.
 *
 * <p>The constant is a place on the line of numbers, or between two places that surely surround it
 * where its exact value is not known. The expression is true at least for every value for which the
 * comparison can be.
 */
final class Comparisons {

  private static final BigDecimal DAY = BigDecimal.valueOf(86_400_000_000L);

  /** Far more than what is lost when a number is made double precision, or single. */
  private static final BigDecimal DOUBLE_SLACK = BigDecimal.ONE.scaleByPowerOfTen(-14);

  private static final BigDecimal FLOAT_SLACK = BigDecimal.ONE.scaleByPowerOfTen(-6);

  /** Below these, whole numbers stay exact in floating point. */
  private static final BigDecimal DOUBLE_EXACT = BigDecimal.valueOf(1L << 53);

  private static final BigDecimal FLOAT_EXACT = BigDecimal.valueOf(1L << 24);

  private final Term term;
  private final Test test;

  private Comparisons(Term term, Test test) {
    this.term = term;
    this.test = test;
  }

  /**
   * The expression, or null when none can be given.
   *
   * @param test one of {@code = <> < <= > >=}
   */
  static @Nullable Expression of(Term term, Test test, Object value) {
    return new Comparisons(term, test).expression(value);
  }

  /** Comparison with the column on the other side. */
  static Test flipped(Test test) {
    return switch (test) {
      case LT -> Test.GT;
      case LE -> Test.GE;
      case GT -> Test.LT;
      case GE -> Test.LE;
      case EQ, NE, SAME, DIFFERENT -> test;
    };
  }

  /** The comparison that is true where this one is false. */
  static Test negated(Test test) {
    return switch (test) {
      case EQ -> Test.NE;
      case NE -> Test.EQ;
      case LT -> Test.GE;
      case LE -> Test.GT;
      case GT -> Test.LE;
      case GE -> Test.LT;
      case SAME -> Test.DIFFERENT;
      case DIFFERENT -> Test.SAME;
    };
  }

  private @Nullable Expression expression(Object value) {
    return switch (term.domain()) {
      case BOOLEAN -> value instanceof Boolean b ? truth(b) : null;
      case NUMBER, AS_FLOAT, AS_DOUBLE -> value instanceof Number n ? number(n) : null;
      case NAIVE, ZONED, DAY, CLOCK -> time(value);
      case TEXT -> value instanceof String text ? direct(text) : null;
      case BYTES -> value instanceof byte[] bytes ? direct(ByteBuffer.wrap(bytes)) : null;
      // engines differ in the order of UUIDs
      case UUID -> value instanceof UUID && isEquality() ? direct(value) : null;
    };
  }

  private boolean isEquality() {
    return test == Test.EQ || test == Test.NE;
  }

  private Expression truth(boolean value) {
    boolean holdsForFalse = holds(Boolean.compare(false, value));
    boolean holdsForTrue = holds(Boolean.compare(true, value));
    if (holdsForFalse == holdsForTrue) {
      return holdsForTrue ? present() : Expressions.alwaysFalse();
    }
    return Expressions.equal(term.name(), holdsForTrue);
  }

  private boolean holds(int order) {
    return switch (test) {
      case EQ, SAME -> order == 0;
      case NE, DIFFERENT -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
    };
  }

  // ---- values that Iceberg orders as the engine does

  private Expression direct(Object value) {
    return predicate(
        switch (test) {
          case EQ, SAME -> Expression.Operation.EQ;
          case NE, DIFFERENT -> Expression.Operation.NOT_EQ;
          case LT -> Expression.Operation.LT;
          case LE -> Expression.Operation.LT_EQ;
          case GT -> Expression.Operation.GT;
          case GE -> Expression.Operation.GT_EQ;
        },
        value);
  }

  /** The predicate; without nulls, for which Iceberg takes some of them to be true. */
  private Expression predicate(Expression.Operation operation, Object value) {
    Expression predicate = Expressions.predicate(operation, term.name(), value);
    return switch (operation) {
      case LT, LT_EQ, NOT_EQ -> Expressions.and(present(), predicate);
      default -> predicate;
    };
  }

  private Expression present() {
    return Expressions.notNull(term.name());
  }

  // ---- numbers

  private Expression number(Number value) {
    Type.TypeID type = term.type().typeId();
    if (type == Type.TypeID.FLOAT || type == Type.TypeID.DOUBLE) {
      return new FloatComparisons(term, test).expression(value);
    }
    if (!isFinite(value)) {
      return beyond(value.doubleValue() == Double.NEGATIVE_INFINITY ? -1 : 1);
    }
    return switch (term.domain()) {
      case AS_DOUBLE -> rounded(value, value.doubleValue(), DOUBLE_EXACT, DOUBLE_SLACK);
      case AS_FLOAT -> rounded(value, value.floatValue(), FLOAT_EXACT, FLOAT_SLACK);
      default -> exactly(Values.exact(value));
    };
  }

  static boolean isFinite(Number value) {
    return switch (value) {
      case Double n -> Double.isFinite(n);
      case Float n -> Float.isFinite(n);
      default -> true;
    };
  }

  /** Numbers that were made floating point before they are compared with a constant. */
  private Expression rounded(Number value, double constant, BigDecimal exact, BigDecimal slack) {
    BigDecimal middle = Double.isFinite(constant) ? new BigDecimal(constant) : Values.exact(value);
    boolean isWholeColumn = term.type().typeId() != Type.TypeID.DECIMAL;
    if (isWholeColumn && middle.abs().compareTo(exact) < 0) {
      return exactly(middle);
    }
    BigDecimal distance = middle.abs().multiply(slack, MathContext.DECIMAL128);
    return between(middle.subtract(distance), middle.add(distance), BigDecimal.ONE);
  }

  private Expression exactly(BigDecimal value) {
    return between(value, value, BigDecimal.ONE);
  }

  // ---- dates and times, on a line of microseconds

  private @Nullable Expression time(Object value) {
    BigDecimal micros = micros(value);
    if (micros == null) {
      return null;
    }
    if (term.domain() == Term.Domain.DAY) {
      return ofDay(micros);
    }
    return between(micros, micros, term.type().typeId() == Type.TypeID.DATE ? DAY : BigDecimal.ONE);
  }

  private @Nullable BigDecimal micros(Object value) {
    return switch (term.domain()) {
      case NAIVE ->
          value instanceof LocalDate || value instanceof LocalDateTime ? sinceEpoch(value) : null;
      case DAY -> value instanceof LocalDate ? sinceEpoch(value) : null;
      case ZONED ->
          switch (value) {
            case OffsetDateTime time -> sinceEpoch(time);
            case Instant time -> sinceEpoch(time);
            case ZonedDateTime time -> sinceEpoch(time.toInstant());
            default -> null;
          };
      default -> value instanceof LocalTime time ? sinceMidnight(time) : null;
    };
  }

  private static BigDecimal sinceEpoch(Object value) {
    LocalDateTime time = Values.utc(value);
    return BigDecimal.valueOf(time.toEpochSecond(ZoneOffset.UTC))
        .scaleByPowerOfTen(6)
        .add(BigDecimal.valueOf(time.get(ChronoField.NANO_OF_SECOND), 3));
  }

  private static BigDecimal sinceMidnight(LocalTime time) {
    return BigDecimal.valueOf(ChronoUnit.NANOS.between(LocalTime.MIDNIGHT, time), 3);
  }

  /** A timestamp of which only the date is compared. */
  private Expression ofDay(BigDecimal start) {
    BigDecimal end = start.add(DAY);
    return switch (test) {
      case EQ, SAME -> Expressions.and(at(Test.GE, start), at(Test.LT, end));
      case NE, DIFFERENT -> Expressions.or(at(Test.LT, start), at(Test.GE, end));
      case LT -> at(Test.LT, start);
      case LE -> at(Test.LT, end);
      case GT -> at(Test.GE, end);
      case GE -> at(Test.GE, start);
    };
  }

  private Expression at(Test other, BigDecimal micros) {
    return new Comparisons(term, other).between(micros, micros, BigDecimal.ONE);
  }

  // ---- columns whose values are whole steps on a line

  /**
   * Compares with a constant that is not below {@code low} and not above {@code high}.
   *
   * @param unit how far the column's 1 is from its 0
   */
  private Expression between(BigDecimal low, BigDecimal high, BigDecimal unit) {
    int scale = term.type() instanceof org.apache.iceberg.types.Types.DecimalType d ? d.scale() : 0;
    BigDecimal step = unit.scaleByPowerOfTen(-scale);
    BigInteger lowFloor = steps(low, step, RoundingMode.FLOOR);
    BigInteger lowCeiling = steps(low, step, RoundingMode.CEILING);
    BigInteger highFloor = steps(high, step, RoundingMode.FLOOR);
    BigInteger highCeiling = steps(high, step, RoundingMode.CEILING);
    return switch (test) {
      case GT -> ordered(Expression.Operation.GT, lowFloor);
      case GE -> ordered(Expression.Operation.GT_EQ, lowCeiling);
      case LT -> ordered(Expression.Operation.LT, highCeiling);
      case LE -> ordered(Expression.Operation.LT_EQ, highFloor);
      case EQ, SAME -> equal(lowCeiling, highFloor);
      case NE, DIFFERENT ->
          low.compareTo(high) == 0 && lowFloor.equals(lowCeiling) && fits(lowFloor)
              ? predicate(Expression.Operation.NOT_EQ, literal(lowFloor))
              : present();
    };
  }

  private static BigInteger steps(BigDecimal value, BigDecimal step, RoundingMode rounding) {
    return value.divide(step, 0, rounding).toBigInteger();
  }

  private Expression equal(BigInteger low, BigInteger high) {
    if (low.compareTo(high) == 0) {
      return fits(low)
          ? predicate(Expression.Operation.EQ, literal(low))
          : Expressions.alwaysFalse();
    }
    return low.compareTo(high) > 0
        ? Expressions.alwaysFalse()
        : Expressions.and(
            ordered(Expression.Operation.GT_EQ, low), ordered(Expression.Operation.LT_EQ, high));
  }

  private Expression ordered(Expression.Operation operation, BigInteger steps) {
    if (!fits(steps)) {
      return new Comparisons(term, test(operation)).beyond(steps.signum());
    }
    return isLower(operation) && isNearMinimum(steps)
        ? present()
        : predicate(operation, literal(steps));
  }

  private static boolean isLower(Expression.Operation operation) {
    return operation == Expression.Operation.GT || operation == Expression.Operation.GT_EQ;
  }

  /**
   * Iceberg's truncate wraps around below the least number, to great ones; so close to it a bound
   * from below would lose rows in partitions by truncate.
   */
  private boolean isNearMinimum(BigInteger steps) {
    return switch (term.type().typeId()) {
      case INTEGER -> steps.compareTo(BigInteger.valueOf(Integer.MIN_VALUE / 2)) < 0;
      case LONG -> steps.compareTo(BigInteger.valueOf(Long.MIN_VALUE / 2)) < 0;
      default -> false;
    };
  }

  private static Test test(Expression.Operation operation) {
    return switch (operation) {
      case GT -> Test.GT;
      case GT_EQ -> Test.GE;
      case LT -> Test.LT;
      case LT_EQ -> Test.LE;
      default -> throw new IllegalArgumentException(operation.name());
    };
  }

  /** Compares with a constant that is greater than every value there can be, or less. */
  private Expression beyond(int side) {
    return holds(-side) ? present() : Expressions.alwaysFalse();
  }

  private boolean fits(BigInteger steps) {
    return switch (term.type()) {
      case org.apache.iceberg.types.Types.DecimalType decimal ->
          steps.abs().compareTo(BigInteger.TEN.pow(decimal.precision())) < 0;
      default -> steps.bitLength() < (isInt() ? 32 : 64);
    };
  }

  private boolean isInt() {
    return switch (term.type().typeId()) {
      case INTEGER, DATE -> true;
      default -> false;
    };
  }

  private Object literal(BigInteger steps) {
    return switch (term.type()) {
      case org.apache.iceberg.types.Types.DecimalType decimal ->
          new BigDecimal(steps, decimal.scale());
      default -> isInt() ? (Object) steps.intValueExact() : (Object) steps.longValueExact();
    };
  }
}
