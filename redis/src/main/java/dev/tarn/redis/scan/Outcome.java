package dev.tarn.redis.scan;

/** What came of reading a key, or a page of it. */
sealed interface Outcome {

  Outcome READ = Plain.READ;

  /** The key was not there any more. */
  Outcome GONE = Plain.GONE;

  /** The key holds another type. */
  Outcome OTHER_TYPE = Plain.OTHER_TYPE;

  /** Nobody wants more rows. */
  Outcome ENOUGH = Plain.ENOUGH;

  /** Nothing was found, which is not to say that the key is gone: it is asked for its type. */
  Outcome UNSURE = Plain.UNSURE;

  enum Plain implements Outcome {
    READ,
    GONE,
    OTHER_TYPE,
    ENOUGH,
    UNSURE
  }

  /**
   * There is more to read.
   *
   * @param position where it goes on, as the reader understands it
   */
  record More(Object position) implements Outcome {}
}
