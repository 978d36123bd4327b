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

  private final Map<String, Side> sides = new LinkedHashMap<>();
  private Times cpuTimes = new Times(Map.of());

  Turns side(String name, Side side) {
    sides.put(name, side);
    return this;
  }

  /** The times of each side. */
  Times run(int warmups, int rounds) throws Exception {
    var times = new LinkedHashMap<String, double[]>();
    var cpu = new LinkedHashMap<String, double[]>();
    sides.keySet().forEach(name -> times.put(name, new double[rounds]));
    sides.keySet().forEach(name -> cpu.put(name, new double[rounds]));
    for (int i = -warmups; i < rounds; i++) {
      int round = i;
      List<String> order = new ArrayList<>(sides.keySet());
      if (round % 2 != 0) {
        order = order.reversed();
      }
      Long expected = null;
      for (String name : order) {
        long startCpu = cpuNanos();
        long start = System.nanoTime();
        long result = side(name).run();
        double millis = (System.nanoTime() - start) / 1e6;
        double cpuMillis = (cpuNanos() - startCpu) / 1e6;
        if (expected != null && expected != result) {
          throw new IllegalStateException(
              "%s answers %d where another side answers %d".formatted(name, result, expected));
        }
        expected = result;
        if (round >= 0) {
          times.computeIfPresent(name, (side, all) -> with(all, round, millis));
          cpu.computeIfPresent(name, (side, all) -> with(all, round, cpuMillis));
        }
      }
    }
    cpuTimes = new Times(cpu);
    return new Times(times);
  }

  /**
   * The CPU time of this process in the last run, which what else the machine does touches less.
   */
  Times cpuTimes() {
    return cpuTimes;
  }

  private static double[] with(double[] all, int index, double value) {
    all[index] = value;
    return all;
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
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

    /** The quartiles of the ratios within each round: how far apart the rounds are. */
    String spread(String side, String peer) {
      double[] ratios = ratios(side, peer);
      int last = ratios.length - 1;
      return "%.2f – %.2f".formatted(ratios[last / 4], ratios[last - last / 4]);
    }

    private double[] ratios(String side, String peer) {
      double[] one = of(side);
      double[] other = of(peer);
      double[] ratios = new double[one.length];
      Arrays.setAll(ratios, i -> one[i] / other[i]);
      Arrays.sort(ratios);
      return ratios;
    }

    private double[] of(String side) {
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
