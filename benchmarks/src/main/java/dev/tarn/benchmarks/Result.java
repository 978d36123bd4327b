package dev.tarn.benchmarks;

import dev.tarn.benchmarks.Turns.Times;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line of the table.
 *
 * @param group the group that it belongs to
 * @param what what was done, with its parameters
 * @param peer what it was held against
 * @param measured the comparison: the median of the ratios or differences within each round, and
 *     the quartiles of the ratios, or what else
 * @param target what it should be; empty for none
 * @param numbers what it was computed from, by name, with the unit in the name
 */
record Result(
    String group,
    String what,
    String peer,
    String measured,
    String target,
    Verdict verdict,
    Map<String, Double> numbers) {

  enum Verdict {
    MET,
    MISSED,
    /** There is no target. */
    NONE;

    static Verdict of(boolean met) {
      return met ? MET : MISSED;
    }
  }

  /** A ratio with no target. */
  static Result ratio(String group, String what, Times times, String side, String peer) {
    return ratio(group, what, times, side, peer, Double.POSITIVE_INFINITY);
  }

  /** A ratio that must be at most so much. */
  static Result ratio(
      String group, String what, Times times, String side, String peer, double most) {
    double ratio = times.ratio(side, peer);
    boolean open = Double.isInfinite(most);
    return new Result(
        group,
        what,
        peer,
        (ratio < 0.1 ? "%.4f times (%s)" : "%.2f times (%s)")
            .formatted(ratio, times.spread(side, peer)),
        open ? "" : "≤ %.2f times".formatted(most),
        open ? Verdict.NONE : Verdict.of(ratio <= most),
        numbers(times, side, peer));
  }

  /** A difference with no target. */
  static Result difference(String group, String what, Times times, String side, String peer) {
    return difference(group, what, times, side, peer, Double.POSITIVE_INFINITY);
  }

  /** A difference that must be at most so many milliseconds. */
  static Result difference(
      String group, String what, Times times, String side, String peer, double most) {
    double difference = times.difference(side, peer);
    boolean open = Double.isInfinite(most);
    return new Result(
        group,
        what,
        peer,
        "%+.2f ms (%.2f times)".formatted(difference, times.ratio(side, peer)),
        open ? "" : "≤ %+.0f ms".formatted(most),
        open ? Verdict.NONE : Verdict.of(difference <= most),
        numbers(times, side, peer));
  }

  private static Map<String, Double> numbers(Times times, String side, String peer) {
    var numbers = new LinkedHashMap<String, Double>();
    numbers.put("tarn_median_ms", times.median(side));
    numbers.put("peer_median_ms", times.median(peer));
    numbers.put("ratio", times.ratio(side, peer));
    return numbers;
  }
}
