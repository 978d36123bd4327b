package dev.tarn.redis.search;

/** An aggregate that the index may not answer as the engine would. The message says why. */
final class Doubtful extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Doubtful(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
