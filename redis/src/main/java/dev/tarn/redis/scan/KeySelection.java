package dev.tarn.redis.scan;

import dev.tarn.expr.Expr;
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
 */
record KeySelection(
    KeyPattern match,
    KeyPattern pattern,
    @Nullable List<byte[]> keys,
    long limit,
    List<Expr> used) {

  KeySelection {
    used = List.copyOf(used);
  }

  /** Whether every key that matches is meant, without another look at it. */
  boolean isExact() {
    return match == pattern;
  }
}
