package dev.tarn.duckdb;

import static dev.tarn.duckdb.SyntaxTrees.text;

import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.Test;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Predicates that stand in a query as expressions that are true for the same rows, no more and no
 * fewer: comparisons of columns with constants that keep their value as the column's type.
 */
final class ExactFilters {

  private static final Map<String, Test> TESTS =
      Map.of(
          "COMPARE_EQUAL", Test.EQ,
          "COMPARE_NOTEQUAL", Test.NE,
          "COMPARE_LESSTHAN", Test.LT,
          "COMPARE_LESSTHANOREQUALTO", Test.LE,
          "COMPARE_GREATERTHAN", Test.GT,
          "COMPARE_GREATERTHANOREQUALTO", Test.GE);

  /** The most digits of a decimal number that is surely read as the nearest double. */
  private static final int DIGITS = 15;

  private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

  private final Function<Map<?, ?>, Field> columns;

  /**
   * Filters of one SELECT.
   *
   * @param columns what a reference to a column means; throws {@link Unfit} when it is none
   */
  ExactFilters(Function<Map<?, ?>, Field> columns) {
    this.columns = columns;
  }

  /**
   * The parts of a predicate, all of which must be true.
   *
   * @throws Unfit when one cannot be told exactly
   */
  List<Expr> conjuncts(Map<?, ?> predicate) {
    return FilterParser.conjuncts(predicate).stream().map(this::expr).toList();
  }

  private Expr expr(Map<?, ?> node) {
    return switch (text(node, "class")) {
      case "COMPARISON" -> comparison(node);
      case "BETWEEN" -> between(node);
      case "CONJUNCTION" -> conjunction(node);
      case "OPERATOR" -> operator(node);
      default -> throw unfit();
    };
  }

  private static Unfit unfit() {
    return new Unfit("a filter is more than comparisons of columns with constants");
  }

  private static boolean isColumn(Map<?, ?> node) {
    return "COLUMN_REF".equals(node.get("class"));
  }

  private Expr comparison(Map<?, ?> node) {
    Test test = TESTS.get(text(node, "type"));
    Map<?, ?> left = Json.object(node.get("left"));
    Map<?, ?> right = Json.object(node.get("right"));
    if (test == null || isColumn(left) == isColumn(right)) {
      throw unfit();
    }
    return isColumn(left)
        ? compare(test, left, right)
        : compare(FilterParser.mirrored(test), right, left);
  }

  private Expr compare(Test test, Map<?, ?> column, Map<?, ?> constant) {
    Field field = columns.apply(column);
    return new Expr.Comparison(test, new Expr.Column(field.name()), literal(constant, field));
  }

  private Expr between(Map<?, ?> node) {
    Map<?, ?> input = Json.object(node.get("input"));
    if (!isColumn(input)) {
      throw unfit();
    }
    return new Expr.And(
        List.of(
            compare(Test.GE, input, Json.object(node.get("lower"))),
            compare(Test.LE, input, Json.object(node.get("upper")))));
  }

  private Expr conjunction(Map<?, ?> node) {
    List<Expr> operands =
        Json.array(node.get("children")).stream().map(child -> expr(Json.object(child))).toList();
    return "CONJUNCTION_AND".equals(node.get("type"))
        ? new Expr.And(operands)
        : new Expr.Or(operands);
  }

  private Expr operator(Map<?, ?> node) {
    List<?> children = Json.array(node.get("children"));
    Map<?, ?> operand = Json.object(children.getFirst());
    if (!isColumn(operand)) {
      throw unfit();
    }
    Field field = columns.apply(operand);
    var column = new Expr.Column(field.name());
    return switch (text(node, "type")) {
      case "OPERATOR_IS_NULL" -> new Expr.IsNull(column);
      case "OPERATOR_IS_NOT_NULL" -> new Expr.Not(new Expr.IsNull(column));
      case "COMPARE_IN" -> {
        var values = new ArrayList<Expr>();
        children
            .subList(1, children.size())
            .forEach(value -> values.add(literal(Json.object(value), field)));
        yield new Expr.In(column, values);
      }
      default -> throw unfit();
    };
  }

  // ---- constants

  private static Expr literal(Map<?, ?> node, Field field) {
    DataType type = field.type();
    if (type.equals(DataType.VARCHAR)) {
      return new Expr.Literal(string(node));
    }
    if (type.equals(DataType.DOUBLE)) {
      return new Expr.Literal(decimal(node));
    }
    if (type.equals(DataType.BIGINT) || type.equals(DataType.INTEGER)) {
      return new Expr.Literal(whole(node));
    }
    throw new Unfit("a filter is on column " + field.name() + " of type " + type);
  }

  private static String string(Map<?, ?> node) {
    Map<?, ?> literal = Json.object(node.get("literal"));
    if (!"CONSTANT".equals(node.get("class")) || !"STRING".equals(literal.get("kind"))) {
      throw unfit();
    }
    return text(literal, "text");
  }

  /** The text of a number, maybe with a minus before it; as text where it is cast to a type. */
  private static String number(Map<?, ?> node, String castTo) {
    Map<?, ?> literal = Json.object(node.get("literal"));
    switch (text(node, "class")) {
      case "CONSTANT" -> {
        if ("INTEGER".equals(literal.get("kind")) || "NUMERIC".equals(literal.get("kind"))) {
          return text(literal, "text");
        }
      }
      case "FUNCTION" -> {
        List<?> arguments = Json.array(node.get("arguments"));
        if ("-".equals(node.get("function_name")) && arguments.size() == 1) {
          Map<?, ?> operand = Json.object(Json.object(arguments.getFirst()).get("expression"));
          if ("CONSTANT".equals(operand.get("class"))) {
            return "-" + number(operand, castTo);
          }
        }
      }
      case "CAST" -> {
        Map<?, ?> type = Json.object(node.get("type_expr"));
        if (castTo.equals(type.get("type_name")) && !Boolean.TRUE.equals(node.get("try_cast"))) {
          return string(Json.object(node.get("child")));
        }
      }
      default -> {}
    }
    throw unfit();
  }

  private static Double decimal(Map<?, ?> node) {
    String text = number(node, "DOUBLE");
    try {
      var exact = new BigDecimal(text);
      boolean isDouble = "CAST".equals(node.get("class")) || text.matches(".*[eE].*");
      double value = exact.doubleValue();
      if (!Double.isFinite(value)
          || (!isDouble && (exact.precision() > DIGITS || exact.scale() > DIGITS))) {
        throw unfit();
      }
      return value;
    } catch (NumberFormatException e) { // inf and nan
      throw unfit();
    }
  }

  /** Up to where all whole numbers are doubles, for a source could compare as such. */
  static boolean isExact(BigDecimal whole) {
    return whole.abs().compareTo(EXACT) <= 0;
  }

  private static Long whole(Map<?, ?> node) {
    try {
      var exact = new BigDecimal(number(node, "BIGINT"));
      if (exact.scale() != 0 || !isExact(exact)) {
        throw unfit();
      }
      return exact.longValueExact();
    } catch (NumberFormatException e) {
      throw unfit();
    }
  }
}
