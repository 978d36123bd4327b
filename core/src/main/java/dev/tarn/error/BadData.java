package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/** The data is wrong: a value that does not fit its type, a truncated or malformed file. */
public final class BadData extends TarnException {

  private static final long serialVersionUID = 1L;

  public BadData(String message) {
    this(message, null);
  }

  public BadData(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
