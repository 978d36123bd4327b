package dev.tarn.redis.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranges against what an index does: it keeps the next double, or a float that is near it. */
class NumericTest {

  private static final Pattern RANGE = Pattern.compile("@n:\\[(\\(?)(\\S+) (\\(?)(\\S+)]");

  private static final List<String> EXTREMES =
      List.of(
          "0",
          "1e308",
          "5e-324",
          "2.2250738585072014e-308",
          "1e-45",
          "3.4028234e38",
          "3.4028236e38",
          "0.30000000000000004",
          "0.1",
          "16777217",
          "16777219",
          "9007199254740993",
          "9007199254740995",
          "9223372036854775807");

  @ParameterizedTest
  @EnumSource(Numeric.class)
  void aRangeHasAllThatComparesSo(Numeric numeric) {
    Seeds.each(
        Seeds.rounds(100, 20_000),
        random -> {
          for (int i = 0; i < 100; i++) {
            check(numeric, random);
          }
        });
  }

  private static void check(Numeric numeric, Random random) {
    BigDecimal value = text(numeric, random);
    BigDecimal constant = random.nextBoolean() ? near(value, random) : text(numeric, random);
    switch (numeric) {
      case WHOLE -> check(numeric, value, constant, value.compareTo(constant));
      case EXACT -> {
        check(numeric, value, constant, value.compareTo(constant));
        double number = value.doubleValue();
        double other = constant.doubleValue();
        if (Double.isFinite(
            other)) { // a DOUBLE is compared as one, however the constant is written
          check(numeric, value, constant, order(number, other));
          check(numeric, value, other, order(number, other));
        }
      }
      case FLOAT -> {
        float number = Float.parseFloat(value.toString());
        float other = constant.floatValue();
        if (Float.isFinite(other)) {
          check(numeric, value, constant, order(number, other));
          check(numeric, value, other, order(number, other));
          check(numeric, value, constant.doubleValue(), order(number, constant.doubleValue()));
        }
      }
    }
  }

  /** Zeros of both signs are equal. */
  private static int order(double left, double right) {
    return Double.compare(left + 0.0, right + 0.0);
  }

  private static void check(Numeric numeric, BigDecimal value, Object literal, int order) {
    for (Expr.Test test : Expr.Test.values()) {
      QueryText range = numeric.compared("n", test, literal);
      if (range != null && isTrue(test, order)) {
        assertThat(List.of(value.doubleValue(), kept(value.doubleValue())))
            .as("%s %s %s: %s", value, test, literal, range.text())
            .allMatch(number -> has(range.text(), number));
      }
    }
  }

  private static BigDecimal text(Numeric numeric, Random random) {
    BigDecimal number =
        switch (random.nextInt(6)) {
          case 0 -> new BigDecimal(random.nextInt(200) - 100);
          case 1 -> new BigDecimal(random.nextLong());
          case 2 ->
              new BigDecimal(BigInteger.ONE.shiftLeft(53))
                  .add(new BigDecimal(random.nextInt(7) - 3));
          case 3 -> new BigDecimal(random.nextInt()).movePointLeft(random.nextInt(12));
          case 4 -> new BigDecimal(EXTREMES.get(random.nextInt(EXTREMES.size())));
          default -> new BigDecimal(random.nextDouble() * Math.pow(10, random.nextInt(60) - 30));
        };
    BigDecimal signed = random.nextBoolean() ? number : number.negate();
    return numeric == Numeric.WHOLE ? new BigDecimal(signed.toBigInteger()) : signed;
  }

  private static BigDecimal near(BigDecimal value, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> value;
      case 1 -> value.add(BigDecimal.ONE);
      case 2 -> new BigDecimal(Math.clamp(value.floatValue(), -Float.MAX_VALUE, Float.MAX_VALUE));
      default -> new BigDecimal(Math.nextUp(value.doubleValue()));
    };
  }

  private static boolean isTrue(Expr.Test test, int order) {
    return switch (test) {
      case EQ, SAME -> order == 0;
      case NE, DIFFERENT -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
    };
  }

  /** Version 1 keeps a float where it is off by less than 0.01, and whole numbers as they are. */
  private static double kept(double number) {
    boolean near = Math.abs(number - (float) number) < 0.01 && number != Math.rint(number);
    return near ? (float) number : number;
  }

  private static boolean has(String query, double number) {
    Matcher range = RANGE.matcher(query);
    boolean found = false;
    while (range.find()) {
      double low = bound(range.group(2));
      double high = bound(range.group(4));
      boolean above = range.group(1).isEmpty() ? number >= low : number > low;
      boolean below = range.group(3).isEmpty() ? number <= high : number < high;
      found |= above && below;
    }
    return found;
  }

  private static double bound(String text) {
    return switch (text) {
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "+inf" -> Double.POSITIVE_INFINITY;
      default -> {
        assertThat(text).matches("-?\\d+(\\.\\d+)?");
        yield Double.parseDouble(text);
      }
    };
  }

  @Test
  void leavesABoundOutOnlyWhereItIsCertain() {
    assertThat(compared(Numeric.WHOLE, Expr.Test.GT, 30L)).isEqualTo("@n:[(30 +inf]");
    assertThat(compared(Numeric.WHOLE, Expr.Test.LT, -30L)).isEqualTo("@n:[-inf (-30]");
    assertThat(compared(Numeric.WHOLE, Expr.Test.GT, 1L << 53))
        .isEqualTo("@n:[9007199254740992 +inf]");
    assertThat(compared(Numeric.WHOLE, Expr.Test.GT, new BigDecimal("30.5")))
        .isEqualTo("@n:[30.5 +inf]");
    assertThat(compared(Numeric.EXACT, Expr.Test.GT, 30.0)).isEqualTo("@n:[30 +inf]");
    assertThat(compared(Numeric.EXACT, Expr.Test.EQ, new BigDecimal("10.1")))
        .isEqualTo("@n:[10.1 10.100000381469727]");
    assertThat(Numeric.of(DataType.VARCHAR)).isEmpty();
    assertThat(Numeric.EXACT.compared("n", Expr.Test.GT, Double.NaN)).isNull();
  }

  private static String compared(Numeric numeric, Expr.Test test, Object constant) {
    return numeric.compared("n", test, constant).text();
  }
}
