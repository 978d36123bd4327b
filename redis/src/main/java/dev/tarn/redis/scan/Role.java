package dev.tarn.redis.scan;

/** What a column of a scan holds. */
public enum Role {
  /** A number of the row, from 0. */
  ROW_INDEX,
  KEY,
  /** Seconds that the key has left. */
  TTL,
  /** How well a search found the key. */
  RELEVANCE,
  /** A field of a hash, or of a document, or of a stream's entry, by name. */
  FIELD,
  /** The value of a string; an element of a list. */
  VALUE,
  /** A member of a set or sorted set. */
  MEMBER,
  SCORE,
  /** Position in a sorted set by score, from 0. */
  RANK,
  /** Position in a list, from 0. */
  POSITION,
  /** The id of an entry of a stream. */
  ENTRY_ID,
  /** The moment of an entry's id, or of a sample. */
  TIME,
  /** All fields of an entry. */
  FIELDS,
  /** A label of a time series, by name. */
  LABEL
}
