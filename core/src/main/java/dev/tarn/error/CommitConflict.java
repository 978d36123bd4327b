package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/** Another writer won. The whole operation may be tried again; nothing of it is visible. */
public final class CommitConflict extends TarnException {

  private static final long serialVersionUID = 1L;

  public CommitConflict(String message) {
    this(message, null);
  }

  public CommitConflict(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
