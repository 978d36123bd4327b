package dev.tarn.lake.iceberg;

import dev.tarn.error.CommitConflict;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;

/** Iceberg's failures in Tarn's words. */
public final class IcebergErrors {

  private IcebergErrors() {}

  /** Why something failed, in one line: the innermost cause that says anything. */
  public static String reason(Throwable e) {
    String reason = e.toString();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        reason = message;
      }
    }
    return reason.lines().findFirst().orElse(reason).strip().replaceFirst("\\.$", "");
  }

  /**
   * The exception for what failed.
   *
   * @param doing such as {@code append to [sales]}
   */
  public static TarnException of(String doing, Throwable e) {
    if (e instanceof TarnException own) {
      return own;
    }
    String reason = reason(e);
    if (e instanceof CommitFailedException) {
      return conflict(doing, e);
    }
    if (e instanceof AlreadyExistsException
        || e instanceof NoSuchTableException
        || e instanceof NoSuchNamespaceException
        || e instanceof NamespaceNotEmptyException
        || e instanceof ValidationException
        || e instanceof IllegalArgumentException
        || e instanceof UnsupportedOperationException) {
      return new InvalidRequest("Cannot %s: %s.".formatted(doing, reason), e);
    }
    String all = everything(e);
    if (all.contains("no space left") || all.contains("sqlite_full") || all.contains("quota")) {
      return new LimitExceeded(
          "Cannot %s: the disk is full. Free space; nothing was changed.".formatted(doing), e);
    }
    if (all.contains("sqlite_busy") || all.contains("database is locked")) {
      return new Unavailable(
          "Cannot %s: another process holds the lake's catalog. Try again.".formatted(doing), e);
    }
    if (all.contains("read-only")
        || all.contains("readonly")
        || all.contains("permission denied")
        || all.contains("accessdenied")) {
      return new Unavailable(
          "Cannot %s: it is read-only for you (%s). Ask for the right to write there."
              .formatted(doing, reason),
          e);
    }
    if (e instanceof NotFoundException) {
      return new Unavailable(
          "Cannot %s: a file of it is missing (%s). Run verify, or go back to a snapshot that is whole."
              .formatted(doing, reason),
          e);
    }
    return new Unavailable("Cannot %s: %s.".formatted(doing, reason), e);
  }

  /** The exception for a commit whose checks found that another writer was first. */
  public static CommitConflict conflict(String doing, Throwable e) {
    return new CommitConflict(
        "Cannot %s: another writer has changed it at the same time (%s). Run it again."
            .formatted(doing, reason(e)),
        e);
  }

  private static String everything(Throwable e) {
    var text = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
      if (cause instanceof SQLException sql) {
        text.append(sql.getSQLState()).append('\n');
      }
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
