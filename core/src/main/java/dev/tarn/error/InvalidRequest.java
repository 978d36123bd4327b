package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/**
 * The request is wrong and stays wrong: an unknown column, a syntax error, a target that exists.
 */
public final class InvalidRequest extends TarnException {

  private static final long serialVersionUID = 1L;

  public InvalidRequest(String message) {
    this(message, null);
  }

  public InvalidRequest(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
