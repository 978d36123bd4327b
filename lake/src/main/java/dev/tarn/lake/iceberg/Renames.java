package dev.tarn.lake.iceberg;

import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundReference;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expression.Operation;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;

/**
 * An expression over one version of a table's columns as one over another version, by their ids.
 * What was said of a column that is not there, or of another type, becomes true. There is no NOT in
 * the expression: that could only add rows.
 */
final class Renames {

  private Renames() {}

  static Expression apply(Expression expression, Schema from, Schema to) {
    if (from.sameSchema(to)) {
      return expression;
    }
    Expression bound = Binder.bind(from.asStruct(), expression, true);
    return ExpressionVisitors.visit(bound, new Visitor(to));
  }

  private static final class Visitor extends ExpressionVisitors.BoundExpressionVisitor<Expression> {
    private final Schema to;

    Visitor(Schema to) {
      this.to = to;
    }

    @Override
    public Expression alwaysTrue() {
      return Expressions.alwaysTrue();
    }

    @Override
    public Expression alwaysFalse() {
      return Expressions.alwaysFalse();
    }

    @Override
    public Expression not(Expression result) {
      throw new UnsupportedOperationException("not");
    }

    @Override
    public Expression and(Expression left, Expression right) {
      return Expressions.and(left, right);
    }

    @Override
    public Expression or(Expression left, Expression right) {
      return Expressions.or(left, right);
    }

    @Override
    public <T> Expression isNull(BoundReference<T> ref) {
      return unary(Operation.IS_NULL, ref);
    }

    @Override
    public <T> Expression notNull(BoundReference<T> ref) {
      return unary(Operation.NOT_NULL, ref);
    }

    @Override
    public <T> Expression isNaN(BoundReference<T> ref) {
      return unary(Operation.IS_NAN, ref);
    }

    @Override
    public <T> Expression notNaN(BoundReference<T> ref) {
      return unary(Operation.NOT_NAN, ref);
    }

    @Override
    public <T> Expression lt(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.LT, ref, literal);
    }

    @Override
    public <T> Expression ltEq(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.LT_EQ, ref, literal);
    }

    @Override
    public <T> Expression gt(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.GT, ref, literal);
    }

    @Override
    public <T> Expression gtEq(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.GT_EQ, ref, literal);
    }

    @Override
    public <T> Expression eq(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.EQ, ref, literal);
    }

    @Override
    public <T> Expression notEq(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.NOT_EQ, ref, literal);
    }

    @Override
    public <T> Expression startsWith(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.STARTS_WITH, ref, literal);
    }

    @Override
    public <T> Expression notStartsWith(BoundReference<T> ref, Literal<T> literal) {
      return literal(Operation.NOT_STARTS_WITH, ref, literal);
    }

    @Override
    public <T> Expression in(BoundReference<T> ref, Set<T> values) {
      return set(Operation.IN, ref, values);
    }

    @Override
    public <T> Expression notIn(BoundReference<T> ref, Set<T> values) {
      return set(Operation.NOT_IN, ref, values);
    }

    private Expression unary(Operation operation, BoundReference<?> ref) {
      return isThere(ref) ? Expressions.predicate(operation, name(ref)) : Expressions.alwaysTrue();
    }

    private <T> Expression literal(Operation operation, BoundReference<T> ref, Literal<T> literal) {
      return isThere(ref)
          ? Expressions.predicate(operation, name(ref), literal.value())
          : Expressions.alwaysTrue();
    }

    private <T> Expression set(Operation operation, BoundReference<T> ref, Set<T> values) {
      return isThere(ref)
          ? Expressions.predicate(operation, name(ref), values)
          : Expressions.alwaysTrue();
    }

    private String name(BoundReference<?> ref) {
      return to.findColumnName(ref.fieldId());
    }

    private boolean isThere(BoundReference<?> ref) {
      Type type = to.findType(ref.fieldId());
      return type != null && (type.equals(ref.type()) || isWider(type, ref.type()));
    }

    private static boolean isWider(Type type, Type than) {
      return switch (type.typeId()) {
        case LONG -> than.typeId() == Type.TypeID.INTEGER;
        case DOUBLE -> than.typeId() == Type.TypeID.FLOAT;
        case DECIMAL -> than.typeId() == Type.TypeID.DECIMAL;
        default -> false;
      };
    }
  }
}
