package dev.tarn.error;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as one line: {@code Cannot <verb> <thing>: <why>. <what to do>}, with the source
 * in brackets where there is one. The subtypes say what a caller can do about it. Messages never
 * hold a password; they may hold column names, file names and single values.
 */
public abstract sealed class TarnException extends RuntimeException
    permits InvalidRequest, BadData, CommitConflict, Unavailable, LimitExceeded {

  private static final long serialVersionUID = 1L;

  TarnException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
