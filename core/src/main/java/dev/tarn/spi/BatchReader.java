package dev.tarn.spi;

import org.jspecify.annotations.Nullable;

/** Batches one after another. Used by one thread at a time; whoever opened it closes it. */
public interface BatchReader extends AutoCloseable {

  /** The next batch, at most {@link Batch#MAX_SCAN_ROWS} rows from a scan; null at the end. */
  @Nullable Batch next();

  /**
   * Makes {@link #next} fail soon where it waits for something that may never come. May be called
   * by any thread, at any time.
   */
  default void cancel() {}

  /** Frees everything; may come before the end. */
  @Override
  void close();
}
