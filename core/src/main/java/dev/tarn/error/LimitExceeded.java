package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/** Time, memory or disk space ran out, or the query was cancelled. */
public final class LimitExceeded extends TarnException {

  private static final long serialVersionUID = 1L;

  public LimitExceeded(String message) {
    this(message, null);
  }

  public LimitExceeded(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
