package dev.tarn.lake.iceberg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.expressions.UnboundPredicate;

/** Collects what a column may be equal to into one expression. */
final class ValueSet {

  private final String column;
  private final List<Literal<?>> values = new ArrayList<>();
  private Expression others = Expressions.alwaysFalse();

  ValueSet(String column) {
    this.column = column;
  }

  void add(Expression equal) {
    if (equal instanceof UnboundPredicate<?> p && p.op() == Expression.Operation.EQ) {
      values.add(p.literal());
    } else if (equal instanceof UnboundPredicate<?> p && p.op() == Expression.Operation.IN) {
      values.addAll(p.literals());
    } else {
      others = Expressions.or(others, equal);
    }
  }

  /**
   * The expression.
   *
   * @param many with more values than this their range is said too, for Iceberg gives up on them
   */
  Expression expression(int many) {
    if (values.isEmpty()) {
      return others;
    }
    Expression in = Expressions.in(column, values.stream().map(v -> (Object) v.value()).toList());
    return Expressions.or(others, values.size() > many ? Expressions.and(in, range()) : in);
  }

  private Expression range() {
    return Expressions.and(
        Expressions.predicate(
            Expression.Operation.GT_EQ, column, (Object) sorted().findFirst().orElseThrow()),
        Expressions.predicate(
            Expression.Operation.LT_EQ,
            column,
            (Object) sorted().reduce((a, b) -> b).orElseThrow()));
  }

  private Stream<?> sorted() {
    @SuppressWarnings("unchecked")
    Comparator<Object> order = (Comparator<Object>) values.getFirst().comparator();
    return values.stream().map(v -> (Object) v.value()).sorted(order);
  }
}
