package dev.tarn.redis;

/** What a write does to keys that are there. */
public enum IfExists {
  /** They get the new value, and lose all of the old one, with its time to live. */
  REPLACE,
  /**
   * The new is added to the old: fields of hashes and documents are set, and removed where the new
   * value is null; members, elements and entries are added. Strings get the new value. A time to
   * live stays as it is where the write has none.
   */
  MERGE,
  /** They stay as they are. */
  KEEP,
  /** They stay as they are, and the write fails, once all other keys are written. */
  FAIL
}
