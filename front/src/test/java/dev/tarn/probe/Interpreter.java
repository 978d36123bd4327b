package dev.tarn.probe;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Filters in plain Java, for rows as maps. What it does not know it does not use. */
final class Interpreter {

  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown(Object what) {
      super(String.valueOf(what));
    }
  }

  private Interpreter() {}

  /** Whether a row can be left out. */
  static boolean drops(Expr filter, Map<String, Object> row) {
    return !Boolean.TRUE.equals(value(filter, row));
  }

  static Object value(Expr expr, Map<String, Object> row) {
    return switch (expr) {
      case Expr.Column e -> row.get(e.name());
      case Expr.Literal e -> e.value();
      case Expr.Comparison e -> comparison(e, value(e.left(), row), value(e.right(), row));
      case Expr.And e -> all(e.operands(), row, true);
      case Expr.Or e -> all(e.operands(), row, false);
      case Expr.Not e -> not(value(e.operand(), row));
      case Expr.IsNull e -> value(e.operand(), row) == null;
      case Expr.In e -> in(e, row);
      case Expr.Between e -> between(e, row);
      case Expr.Like e -> like(e, row);
      case Expr.Cast e -> cast(e, value(e.operand(), row));
      case Expr.Case e -> caseOf(e, row);
      case Expr.Call e -> call(e, e.arguments().stream().map(a -> value(a, row)).toList());
      case Expr.Member e ->
          value(e.operand(), row) instanceof Map<?, ?> struct ? struct.get(e.name()) : null;
      case Expr.Arithmetic e ->
          arithmetic(e.operator(), value(e.left(), row), value(e.right(), row));
      default -> throw new Unknown(expr);
    };
  }

  private static Object all(List<Expr> operands, Map<String, Object> row, boolean and) {
    boolean unknown = false;
    for (Expr operand : operands) {
      Object value = value(operand, row);
      if (value == null) {
        unknown = true;
      } else if ((Boolean) value != and) {
        return !and;
      }
    }
    return unknown ? null : and;
  }

  private static Object not(Object value) {
    return value == null ? null : !(Boolean) value;
  }

  private static Object comparison(Expr.Comparison e, Object x, Object y) {
    if (e.test() == Expr.Test.SAME || e.test() == Expr.Test.DIFFERENT) {
      boolean same = (x == null || y == null) ? (x == null && y == null) : compare(x, y) == 0;
      return same == (e.test() == Expr.Test.SAME);
    }
    if (x == null || y == null) {
      return null;
    }
    int c = compare(x, y);
    return switch (e.test()) {
      case EQ -> c == 0;
      case NE -> c != 0;
      case LT -> c < 0;
      case LE -> c <= 0;
      case GT -> c > 0;
      case GE -> c >= 0;
      case SAME, DIFFERENT -> throw new Unknown(e);
    };
  }

  private static Object in(Expr.In e, Map<String, Object> row) {
    Object x = value(e.operand(), row);
    if (x == null) {
      return null;
    }
    return e.values().stream().anyMatch(v -> compare(x, value(v, row)) == 0);
  }

  private static Object between(Expr.Between e, Map<String, Object> row) {
    Object x = value(e.operand(), row);
    Object low = value(e.low(), row);
    Object high = value(e.high(), row);
    Boolean above = (x == null || low == null) ? null : (Boolean) (compare(x, low) >= 0);
    Boolean below = (x == null || high == null) ? null : (Boolean) (compare(x, high) <= 0);
    if (Boolean.FALSE.equals(above) || Boolean.FALSE.equals(below)) {
      return false;
    }
    return (above == null || below == null) ? null : true;
  }

  /** Exact, and strict about types: a literal of the wrong type would be an error of the probe. */
  @SuppressWarnings("unchecked")
  static int compare(Object x, Object y) {
    if (x instanceof String a && y instanceof String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
    if (x instanceof byte[] a && y instanceof byte[] b) {
      return Arrays.compareUnsigned(a, b);
    }
    if (x instanceof UUID a && y instanceof UUID b) {
      return a.toString().compareTo(b.toString());
    }
    if (x instanceof Number a && y instanceof Number b) {
      boolean floats = x instanceof Double || x instanceof Float;
      return floats && (y instanceof Double || y instanceof Float)
          ? Double.compare(a.doubleValue(), b.doubleValue())
          : decimal(x).compareTo(decimal(y));
    }
    if (x.getClass() != y.getClass() || !(x instanceof Comparable)) {
      throw new AssertionError("compared " + x.getClass() + " with " + y.getClass());
    }
    return x instanceof java.time.OffsetDateTime a
        ? a.toInstant().compareTo(((java.time.OffsetDateTime) y).toInstant())
        : ((Comparable<Object>) x).compareTo(y);
  }

  private static BigDecimal decimal(Object x) {
    return switch (x) {
      case BigDecimal d -> d;
      case BigInteger n -> new BigDecimal(n);
      case Integer n -> BigDecimal.valueOf(n);
      case Long n -> BigDecimal.valueOf(n);
      default -> throw new AssertionError("inexact comparison with " + x.getClass());
    };
  }

  private static Object like(Expr.Like e, Map<String, Object> row) {
    Object text = value(e.operand(), row);
    Object pattern = value(e.pattern(), row);
    if (text == null || pattern == null) {
      return null;
    }
    var regex = new StringBuilder();
    pattern
        .toString()
        .codePoints()
        .forEach(c ->
            regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c))));
    int flags =
        Pattern.DOTALL
            | (e.rule() == Expr.CaseRule.INSENSITIVE
                ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE
                : 0);
    return Pattern.compile(regex.toString(), flags).matcher(text.toString()).matches();
  }

  private static Object cast(Expr.Cast e, Object value) {
    if (value == null) {
      return null;
    }
    boolean whole = value instanceof Integer || value instanceof Long;
    if (e.type().equals(DataType.BIGINT) && whole) {
      return ((Number) value).longValue();
    }
    if (e.type().equals(DataType.INTEGER) && value instanceof Integer) {
      return value;
    }
    if (e.type().equals(DataType.VARCHAR) && whole) {
      return value.toString();
    }
    if (e.type().equals(DataType.DOUBLE) && (value instanceof Integer || value instanceof Float)) {
      return ((Number) value).doubleValue();
    }
    throw new Unknown(e);
  }

  private static Object caseOf(Expr.Case e, Map<String, Object> row) {
    for (Expr.Branch branch : e.branches()) {
      if (Boolean.TRUE.equals(value(branch.condition(), row))) {
        return value(branch.value(), row);
      }
    }
    return value(e.otherwise(), row);
  }

  private static Object call(Expr.Call e, List<Object> arguments) {
    if (e.function().equals("coalesce")) {
      return arguments.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }
    if (arguments.stream().anyMatch(Objects::isNull)) {
      return null;
    }
    String x = arguments.getFirst().toString();
    return switch (e.function()) {
      case "prefix", "starts_with" -> x.startsWith(arguments.get(1).toString());
      case "suffix", "ends_with" -> x.endsWith(arguments.get(1).toString());
      case "contains" -> x.contains(arguments.get(1).toString());
      case "length", "len" -> (long) x.codePointCount(0, x.length());
      case "lower" -> x.toLowerCase(Locale.ROOT);
      case "upper" -> x.toUpperCase(Locale.ROOT);
      case "month" -> month(arguments.getFirst());
      default -> throw new Unknown(e);
    };
  }

  private static Object month(Object value) {
    if (value instanceof LocalDate day) {
      return (long) day.getMonthValue();
    }
    throw new Unknown("month");
  }

  private static Object arithmetic(Expr.Operator operator, Object x, Object y) {
    if (x == null || y == null) {
      return null;
    }
    if (operator == Expr.Operator.CONCAT) {
      return x.toString() + y;
    }
    throw new Unknown(operator);
  }
}
