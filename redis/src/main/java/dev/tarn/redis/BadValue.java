package dev.tarn.redis;

/** What happens to a value that is none of its column's type. */
public enum BadValue {
  /** The query fails with {@link dev.tarn.error.BadData}, naming key, field, value and type. */
  FAIL,
  /** The value becomes null, and is counted. */
  SET_NULL,
  /** The row is left out, and the value is counted. */
  SKIP_ROW
}
