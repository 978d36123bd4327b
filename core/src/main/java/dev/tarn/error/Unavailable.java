package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/** Something is out of reach: a server, a folder, a permission. It may work later. */
public final class Unavailable extends TarnException {

  private static final long serialVersionUID = 1L;

  public Unavailable(String message) {
    this(message, null);
  }

  public Unavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
