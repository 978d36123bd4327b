package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Backoff;
import dev.tarn.spi.Batch;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way from the readers to the engine, bounded by their bytes. Safe for use by
 * several threads.
 */
final class BatchQueue {

  private record Item(Batch batch, long bytes) {}

  private final long capacity;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private long bytes;
  private boolean ended;
  private @Nullable Throwable failure;

  BatchQueue(long capacity) {
    this.capacity = capacity;
  }

  /** Waits until there is room; a batch goes in alone however large it is. False once ended. */
  synchronized boolean put(Batch batch, long size) {
    while (!ended && !items.isEmpty() && bytes + size > capacity) {
      await();
    }
    if (ended) {
      return false;
    }
    items.add(new Item(batch, size));
    bytes += size;
    notifyAll();
    return true;
  }

  /** Whether a batch more would have to wait. */
  synchronized boolean isFull() {
    return bytes >= capacity;
  }

  /** The next batch; null at the end. Throws what ended the scan. */
  synchronized @Nullable Batch take() {
    while (items.isEmpty() && !ended) {
      await();
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    Item item = items.poll();
    if (item == null) {
      return null;
    }
    bytes -= item.bytes;
    notifyAll();
    return item.batch;
  }

  /** No more will come; those that are there can be taken. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Ends with a failure, which whoever takes gets; the first counts. */
  synchronized void fail(Throwable cause) {
    if (!ended) {
      failure = cause;
    }
    drop();
  }

  /** Ends, and forgets what is there. */
  synchronized void drop() {
    ended = true;
    items.clear();
    bytes = 0;
    notifyAll();
  }

  @SuppressWarnings("WaitNotInLoop") // whoever calls it does so in a loop
  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw Backoff.interrupted("read from", e);
    }
  }
}
