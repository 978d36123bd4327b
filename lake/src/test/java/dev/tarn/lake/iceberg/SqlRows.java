package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Expressions over rows of Java objects, with the meaning that the engine gives them. */
final class SqlRows {

  private SqlRows() {}

  static @Nullable Object value(Expr expr, Map<String, ? extends @Nullable Object> row) {
    return switch (expr) {
      case Expr.Column column -> row.get(column.name());
      case Expr.Member member ->
          value(member.operand(), row) instanceof Map<?, ?> struct
              ? struct.get(member.name())
              : null;
      case Expr.Literal literal -> literal.value();
      case Expr.Cast cast -> cast(value(cast.operand(), row), cast.type());
      case Expr.And and ->
          and.operands().stream().map(o -> (Boolean) value(o, row)).reduce(true, SqlRows::and);
      case Expr.Or or ->
          not(
              or.operands().stream()
                  .map(o -> not((Boolean) value(o, row)))
                  .reduce(true, SqlRows::and));
      case Expr.Not not -> not((Boolean) value(not.operand(), row));
      case Expr.IsNull isNull -> value(isNull.operand(), row) == null;
      case Expr.Comparison c -> compared(c.test(), value(c.left(), row), value(c.right(), row));
      case Expr.Between b ->
          and(
              compared(Expr.Test.GE, value(b.operand(), row), value(b.low(), row)),
              compared(Expr.Test.LE, value(b.operand(), row), value(b.high(), row)));
      case Expr.In in -> in(value(in.operand(), row), in.values(), row);
      case Expr.Like like -> like(value(like.operand(), row), value(like.pattern(), row));
      case Expr.Call call -> call(call, row);
      case Expr.Arithmetic a -> arithmetic(a, row);
      default -> throw new UnsupportedOperationException(expr.toString());
    };
  }

  private static @Nullable Boolean and(@Nullable Boolean a, @Nullable Boolean b) {
    if (Objects.equals(a, false) || Objects.equals(b, false)) {
      return false;
    }
    return (a == null || b == null) ? null : (Boolean) true;
  }

  private static @Nullable Boolean not(@Nullable Boolean a) {
    return a == null ? null : (Boolean) !a;
  }

  private static @Nullable Boolean in(
      @Nullable Object operand, List<Expr> values, Map<String, ? extends @Nullable Object> row) {
    Boolean none = true;
    for (Expr value : values) {
      none = and(none, compared(Expr.Test.NE, operand, value(value, row)));
    }
    return not(none);
  }

  static @Nullable Boolean compared(Expr.Test test, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return switch (test) {
        case SAME -> a == null && b == null;
        case DIFFERENT -> a != null || b != null;
        default -> null;
      };
    }
    int order = order(a, b);
    return switch (test) {
      case EQ, SAME -> order == 0;
      case NE, DIFFERENT -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
    };
  }

  /** A constant is made the column's type, which is the first or the second. */
  static int order(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      if (a instanceof Float || (b instanceof Float && !(a instanceof Double))) {
        return Float.compare(x.floatValue() + 0.0f, y.floatValue() + 0.0f);
      }
      if (a instanceof Double || b instanceof Double) {
        return Double.compare(x.doubleValue() + 0.0, y.doubleValue() + 0.0);
      }
      return Values.exact(a).compareTo(Values.exact(b));
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return Arrays.compareUnsigned(
          x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8));
    }
    if (a instanceof UUID x && b instanceof UUID y) {
      return x.toString().compareTo(y.toString());
    }
    if (a instanceof LocalDateTime || b instanceof LocalDateTime) {
      return Values.utc(a).compareTo(Values.utc(b));
    }
    if (a instanceof OffsetDateTime x && b instanceof OffsetDateTime y) {
      return x.toInstant().compareTo(y.toInstant());
    }
    @SuppressWarnings("unchecked")
    var first = (Comparable<Object>) a;
    return first.compareTo(b);
  }

  private static @Nullable Object cast(@Nullable Object value, DataType type) {
    return switch (type) {
      case DataType.Decimal d when value != null ->
          Values.exact(value).setScale(d.scale(), RoundingMode.HALF_UP);
      case DataType.Simple simple when value != null ->
          switch (simple) {
            case DOUBLE -> ((Number) value).doubleValue();
            case FLOAT -> ((Number) value).floatValue();
            case INTEGER -> Values.exact(value).intValueExact();
            case BIGINT -> Values.exact(value).longValueExact();
            case HUGEINT -> Values.exact(value).toBigIntegerExact();
            case DATE -> Values.utc(value).toLocalDate();
            case TIMESTAMP -> Values.utc(value);
            case TIMESTAMPTZ -> Values.utc(value).atOffset(ZoneOffset.UTC);
            default -> throw new UnsupportedOperationException(type.toString());
          };
      default -> null;
    };
  }

  private static @Nullable Boolean like(@Nullable Object text, @Nullable Object pattern) {
    if (text == null || pattern == null) {
      return null;
    }
    var regex = new StringBuilder();
    pattern
        .toString()
        .codePoints()
        .forEach(c ->
            regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c))));
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text.toString()).matches();
  }

  private static @Nullable Object call(
      Expr.Call call, Map<String, ? extends @Nullable Object> row) {
    List<@Nullable Object> values =
        call.arguments().stream().<@Nullable Object>map(a -> value(a, row)).toList();
    if (values.contains(null)) {
      return null;
    }
    Object first = values.getFirst();
    return switch (call.function()) {
      case "prefix", "starts_with" -> ((String) first).startsWith((String) values.get(1));
      case "year" -> (long) Values.utc(first).getYear();
      case "month" -> (long) Values.utc(first).getMonthValue();
      case "hour" -> (long) Values.utc(first).getHour();
      case "date_diff" ->
          ((LocalDate) values.get(2)).toEpochDay() - ((LocalDate) values.get(1)).toEpochDay();
      case "substring" -> substring((String) first, ((Number) values.get(2)).intValue());
      case "array_slice" ->
          Arrays.copyOf(
              (byte[]) first,
              Math.min(((byte[]) first).length, ((Number) values.get(2)).intValue()));
      default -> throw new UnsupportedOperationException(call.function());
    };
  }

  private static String substring(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  private static @Nullable Object arithmetic(
      Expr.Arithmetic a, Map<String, ? extends @Nullable Object> row) {
    Object left = value(a.left(), row);
    Object right = value(a.right(), row);
    if (left == null || right == null) {
      return null;
    }
    BigDecimal x = Values.exact(left);
    BigDecimal y = Values.exact(right);
    BigDecimal result =
        switch (a.operator()) {
          case PLUS -> x.add(y);
          case MINUS -> x.subtract(y);
          case TIMES -> x.multiply(y);
          case MODULO -> x.remainder(y);
          default -> throw new UnsupportedOperationException(a.operator().name());
        };
    return left instanceof BigDecimal ? (Object) result : (Object) whole(result);
  }

  private static BigInteger whole(BigDecimal value) {
    return value.toBigIntegerExact();
  }
}
