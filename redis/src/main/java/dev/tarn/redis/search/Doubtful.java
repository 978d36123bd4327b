package dev.tarn.redis.search;

/** What an index cannot be asked, or may not answer as it should. The message says why. */
final class Doubtful extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Doubtful(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
