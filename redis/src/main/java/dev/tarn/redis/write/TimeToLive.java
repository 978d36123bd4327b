package dev.tarn.redis.write;

import dev.tarn.error.InvalidRequest;
import java.time.Duration;

/** How long a key can live: Redis adds it to the time of now, in milliseconds of 64 bits. */
public final class TimeToLive {

  static final long MOST_SECONDS = Long.MAX_VALUE / 4000;

  private TimeToLive() {}

  /**
   * Makes sure that it is at least a millisecond, and not longer than a key can live: the server
   * would find that out after it has removed the old value.
   *
   * @param what cannot be done with it, for the message
   * @return the same
   * @throws InvalidRequest when it is not
   */
  public static Duration require(Duration time, String what) {
    if (time.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidRequest("Cannot %s %s. Give 1 ms or more.".formatted(what, time));
    }
    if (time.compareTo(Duration.ofSeconds(MOST_SECONDS)) > 0) {
      throw new InvalidRequest(
          "Cannot %s %s. Give %,d s or less.".formatted(what, time, MOST_SECONDS));
    }
    return time;
  }
}
