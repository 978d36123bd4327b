package dev.tarn.expr;

import dev.tarn.error.InvalidRequest;
import java.util.Arrays;
import java.util.List;

/** One key of an order. */
public record SortKey(Expr expr, Direction direction, Nulls nulls) {

  public enum Direction {
    ASC,
    DESC
  }

  /** Where nulls stand. */
  public enum Nulls {
    FIRST,
    LAST
  }

  /** A key as it is, an expression or column name ascending; nulls last in all cases. */
  public static SortKey of(Object key) {
    return switch (key) {
      case SortKey sortKey -> sortKey;
      case Expr expr -> new SortKey(expr, Direction.ASC, Nulls.LAST);
      case String name -> new SortKey(new Expr.Column(name), Direction.ASC, Nulls.LAST);
      default ->
          throw new InvalidRequest(
              "Cannot sort by %s: it is no column name, expression or sort key.".formatted(key));
    };
  }

  public static List<SortKey> all(Object... keys) {
    return Arrays.stream(keys).map(SortKey::of).toList();
  }

  public SortKey nullsFirst() {
    return new SortKey(expr, direction, Nulls.FIRST);
  }
}
