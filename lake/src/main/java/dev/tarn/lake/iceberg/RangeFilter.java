package dev.tarn.lake.iceberg;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.And;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundPredicate;
import org.apache.iceberg.expressions.BoundReference;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/**
 * The ranges in which a filter wants whole numbers, dates and times to be. It finds less than
 * Iceberg's evaluator, which is asked of the files that are left, and takes a small part of its
 * time: most files of a large table fall to this.
 */
final class RangeFilter {

  private static final Set<Type.TypeID> TYPES =
      Set.of(
          Type.TypeID.INTEGER,
          Type.TypeID.LONG,
          Type.TypeID.DATE,
          Type.TypeID.TIME,
          Type.TypeID.TIMESTAMP,
          Type.TypeID.TIMESTAMP_NANO);

  /**
   * Both ends belong to it.
   *
   * @param bytes of a bound; 0 where integers may have been widened
   */
  private record Range(long least, long greatest, int bytes) {
    Range and(long from, long to) {
      return new Range(Math.max(least, from), Math.min(greatest, to), bytes);
    }
  }

  private final Map<Integer, Range> ranges = new HashMap<>();

  RangeFilter(Expression filter, Schema schema) {
    collect(Binder.bind(schema.asStruct(), Expressions.rewriteNot(filter), true));
  }

  private void collect(Expression bound) {
    if (bound instanceof And and) {
      collect(and.left());
      collect(and.right());
    } else if (bound instanceof BoundPredicate<?> predicate
        && predicate.term() instanceof BoundReference<?> column
        && TYPES.contains(column.type().typeId())) {
      collect(predicate, column.fieldId(), column.type().typeId());
    }
  }

  private void collect(BoundPredicate<?> predicate, int id, Type.TypeID type) {
    if (predicate.isLiteralPredicate()
        && predicate.asLiteralPredicate().literal().value() instanceof Number literal) {
      long value = literal.longValue();
      switch (predicate.op()) {
        case EQ -> add(id, type, value, value);
        case LT, LT_EQ -> add(id, type, Long.MIN_VALUE, value);
        case GT, GT_EQ -> add(id, type, value, Long.MAX_VALUE);
        default -> {}
      }
    } else if (predicate.isSetPredicate() && predicate.op() == Expression.Operation.IN) {
      long[] values =
          predicate.asSetPredicate().literalSet().stream()
              .mapToLong(value -> ((Number) value).longValue())
              .sorted()
              .toArray();
      add(id, type, values[0], values[values.length - 1]);
    }
  }

  private void add(int id, Type.TypeID type, long from, long to) {
    int bytes =
        switch (type) {
          case INTEGER, LONG -> 0;
          case DATE -> 4;
          default -> 8;
        };
    ranges.merge(id, new Range(from, to, bytes), (old, added) -> old.and(from, to));
  }

  /**
   * Rules files of a manifest out.
   *
   * @param wanted for each file whether it still is
   */
  void apply(ManifestContent manifest, boolean[] wanted) {
    ranges.forEach((id, range) -> {
      ColumnBounds column = manifest.bounds().get(id);
      if (column != null) {
        apply(column, range, wanted);
      }
    });
  }

  private static void apply(ColumnBounds column, Range range, boolean[] wanted) {
    for (int file = 0; file < wanted.length; file++) {
      if (wanted[file]) {
        wanted[file] =
            column.lower(file, range.bytes(), Long.MIN_VALUE) <= range.greatest()
                && column.upper(file, range.bytes(), Long.MAX_VALUE) >= range.least();
      }
    }
  }
}
