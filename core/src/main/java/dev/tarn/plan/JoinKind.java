package dev.tarn.plan;

/** How two frames are joined. */
public enum JoinKind {
  INNER,
  LEFT,
  RIGHT,
  FULL,
  /** Rows of the left that have a match; columns of the left alone. */
  SEMI,
  /** Rows of the left that have no match; columns of the left alone. */
  ANTI,
  /** Every row with every row. */
  CROSS
}
