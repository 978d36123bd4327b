package dev.tarn.lake;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.util.ThreadPools;

/**
 * Runs the steps of one commit: short ones by the committing thread, at once. Iceberg waits for
 * those that are left to other threads in sleeps of 10 ms, of which a commit of one row would have
 * four. When they turn out to take long, the rest goes to Iceberg's own threads.
 */
final class CommitWorkers extends AbstractExecutorService {

  private static final long ALONE_NANOS = 20_000_000;

  private long spentNanos;

  @Override
  public void execute(Runnable step) {
    if (isLong(0)) {
      ThreadPools.getWorkerPool().execute(step);
      return;
    }
    long start = System.nanoTime();
    try {
      step.run();
    } finally {
      isLong(System.nanoTime() - start);
    }
  }

  private synchronized boolean isLong(long moreNanos) {
    spentNanos += moreNanos;
    return spentNanos > ALONE_NANOS;
  }

  /** Nothing of its own is ever running. */
  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
