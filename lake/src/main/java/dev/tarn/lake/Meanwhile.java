package dev.tarn.lake;

import dev.tarn.error.LimitExceeded;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that goes on in a thread of its own: it fills the processors where other work leaves them
 * idle. Closing ends it, and waits until it has ended.
 */
final class Meanwhile<T> implements AutoCloseable {

  private final FutureTask<T> work;
  private final Thread thread;

  Meanwhile(Callable<T> work) {
    this.work = new FutureTask<>(work);
    this.thread = Thread.ofPlatform().daemon().name("tarn-lake").start(this.work);
  }

  /** Waits for the end; what it threw is thrown. */
  T result() {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LimitExceeded("Cannot go on: the thread was interrupted. Run it again.", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    work.cancel(true);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
