package dev.tarn.lake;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.util.ThreadPools;

/**
 * Runs the steps of one commit: short ones by the committing thread, at once. Iceberg waits for
 * those that are left to other threads in sleeps of 10 ms, of which a commit of one row would have
 * four. Where steps turn out to take long, Iceberg's own threads take their share of them. For one
 * thread.
 */
final class CommitWorkers extends AbstractExecutorService {

  /** Beyond this, both together and one by one, steps take long. */
  private static final long ALONE_NANOS = 50_000_000;

  private static final long STEP_NANOS = 5_000_000;

  private final ExecutorService others = ThreadPools.getWorkerPool();
  private final AtomicInteger busy = new AtomicInteger();
  private long steps;
  private long spentNanos;

  @Override
  public void execute(Runnable step) {
    if (spentNanos > ALONE_NANOS
        && spentNanos > steps * STEP_NANOS
        && busy.get() < ThreadPools.WORKER_THREAD_POOL_SIZE) {
      busy.incrementAndGet();
      others.execute(() -> {
        try {
          step.run();
        } finally {
          busy.decrementAndGet();
        }
      });
      return;
    }
    long start = System.nanoTime();
    try {
      step.run();
    } finally {
      steps++;
      spentNanos += System.nanoTime() - start;
    }
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
