package dev.tarn.redis.scan;

import dev.tarn.redis.wire.ServerError;
import org.jspecify.annotations.Nullable;

/**
 * Reads what keys of one type hold. It keeps nothing of a key: what a next page needs is its
 * position. Used by one thread at a time.
 */
interface ValueReader {

  /** Where keys begin that are asked for now; null where there is nothing to say. */
  default @Nullable Object start() {
    return null;
  }

  /** How many commands {@link #send} sends at a position. */
  default int commands(@Nullable Object position) {
    return 1;
  }

  /**
   * Sends the commands for a key, or for its next page.
   *
   * @param position where it goes on; {@link #start} at first
   */
  void send(Requests to, byte[] key, @Nullable Object position);

  /**
   * Makes rows of the answers.
   *
   * @param replies as many as commands; an error that is not {@link #expects expected} does not
   *     come here
   */
  Outcome read(byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows);

  /** Where another server goes on with a key that this one had begun. */
  default Object moved(Object position) {
    return position;
  }

  /** Bytes that are kept for a key while it is at a position, about. */
  default long kept(@Nullable Object position) {
    return 0;
  }

  /** Whether an error says that the key holds another type, or is gone. */
  default boolean expects(ServerError error) {
    return error.is("WRONGTYPE");
  }

  /** Makes the rows of a key that was asked for its type, and has the right one. */
  default Outcome empty(RowBuffer rows) {
    return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
  }
}
