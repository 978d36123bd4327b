package dev.tarn.testkit;

import java.util.Random;
import java.util.SplittableRandom;

/**
 * Seeds of random tests. {@code -Dtarn.seed=…} repeats a run; a failing test names its seed. {@code
 * -Dtarn.campaign=long} multiplies how much is tried.
 */
public final class Seeds {

  private Seeds() {}

  /** A seed for this run. */
  public static long first() {
    String property = System.getProperty("tarn.seed");
    return property == null ? System.nanoTime() : Long.parseLong(property);
  }

  /**
   * A generator for a round. {@code new Random(seed)} would do badly: those of seeds in a row begin
   * with the same {@code nextInt(2)}, so that all rounds of a run would take the same turn.
   */
  public static Random random(long seed) {
    return Random.from(new SplittableRandom(seed));
  }

  /** How many rounds to go: a few in a normal run, many in a long campaign. */
  public static int rounds(int normal, int campaign) {
    if (System.getProperty("tarn.seed") != null) {
      return 1;
    }
    return "long".equals(System.getProperty("tarn.campaign")) ? campaign : normal;
  }

  /** A body that is given a generator of its own. */
  @FunctionalInterface
  public interface Body {
    void run(Random random) throws Exception;
  }

  /** Runs a body with one seed after another; a failure says which seed repeats it. */
  public static void each(int rounds, Body body) {
    long first = first();
    for (int i = 0; i < rounds; i++) {
      long seed = first + i;
      try {
        body.run(random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("failed with -Dtarn.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
