package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of one server on their way from {@code SCAN} to the readers. Safe for several threads. */
final class ChunkQueue {

  private final int capacity;
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private int keys;
  private int waiting;
  private boolean begun;
  private boolean ended;
  private boolean cancelled;

  /** One for so many keys, about. */
  ChunkQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Waits until there is room. False once cancelled. */
  synchronized boolean put(Chunk chunk) {
    while (!cancelled && keys > 0 && keys + chunk.size() > capacity) {
      await();
    }
    if (cancelled) {
      return false;
    }
    chunks.add(chunk);
    keys += chunk.size();
    begun = true;
    notifyAll();
    return true;
  }

  /** Waits until some have come, taken by others or not. False when none will. */
  synchronized boolean awaitFirst() {
    while (!begun && !ended && !cancelled) {
      await();
    }
    return begun && !cancelled;
  }

  /** Whether somebody has nothing left to do. */
  synchronized boolean isAwaited() {
    return waiting > 0;
  }

  synchronized boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** The next one; null at the end, or at once when there is none and it is not to wait. */
  synchronized @Nullable Chunk take(boolean wait) {
    while (wait && chunks.isEmpty() && !ended && !cancelled) {
      waiting++;
      try {
        await();
      } finally {
        waiting--;
      }
    }
    Chunk chunk = cancelled ? null : chunks.poll();
    if (chunk != null) {
      keys -= chunk.size();
      notifyAll();
    }
    return chunk;
  }

  /** No more will come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Takes all that is left, for another server. */
  synchronized List<Chunk> drain() {
    var left = new ArrayList<>(chunks);
    chunks.clear();
    keys = 0;
    notifyAll();
    return left;
  }

  synchronized void cancel() {
    cancelled = true;
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
