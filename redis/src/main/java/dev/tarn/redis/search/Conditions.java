package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.Test;
import dev.tarn.type.DataType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Filters as expressions that version 1 of the search module evaluates for a document as it is: 1
 * where they are true, anything else where not. The index alone finds too much.
 *
 * <p>Numbers are compared as numbers only behind {@code +0}: the fields are text. What is computed
 * of a field that is missing is null, and null within {@code ||} is not what SQL makes of it.
 */
final class Conditions {

  /** Text that needs no escaping, which the module does in its own way. */
  private static final Pattern PLAIN = Pattern.compile("[^\"'\\\\\\p{Cntrl}]{0,1000}");

  private static final int LONGEST_NUMBER = 18;

  /**
   * Some 80 comparisons, which take the server some 7 µs for each document; 55,000 of them end it.
   */
  private static final int LONGEST = 2000;

  private final Function<String, Property> properties;
  private final Set<Property> used;

  /**
   * A field of the documents.
   *
   * @param name what expressions call it
   */
  record Property(String name, DataType type) {
    boolean isText() {
      return type.equals(DataType.VARCHAR);
    }

    String at() {
      return "@" + name;
    }

    /** Whether a document has it. */
    String isThere() {
      return "(@%s==@%s)".formatted(name, name);
    }
  }

  /**
   * Conditions of one request.
   *
   * @param properties by the name of a column; throws {@link Doubtful} for those that have none
   * @param used takes those that are needed
   */
  Conditions(Function<String, Property> properties, Set<Property> used) {
    this.properties = properties;
    this.used = used;
  }

  /**
   * All of them at once.
   *
   * @throws Doubtful for what cannot be said, and for more than is quickly computed
   */
  String all(List<Expr> filters) {
    String all = joined(filters);
    if (all.length() > LONGEST) {
      throw new Doubtful("filters are too long to be computed for each document");
    }
    return all;
  }

  /** Whether they are true of no document that has none of the fields. */
  static boolean rejectNull(List<Expr> filters) {
    return filters.stream().anyMatch(Conditions::rejectsNull);
  }

  private static boolean rejectsNull(Expr filter) {
    return switch (filter) {
      case Expr.And(List<Expr> operands) -> rejectNull(operands);
      case Expr.Or(List<Expr> operands) -> operands.stream().allMatch(Conditions::rejectsNull);
      case Expr.IsNull any -> false;
      default -> true; // compared with a constant, or said to be there
    };
  }

  private String joined(List<Expr> filters) {
    return filters.stream().map(this::condition).collect(Collectors.joining("&&"));
  }

  private String condition(Expr filter) {
    return switch (filter) {
      case Expr.Comparison(Test test, Expr.Column column, Expr.Literal(Object value)) ->
          compared(property(column), test, value);
      case Expr.In(Expr.Column column, List<Expr> values) -> in(property(column), values);
      case Expr.IsNull(Expr.Column column) -> "(!" + property(column).isThere() + ")";
      case Expr.Not(Expr.IsNull(Expr.Column column)) -> property(column).isThere();
      case Expr.And(List<Expr> operands) -> "(" + joined(operands) + ")";
      case Expr.Or(List<Expr> operands) -> or(operands);
      default -> throw unknown();
    };
  }

  private static Doubtful unknown() {
    return new Doubtful("a filter is more than a comparison with a constant");
  }

  private Property property(Expr.Column column) {
    Property property = properties.apply(column.name());
    used.add(property);
    return property;
  }

  private String or(List<Expr> operands) {
    var within = new java.util.LinkedHashSet<Property>();
    String any =
        operands.stream()
            .map(new Conditions(properties, within)::condition)
            .collect(Collectors.joining("||", "(", ")"));
    if (!within.stream().allMatch(Property::isText)) {
      throw new Doubtful("OR of numbers, which may be missing");
    }
    used.addAll(within);
    return any;
  }

  private String in(Property property, List<Expr> values) {
    return values.stream()
        .map(value ->
            compared(property, Test.EQ, value instanceof Expr.Literal(Object v) ? v : null))
        .collect(Collectors.joining("||", "(", ")"));
  }

  private static String compared(Property property, Test test, @Nullable Object value) {
    String operator = operator(test);
    if (property.isText()) {
      if (test != Test.EQ && test != Test.NE) {
        throw new Doubtful("text is compared for its order");
      }
      return "(%s%s\"%s\")".formatted(property.at(), operator, text(value));
    }
    return "((%s+0)%s%s)".formatted(property.at(), operator, number(value));
  }

  private static String operator(Test test) {
    return switch (test) {
      case EQ -> "==";
      case NE -> "!=";
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
      case SAME, DIFFERENT -> throw unknown();
    };
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text && PLAIN.matcher(text).matches()) {
      return text;
    }
    throw new Doubtful("text with quotes, backslashes or control characters is compared");
  }

  private static String number(@Nullable Object value) {
    if (value instanceof Number number) {
      String text = new BigDecimal(number.toString()).toPlainString();
      if (text.length() <= LONGEST_NUMBER) {
        return text;
      }
    }
    throw new Doubtful("a number of many digits is compared");
  }
}
