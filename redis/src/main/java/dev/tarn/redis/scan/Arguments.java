package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Words of commands. */
final class Arguments {

  static final byte[] AGGREGATION = word("AGGREGATION");
  static final byte[] COUNT = word("COUNT");
  static final byte[] LIMIT = word("LIMIT");
  static final byte[] WITHSCORES = word("WITHSCORES");
  static final byte[] ZERO = word("0");
  static final byte[] LEAST = word("-");
  static final byte[] MOST = word("+");
  static final byte[] LEAST_SCORE = word("-inf");

  private Arguments() {}

  static byte[] word(String word) {
    return word.getBytes(US_ASCII);
  }

  static byte[] number(long number) {
    return word(Long.toString(number));
  }

  /** A score as it is read back to the same number. */
  static byte[] score(double score) {
    return word(
        score == Double.POSITIVE_INFINITY
            ? "+inf"
            : score == Double.NEGATIVE_INFINITY ? "-inf" : Double.toString(score));
  }

  /** A score that does not belong to the range. */
  static byte[] beyond(double score) {
    return word("(" + new String(score(score), US_ASCII));
  }
}
