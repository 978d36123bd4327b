package dev.tarn.lake.iceberg;

import dev.tarn.expr.Expr;
import dev.tarn.expr.Expr.Test;
import dev.tarn.lake.iceberg.Constants.Constant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * Filters as Iceberg's expressions, for pruning.
 *
 * <p>Each part of a filter is asked for the rows for which it is true, or for which it is false: an
 * expression that is true for all of these and maybe more. So NOT needs no expression of its own,
 * and what cannot be converted is left out where that only adds rows.
 */
public final class Predicates {

  /** More values than Iceberg looks at one by one. */
  private static final int MANY = 200;

  private final Schema schema;

  private Predicates(Schema schema) {
    this.schema = schema;
  }

  /**
   * What could be made of filters.
   *
   * @param expression true at least for all rows for which every filter is true
   * @param used filters that have a part in it
   * @param unused filters that have none
   */
  public record Converted(Expression expression, List<Expr> used, List<Expr> unused) {
    public Converted {
      used = List.copyOf(used);
      unused = List.copyOf(unused);
    }
  }

  /** Converts what can be; names are found in the schema without regard to case. */
  public static Converted convert(List<Expr> filters, Schema schema) {
    var predicates = new Predicates(schema);
    Expression all = Expressions.alwaysTrue();
    var used = new ArrayList<Expr>();
    var unused = new ArrayList<Expr>();
    for (Expr filter : filters) {
      Expression converted = predicates.rows(filter, true);
      (converted == null ? unused : used).add(filter);
      all = converted == null ? all : Expressions.and(all, converted);
    }
    return new Converted(all, used, unused);
  }

  /** At least the rows for which a condition has the wanted answer; null when unknown. */
  private @Nullable Expression rows(Expr condition, boolean wanted) {
    return switch (condition) {
      case Expr.Literal literal -> always(literal.value() instanceof Boolean b && b == wanted);
      case Expr.Alias alias -> rows(alias.operand(), wanted);
      case Expr.Not not -> rows(not.operand(), !wanted);
      case Expr.And and -> wanted ? all(and.operands(), true) : any(and.operands(), false);
      case Expr.Or or -> wanted ? any(or.operands(), true) : all(or.operands(), false);
      case Expr.IsNull isNull -> isNull(isNull.operand(), wanted);
      case Expr.Comparison comparison -> comparison(comparison, wanted);
      case Expr.Between between -> rows(bounds(between), wanted);
      case Expr.In in -> in(in, wanted);
      case Expr.Like like -> like(like, wanted);
      case Expr.Call call -> call(call, wanted);
      case Expr.Column column -> truth(column, wanted);
      case Expr.Member member -> truth(member, wanted);
      case Expr.Cast cast -> truth(cast, wanted);
      default -> null;
    };
  }

  private static Expression always(boolean answer) {
    return answer ? Expressions.alwaysTrue() : Expressions.alwaysFalse();
  }

  private @Nullable Expression all(List<Expr> operands, boolean wanted) {
    Expression result = null;
    for (Expr operand : operands) {
      Expression next = rows(operand, wanted);
      if (next != null) {
        result = result == null ? next : Expressions.and(result, next);
      }
    }
    return result;
  }

  private @Nullable Expression any(List<Expr> operands, boolean wanted) {
    Expression result = Expressions.alwaysFalse();
    for (Expr operand : operands) {
      Expression next = rows(operand, wanted);
      if (next == null) {
        return null;
      }
      result = Expressions.or(result, next);
    }
    return result;
  }

  private @Nullable Expression truth(Expr expr, boolean wanted) {
    Optional<Constant> constant = Constants.of(expr);
    if (constant.isPresent()) {
      Object value = constant.get().value();
      return value == null
          ? always(false)
          : value instanceof Boolean b ? always(b == wanted) : null;
    }
    return Term.of(expr, schema).map(term -> Comparisons.of(term, Test.EQ, wanted)).orElse(null);
  }

  private @Nullable Expression isNull(Expr operand, boolean wanted) {
    Term term = Term.of(operand, schema).orElse(null);
    return term == null ? null : wanted ? isNull(term) : Expressions.notNull(term.name());
  }

  private static @Nullable Expression isNull(Term term) {
    return term.isMember() ? null : Expressions.isNull(term.name());
  }

  // ---- comparisons

  private @Nullable Expression comparison(Expr.Comparison comparison, boolean wanted) {
    Optional<Constant> right = Constants.of(comparison.right());
    Expr column = right.isPresent() ? comparison.left() : comparison.right();
    Optional<Constant> constant = right.isPresent() ? right : Constants.of(comparison.left());
    Test test = right.isPresent() ? comparison.test() : Comparisons.flipped(comparison.test());
    if (constant.isEmpty()) {
      return null;
    }
    Test asked = wanted ? test : Comparisons.negated(test);
    return Term.of(column, schema)
        .map(term -> compare(term, asked, constant.get().value()))
        .orElse(null);
  }

