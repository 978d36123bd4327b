package dev.tarn.redis;

/** What happens to a value that is none of its column's type. */
public enum BadValue {
  /** The query fails with {@link dev.tarn.error.BadData}, naming key, field, value and type. */
  FAIL,
  /** The value becomes null, and is counted. */
  SET_NULL,
  /**
   * The row is left out, and the value is counted. All columns are read then, also those that a
   * query does not want, so that each query has the same rows; and no index computes aggregates.
   */
  SKIP_ROW
}
