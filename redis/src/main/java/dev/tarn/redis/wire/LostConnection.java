package dev.tarn.redis.wire;

import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection broke, or could not be made: what was asked over it may or may not have been done.
 */
public final class LostConnection extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LostConnection(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether nothing came in time. */
  boolean isTimeout() {
    for (Throwable e = getCause(); e != null; e = e.getCause()) {
      if (e instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }
}
