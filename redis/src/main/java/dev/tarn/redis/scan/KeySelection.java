package dev.tarn.redis.scan;

import dev.tarn.expr.Expr;
import dev.tarn.redis.search.SearchChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys are read.
 *
 * @param match what {@code SCAN} is told
 * @param pattern what a key must match besides
 * @param keys the only ones that can be needed; null to scan for them
 * @param limit rows that are enough; {@link Long#MAX_VALUE} for all
 * @param used filters that narrowed it
 * @param search an index that finds the keys; null for {@code SCAN}
 */
record KeySelection(
    KeyPattern match,
    KeyPattern pattern,
    @Nullable List<byte[]> keys,
    long limit,
    List<Expr> used,
    @Nullable SearchChoice search) {

  KeySelection(
      KeyPattern match,
      KeyPattern pattern,
      @Nullable List<byte[]> keys,
      long limit,
      List<Expr> used) {
    this(match, pattern, keys, limit, used, null);
  }

  KeySelection {
    used = List.copyOf(used);
  }

  KeySelection by(@Nullable SearchChoice choice) {
    return new KeySelection(match, pattern, keys, limit, used, choice);
  }

  /** Whether every key that matches is meant, without another look at it. */
  boolean isExact() {
    return match == pattern;
  }
}
