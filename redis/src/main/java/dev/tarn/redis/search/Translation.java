package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import java.util.List;

/**
 * What of a query's filters an index can find.
 *
 * @param parts in the index' language, all of which must be true; none when nothing of them can be
 * @param used filters that are in it, as a whole or in part
 * @param reasons why others are not
 */
record Translation(List<QueryText> parts, List<Expr> used, List<String> reasons) {

  static final Translation NONE = new Translation(List.of(), List.of(), List.of());

  Translation {
    parts = List.copyOf(parts);
    used = List.copyOf(used);
    reasons = List.copyOf(reasons);
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** All parts. */
  String query() {
    return QueryText.all(parts).text();
  }
}