  private static @Nullable Expression compare(Term term, Test test, @Nullable Object value) {
    if (value == null) {
      return switch (test) {
        case SAME -> isNull(term);
        case DIFFERENT -> Expressions.notNull(term.name());
        case EQ, NE, LT, LE, GT, GE -> Expressions.alwaysFalse();
      };
    }
    return switch (test) {
      case SAME -> Comparisons.of(term, Test.EQ, value);
      case DIFFERENT -> either(isNull(term), Comparisons.of(term, Test.NE, value));
      case EQ, NE, LT, LE, GT, GE -> Comparisons.of(term, test, value);
    };
  }

  private static @Nullable Expression either(
      @Nullable Expression first, @Nullable Expression second) {
    return first == null || second == null ? null : Expressions.or(first, second);
  }

  private static Expr bounds(Expr.Between between) {
    return new Expr.And(
        List.of(
            new Expr.Comparison(Test.GE, between.operand(), between.low()),
            new Expr.Comparison(Test.LE, between.operand(), between.high())));
  }

  // ---- sets

  private @Nullable Expression in(Expr.In in, boolean wanted) {
    if (in.values().isEmpty()) {
      return always(!wanted);
    }
    Optional<Term> term = Term.of(in.operand(), schema);
    if (term.isEmpty()) {
      return null;
    }
    return wanted ? oneOf(term.get(), in.values()) : noneOf(term.get(), in.values());
  }

  private static @Nullable Expression oneOf(Term term, List<Expr> values) {
    var found = new ValueSet(term.name());
    for (Expr value : values) {
      Constant constant = Constants.of(value).orElse(null);
      Expression equal = constant == null ? null : compare(term, Test.EQ, constant.value());
      if (equal == null) {
        return null;
      }
      found.add(equal);
    }
    return found.expression(MANY);
  }

  /** Not equal to the values that are known; to some null, no row is known to be different. */
  private static @Nullable Expression noneOf(Term term, List<Expr> values) {
    Expression result = null;
    for (Expr value : values.size() > MANY ? values.subList(0, MANY) : values) {
      Constant constant = Constants.of(value).orElse(null);
      Expression other = constant == null ? null : compare(term, Test.NE, constant.value());
      if (other != null) {
        result = result == null ? other : Expressions.and(result, other);
      }
    }
    return result;
  }

  // ---- text

  private @Nullable Expression call(Expr.Call call, boolean wanted) {
    boolean isPrefix =
        switch (call.function().toLowerCase(java.util.Locale.ROOT)) {
          case "prefix", "starts_with", "^@" -> call.arguments().size() == 2;
          default -> false;
        };
    return isPrefix
        ? text(call.arguments().get(0), call.arguments().get(1), (t, v) -> prefix(t, v, wanted))
        : null;
  }

  private interface OverText {
    @Nullable Expression of(Term term, String constant);
  }

  private @Nullable Expression text(Expr operand, Expr constant, OverText function) {
    Term term = Term.of(operand, schema).orElse(null);
    Constant value = Constants.of(constant).orElse(null);
    if (term == null || term.domain() != Term.Domain.TEXT || value == null) {
      return null;
    }
    return switch (value.value()) {
      case null -> Expressions.alwaysFalse();
      case String text -> function.of(term, text);
      default -> null;
    };
  }

  private static Expression prefix(Term term, String prefix, boolean wanted) {
    Expression notNull = Expressions.notNull(term.name());
    if (prefix.isEmpty()) {
      return wanted ? notNull : Expressions.alwaysFalse();
    }
    return wanted
        ? Expressions.startsWith(term.name(), prefix)
        : Expressions.and(notNull, Expressions.notStartsWith(term.name(), prefix));
  }

  private @Nullable Expression like(Expr.Like like, boolean wanted) {
    return like.rule() == Expr.CaseRule.SENSITIVE
        ? text(like.operand(), like.pattern(), (t, pattern) -> like(t, pattern, wanted))
        : null;
  }

  private static @Nullable Expression like(Term term, String pattern, boolean wanted) {
    int end = 0;
    // a backslash may or may not be an escape: what is before it is certain
    while (end < pattern.length() && "%_\\".indexOf(pattern.charAt(end)) < 0) {
      end++;
    }
    String prefix = pattern.substring(0, end);
    if (end == pattern.length()) {
      return Comparisons.of(term, wanted ? Test.EQ : Test.NE, prefix);
    }
    boolean isPrefix = pattern.substring(end).chars().allMatch(c -> c == '%');
    return wanted || isPrefix ? prefix(term, prefix, wanted) : null;
  }
}
