package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import java.util.List;

/**
 * What of a query's filters an index can find.
 *
 * @param query in the index' language; empty when nothing of them can be
 * @param used filters that are in it, as a whole or in part
 * @param reasons why others are not
 */
record Translation(String query, List<Expr> used, List<String> reasons) {

  Translation {
    used = List.copyOf(used);
    reasons = List.copyOf(reasons);
  }

  boolean isEmpty() {
    return query.isEmpty();
  }
}
