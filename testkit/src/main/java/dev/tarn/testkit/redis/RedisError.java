package dev.tarn.testkit.redis;

/** An error that a server replied; the message is the server's, {@code WRONGTYPE …} say. */
public final class RedisError extends RuntimeException {

  public RedisError(String message) {
    super(message);
  }

  /** The first word: {@code ERR}, {@code MOVED}, {@code NOPERM}. */
  public String code() {
    String message = String.valueOf(getMessage());
    int end = message.indexOf(' ');
    return end < 0 ? message : message.substring(0, end);
  }
}
