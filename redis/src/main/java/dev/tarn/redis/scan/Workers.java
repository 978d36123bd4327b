package dev.tarn.redis.scan;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a run, or none: then whoever starts work does it. Safe for use by several threads.
 */
final class Workers {

  private final @Nullable ExecutorService threads;
  private final Phaser working = new Phaser(1);
  private final Consumer<Throwable> onFailure;
  private @Nullable Thread leader;
  private boolean interrupted;

  private Workers(@Nullable ExecutorService threads, Consumer<Throwable> onFailure) {
    this.threads = threads;
    this.onFailure = onFailure;
  }

  /**
   * As many threads as there is work.
   *
   * @param onFailure is told what work throws, by its thread
   */
  static Workers threads(Consumer<Throwable> onFailure) {
    return new Workers(
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("tarn-redis-", 0).factory()),
        onFailure);
  }

  /** To wake others takes longer than little work. */
  static Workers none(Consumer<Throwable> onFailure) {
    return new Workers(null, onFailure);
  }

  boolean areThreads() {
    return threads != null;
  }

  /** Begins what starts the others and awaits them; with no threads that is the caller's. */
  void begin(Runnable leader) {
    if (threads != null) {
      threads.execute(leader);
    }
  }

  /** Where there are no threads: the caller leads, until the {@link #end}. */
  synchronized void enter() {
    leader = Thread.currentThread();
    if (interrupted) {
      leader.interrupt();
    }
  }

  /** Interrupts a caller who leads: nothing else ends its wait for a server. */
  synchronized void interrupt() {
    interrupted = true;
    if (leader != null) {
      leader.interrupt();
    }
  }

  /** Begins work that is awaited. */
  void start(Runnable work) {
    working.register();
    Runnable counted =
        () -> {
          try {
            work.run();
          } catch (Throwable e) {
            onFailure.accept(e);
          } finally {
            working.arriveAndDeregister();
          }
        };
    if (threads == null) {
      counted.run();
      return;
    }
    try {
      threads.execute(counted);
    } catch (Throwable e) { // also where the system gives no thread
      working.arriveAndDeregister();
      throw e;
    }
  }

  /** Waits until all work that was started has ended. */
  void await() {
    working.arriveAndAwaitAdvance();
  }

  /** No more is started; the leader's last step but for what it tells others. */
  synchronized void end() {
    leader = null;
    if (threads != null) {
      threads.shutdown();
    }
    if (threads != null || interrupted) {
      Thread.interrupted(); // whoever is told may wait for something of its own
    }
  }

  /** Interrupts all, as some may be in a pause before a server is tried again, and waits. */
  void stop() {
    if (threads == null) {
      return;
    }
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
