package dev.tarn.testkit.redis;

import java.util.Random;

/** After how many bytes each connection breaks. */
final class CutPlan {

  private final FlakyProxy.End end;
  private final Random random;
  private final long least;
  private final long most;
  private int timesLeft;

  CutPlan(FlakyProxy.End end, long seed, long least, long most, int times) {
    this.end = end;
    this.random = new Random(seed);
    this.least = least;
    this.most = most;
    this.timesLeft = times;
  }

  /** One connection's: how, and after how many bytes. */
  record Cut(FlakyProxy.End end, long bytes) {

    static final Cut NEVER = new Cut(FlakyProxy.End.CLOSE, Long.MAX_VALUE);
  }

  synchronized Cut next() {
    if (timesLeft == 0) {
      return Cut.NEVER;
    }
    timesLeft--;
    return new Cut(end, random.nextLong(least, most + 1));
  }
}
