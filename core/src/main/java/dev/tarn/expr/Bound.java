package dev.tarn.expr;

/** An end of a window frame. */
public sealed interface Bound {
  record UnboundedPreceding() implements Bound {}

  /** So many rows, groups, or units of the sort key before the current row. */
  record Preceding(Expr distance) implements Bound {}

  record CurrentRow() implements Bound {}

  record Following(Expr distance) implements Bound {}

  record UnboundedFollowing() implements Bound {}
}
