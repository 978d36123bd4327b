package dev.tarn.testkit.redis;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other processes and threads do. */
public final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Await() {}

  /** Looks again and again, for a minute; what cannot be asked for yet does not hold. */
  public static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!holdsNow(holds)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Waited in vain until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static boolean holdsNow(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
