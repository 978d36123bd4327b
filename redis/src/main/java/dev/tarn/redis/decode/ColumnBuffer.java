package dev.tarn.redis.decode;

import dev.tarn.spi.Vector;

/**
 * The values of a column while a batch is filled; a row may be set again. Used by one thread at a
 * time.
 */
public abstract class ColumnBuffer {

  /**
   * Sets a value from what Redis holds. The bytes are handed over.
   *
   * @return false when they are no value of the column's type; the row is then as it was
   */
  public abstract boolean parse(int row, byte[] bytes);

  public abstract void setNull(int row);

  /** Sets a number that Redis counts itself. */
  public void set(int row, long value) {
    throw new IllegalStateException("no column of whole numbers");
  }

  /** Sets a number that Redis counts itself. */
  public void set(int row, double value) {
    throw new IllegalStateException("no column of numbers");
  }

  /** Sets a value as {@link dev.tarn.Row} has values of the column's type. */
  public void set(int row, Object value) {
    throw new IllegalStateException("no column of objects");
  }

  /** A copy of the first rows; the buffer can be filled again. */
  public abstract Vector vector(int rows);
}
