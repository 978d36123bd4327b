package dev.tarn.duckdb;

/** A SELECT is none that a source could answer. The message says why, as part of a sentence. */
final class Unfit extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unfit(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
