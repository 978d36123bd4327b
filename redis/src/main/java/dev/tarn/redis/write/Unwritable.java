package dev.tarn.redis.write;

/** A row that cannot be written, and why. */
final class Unwritable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  Unwritable(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
