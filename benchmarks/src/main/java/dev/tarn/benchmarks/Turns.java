package dev.tarn.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the sides of a comparison in turns, forwards and backwards, so that whatever else the
 * machine does falls on all of them alike.
 */
final class Turns {

  /** One side; returns what all sides must agree on, such as the number of rows. */
  @FunctionalInterface
  interface Side {
    long run() throws Exception;
  }

  /** A clock besides that of the wall, in milliseconds. It is read while no side runs. */
  @FunctionalInterface
  interface Clock {
    double millis() throws Exception;
  }

  private final Map<String, Side> sides = new LinkedHashMap<>();
  private final Clock clock;
  private Times clockTimes = new Times(Map.of());

  /** With the CPU time of this process, which what else the machine does touches less. */
  Turns() {
    this(Turns::cpuMillis);
  }

  Turns(Clock clock) {
    this.clock = clock;
  }

  Turns side(String name, Side side) {
    sides.put(name, side);
    return this;
  }

  /** The times of each side. */
  Times run(int warmups, int rounds) throws Exception {
    var times = new LinkedHashMap<String, double[]>();
    var others = new LinkedHashMap<String, double[]>();
    sides.keySet().forEach(name -> times.put(name, new double[rounds]));
    sides.keySet().forEach(name -> others.put(name, new double[rounds]));
    for (int i = -warmups; i < rounds; i++) {
      int round = i;
      List<String> order = new ArrayList<>(sides.keySet());
      if (round % 2 != 0) {
        order = order.reversed();
      }
      Long expected = null;
      for (String name : order) {
        double before = clock.millis();
        long start = System.nanoTime();
        long result = side(name).run();
        double millis = (System.nanoTime() - start) / 1e6;
        double other = clock.millis() - before;
        if (expected != null && expected != result) {
          throw new IllegalStateException(
              "%s answers %d where another side answers %d".formatted(name, result, expected));
        }
        expected = result;
        if (round >= 0) {
          times.computeIfPresent(name, (side, all) -> with(all, round, millis));
          others.computeIfPresent(name, (side, all) -> with(all, round, other));
        }
      }
    }
    clockTimes = new Times(others);
    return new Times(times);
  }

  /** The times of each side in the last run by the other clock. */
  Times clockTimes() {
    return clockTimes;
  }

  private static double[] with(double[] all, int index, double value) {
    all[index] = value;
    return all;
  }

  private static double cpuMillis() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e6
        : 0;
  }

  private Side side(String name) {
    Side side = sides.get(name);
    if (side == null) {
      throw new IllegalArgumentException(name);
    }
    return side;
  }

  /** Milliseconds by side, in the order of the rounds. */
  record Times(Map<String, double[]> millis) {

    double median(String side) {
      return middle(of(side));
    }

    /** How many times as long one side takes: the median of the ratios within each round. */
    double ratio(String side, String peer) {
      return middle(ratios(side, peer));
    }

    /** How much longer one side takes: the median of the differences within each round. */
    double difference(String side, String peer) {
      double[] one = of(side);
      double[] other = of(peer);
      double[] differences = new double[one.length];
      Arrays.setAll(differences, i -> one[i] - other[i]);
      return middle(differences);
    }

    /** The quartiles of the ratios within each round: how far apart the rounds are. */
    String spread(String side, String peer) {
      double[] ratios = ratios(side, peer);
      int last = ratios.length - 1;
      double high = ratios[last - last / 4];
      return (high < 0.1 ? "%.4f – %.4f" : "%.2f – %.2f").formatted(ratios[last / 4], high);
    }

    private double[] ratios(String side, String peer) {
      double[] one = of(side);
      double[] other = of(peer);
      double[] ratios = new double[one.length];
      Arrays.setAll(ratios, i -> one[i] / other[i]);
      Arrays.sort(ratios);
      return ratios;
    }

    double[] of(String side) {
      double[] found = millis.get(side);
      if (found == null) {
        throw new IllegalArgumentException(side);
      }
      return found;
    }

    private static double middle(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
  }
}
