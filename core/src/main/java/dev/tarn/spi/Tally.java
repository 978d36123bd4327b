package dev.tarn.spi;

import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import java.math.BigInteger;

/**
 * Counts the rows that pass a place in a query, and adds up a number of each of them, while the
 * query does something else with them. Safe for use by several threads and queries; whoever made it
 * closes it, after the queries have ended.
 */
public interface Tally extends AutoCloseable {

  /**
   * The same rows, each of which is counted as it passes. Rows that a later part of the query drops
   * may have been dropped before they are counted.
   *
   * @param number a BIGINT of their columns that is not null
   */
  Plan counted(Plan rows, Expr number);

  /** Rows that were counted so far. */
  long rows();

  /** The sum of their numbers. */
  BigInteger sum();

  @Override
  void close();
}
