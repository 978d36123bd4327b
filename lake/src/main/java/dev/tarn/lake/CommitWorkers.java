package dev.tarn.lake;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.iceberg.util.ThreadPools;

/**
 * Runs the steps of one commit: short ones by the committing thread, at once. Iceberg waits for
 * those that are left to other threads in sleeps of 10 ms, of which a commit of one row would have
 * four. While steps take long, Iceberg's own threads take their share of them.
 */
final class CommitWorkers extends AbstractExecutorService {

  /** Beyond this, both together and on average, steps take long. */
  private static final long ALONE_NANOS = 50_000_000;

  private static final long STEP_NANOS = 5_000_000;

  private final AtomicInteger elsewhere = new AtomicInteger();
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong spentNanos = new AtomicLong();
  private final LongSupplier clock;

  CommitWorkers() {
    this(System::nanoTime);
  }

  /** By a clock of nanoseconds. */
  CommitWorkers(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public void execute(Runnable step) {
    if (takeLong() && elsewhere.get() < ThreadPools.WORKER_THREAD_POOL_SIZE) {
      elsewhere.incrementAndGet();
      ThreadPools.getWorkerPool()
          .execute(() -> {
            run(step);
            elsewhere.decrementAndGet();
          });
    } else {
      run(step);
    }
  }

  private boolean takeLong() {
    long spent = spentNanos.get();
    return spent > ALONE_NANOS && spent > steps.get() * STEP_NANOS;
  }

  private void run(Runnable step) {
    long start = clock.getAsLong();
    step.run(); // a task that keeps what it throws
    spentNanos.addAndGet(clock.getAsLong() - start);
    steps.incrementAndGet();
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
