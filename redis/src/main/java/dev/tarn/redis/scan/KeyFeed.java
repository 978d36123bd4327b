package dev.tarn.redis.scan;

import java.util.ArrayList;
import java.util.List;

/** Keys that were found, on their way to those who read them. Used by one thread at a time. */
final class KeyFeed {

  private final ScanRun run;
  private final ChunkQueue queue;
  private List<byte[]> pending = new ArrayList<>();

  KeyFeed(ScanRun run, ChunkQueue queue) {
    this.run = run;
    this.queue = queue;
  }

  /** A key, which may have come before, or not be meant. */
  void found(byte[] key) {
    boolean meant = run.selection().isExact() || run.selection().pattern().matches(key);
    if (meant && run.isNew(key)) {
      run.counters().keys.increment();
      pending.add(key);
    }
  }

  int size() {
    return pending.size();
  }

  /** Keys go in pieces of the size that is asked for at a time; the last may be smaller. */
  void handOver() {
    handOver(run.tuner().batchSize());
  }

  /** Keys go in pieces of a size. */
  void handOver(int size) {
    List<byte[]> keys = pending;
    pending = new ArrayList<>();
    for (int start = 0; start < keys.size(); start += size) {
      List<byte[]> part = keys.subList(start, Math.min(keys.size(), start + size));
      if (!run.rounds().give(queue, Chunk.of(part.toArray(byte[][]::new)))) {
        return;
      }
    }
  }
}
