package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons with a column of numbers as ranges of the index, which finds at least the rows for
 * which they are true.
 *
 * <p>The index has the double next to a value's text, and may keep it as a float where that is off
 * by less than 0.01. So a bound goes outwards to a float, and belongs to the range; only where all
 * values are whole and doubles hold them exactly, a bound can be left out.
 */
enum Numeric {
  /** Whole numbers. */
  WHOLE,
  /** Decimals, and doubles, which are the doubles next to their texts as in the index. */
  EXACT,
  /** Floats next to the texts: the index has not rounded so far. */
  FLOAT;

  private static final BigDecimal FIRST_INEXACT = new BigDecimal(BigInteger.ONE.shiftLeft(53));

  /** Empty for what is no number, or none that the index has. */
  static Optional<Numeric> of(DataType type) {
    return switch (type) {
      case DataType.Decimal decimal -> Optional.of(EXACT);
      case DataType.Simple simple ->
          switch (simple) {
            case TINYINT,
                SMALLINT,
                INTEGER,
                BIGINT,
                HUGEINT,
                UTINYINT,
                USMALLINT,
                UINTEGER,
                UBIGINT,
                UHUGEINT ->
                Optional.of(WHOLE);
            case DOUBLE -> Optional.of(EXACT);
            case FLOAT -> Optional.of(FLOAT);
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  /** Every number. */
  static QueryText any(String field) {
    return QueryText.numbers(field, QueryText.LEAST, QueryText.MOST);
  }

  /** Null where the constant is no number, or the test tells nothing. */
  @Nullable QueryText compared(String field, Expr.Test test, @Nullable Object constant) {
    BigDecimal value = number(constant);
    if (value == null) {
      return null;
    }
    return switch (test) {
      case EQ, SAME -> QueryText.numbers(field, low(value), high(value));
      case GE -> QueryText.numbers(field, low(value), QueryText.MOST);
      case LE -> QueryText.numbers(field, QueryText.LEAST, high(value));
      case GT -> QueryText.numbers(field, beyond(value) + low(value), QueryText.MOST);
      case LT -> QueryText.numbers(field, QueryText.LEAST, beyond(value) + high(value));
      case NE -> unequal(field, value);
      case DIFFERENT -> null; // also of nulls
    };
  }

  private QueryText unequal(String field, BigDecimal value) {
    if (beyond(value).isEmpty()) {
      return any(field);
    }
    return QueryText.any(
        List.of(
            QueryText.numbers(field, QueryText.LEAST, "(" + high(value)),
            QueryText.numbers(field, "(" + low(value), QueryText.MOST)));
  }

  /** What stands before a bound that does not belong to the range. */
  private String beyond(BigDecimal value) {
    boolean whole = value.stripTrailingZeros().scale() <= 0;
    return this == WHOLE && whole && value.abs().compareTo(FIRST_INEXACT) < 0 ? "(" : "";
  }

  private String low(BigDecimal value) {
    double nearest = value.doubleValue();
    if (nearest == Double.NEGATIVE_INFINITY) {
      return QueryText.LEAST;
    }
    double low = Math.min(nearest, Double.MAX_VALUE);
    if (new BigDecimal(low).compareTo(value) > 0) {
      low = Math.nextDown(low);
    }
    return QueryText.number(Math.min(low, below(low)));
  }

  private String high(BigDecimal value) {
    return mirrored(low(value.negate()));
  }

  /** A range is the same from its other end. */
  private static String mirrored(String bound) {
    return switch (bound) {
      case QueryText.LEAST -> QueryText.MOST;
      case QueryText.MOST -> QueryText.LEAST;
      case "0" -> bound;
      default -> bound.startsWith("-") ? bound.substring(1) : "-" + bound;
    };
  }

  /** What no number of at least so much becomes less than where it is made a float. */
  private double below(double low) {
    float near = (float) low;
    return switch (this) {
      case WHOLE -> low;
      case EXACT -> Float.isInfinite(near) ? low : near;
      case FLOAT -> Math.nextDown(Math.nextDown(Math.min(near, Float.MAX_VALUE)));
    };
  }

  private static @Nullable BigDecimal number(@Nullable Object constant) {
    return switch (constant) {
      case BigDecimal decimal -> decimal;
      case Double number -> Double.isFinite(number) ? new BigDecimal(number) : null;
      case Float number -> Float.isFinite(number) ? new BigDecimal(number) : null;
      case Number whole -> new BigDecimal(whole.toString());
      case null, default -> null;
    };
  }
}
