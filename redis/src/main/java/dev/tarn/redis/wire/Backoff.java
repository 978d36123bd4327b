package dev.tarn.redis.wire;

import dev.tarn.error.LimitExceeded;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Growing pauses between attempts: from 20 ms to 1 s, each a little different, so that those who
 * lost a server together do not all come back together.
 *
 * @param limit how long it is tried from the first failure
 */
public record Backoff(Duration limit) {

  private static final long FIRST_MILLIS = 20;
  private static final long LONGEST_MILLIS = 1000;

  /** Begins to count. */
  public Attempts start() {
    return new Attempts(System.nanoTime() + limit.toNanos());
  }

  /**
   * Does the work, from its beginning each time a connection was lost.
   *
   * @param giveUp what to throw when the time for attempts is up
   */
  public <T> T persist(Supplier<T> work, Function<LostConnection, RuntimeException> giveUp) {
    @Nullable Attempts attempts = null;
    while (true) {
      try {
        return work.get();
      } catch (LostConnection e) {
        attempts = attempts == null ? start() : attempts;
        if (!attempts.again()) {
          throw giveUp.apply(e);
        }
      }
    }
  }

  /** What to throw where a pause was ended; whoever catches it finds the thread interrupted. */
  public static LimitExceeded interrupted(String doing, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LimitExceeded(
        "Cannot %s Redis: the thread was interrupted. Run it again.".formatted(doing), e);
  }

  /** Attempts at one thing. Used by one thread. */
  public static final class Attempts {
    private final long end;
    private long pause = FIRST_MILLIS;

    private Attempts(long end) {
      this.end = end;
    }

    /**
     * Waits before the next attempt.
     *
     * @return false when the time is up, at once
     */
    public boolean again() {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      long wait = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
      pause = Math.min(LONGEST_MILLIS, pause * 2);
      try {
        Thread.sleep(Math.min(wait, left));
      } catch (InterruptedException e) {
        throw interrupted("wait for", e);
      }
      return true;
    }
  }
}
