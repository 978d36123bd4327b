package dev.tarn.duckdb;

/** A part of a filter has no form among expressions, or might not mean the same there. */
final class NotUnderstood extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotUnderstood() {
    super(null, null, false, false);
  }
}
