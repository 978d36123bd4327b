package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is read of time series. Immutable.
 *
 * @param labels each becomes a VARCHAR column of its name; null where a series does not have it
 * @param aggregation what the server makes of the samples; empty for the samples themselves
 */
public record Samples(List<String> labels, Optional<Aggregation> aggregation) {

  /** Each sample, no labels. */
  public static final Samples ALL = new Samples(List.of(), Optional.empty());

  public Samples {
    labels = List.copyOf(labels);
  }

  /** One value for each bucket of time that has samples; its time is the bucket's start. */
  public static Samples aggregate(String function, Duration bucket) {
    return new Samples(List.of(), Optional.of(new Aggregation(function, bucket)));
  }

  /** With these labels as columns. */
  public Samples labels(String... names) {
    var more = new ArrayList<>(labels);
    more.addAll(List.of(names));
    return new Samples(more, aggregation);
  }

  /**
   * An aggregation by buckets of time, which are counted from 1970.
   *
   * @param function avg, sum, min, max, range, count, first, last, std.p, std.s, var.p, var.s, twa
   * @param bucket whole milliseconds, 1 or more
   */
  public record Aggregation(String function, Duration bucket) {

    private static final Set<String> FUNCTIONS =
        Set.of(
            "avg", "sum", "min", "max", "range", "count", "first", "last", "std.p", "std.s",
            "var.p", "var.s", "twa");

    public Aggregation {
      function = function.toLowerCase(Locale.ROOT);
      if (!FUNCTIONS.contains(function)) {
        throw new InvalidRequest(
            "Cannot aggregate time series by '%s': there is no such function. Use avg, sum, min, max, range, count, first, last, std.p, std.s, var.p, var.s or twa."
                .formatted(function));
      }
      if (bucket.toMillis() < 1 || !bucket.equals(Duration.ofMillis(bucket.toMillis()))) {
        throw new InvalidRequest(
            "Cannot aggregate time series by %s: buckets are whole milliseconds. Give 1 ms or more."
                .formatted(bucket));
      }
    }
  }
}
