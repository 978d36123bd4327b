package dev.tarn.redis.infer;

import dev.tarn.redis.Advice;
import dev.tarn.redis.Advice.Line;
import dev.tarn.redis.Advice.Trial;
import dev.tarn.redis.scan.KeyType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What was measured, and what follows from it. */
record Measured(
    KeyType type,
    String source,
    int columns,
    ServerFacts server,
    long matching,
    long rows,
    KeySample keys,
    SampleFacts sample,
    List<Trial> trials,
    Trial best,
    Duration scanTime,
    long collected,
    long streamed,
    long bytesPerRow,
    OptionalDouble projection,
    double indexPays) {

  private static final long LARGE = 1_000_000;
  private static final double WORTH = 1.1;
  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final String SHORT = "all of it is read in a moment, whatever is chosen";
  private static final long SLOW_NANOS = 1_000_000;

  Advice advice() {
    return new Advice(
        source,
        server.version()
            + (server.servers() > 1 ? ", %d primaries".formatted(server.servers()) : ""),
        Duration.ofNanos(server.roundTrip()),
        server.keys(),
        matching,
        rows,
        keys.size(),
        sample.bytes(),
        bytesPerRow,
        sample.expiring() / 1000.0,
        trials,
        (int) best.batchSize(),
        (int) best.connections(),
        scanTime,
        collected,
        projection,
        indexPays,
        server.indexes(),
        lines());
  }

  private List<Line> lines() {
    var lines = new ArrayList<Line>();
    lines.add(
        new Line(
            "keys",
            "about %s of %s%s"
                .formatted(
                    count(matching),
                    count(server.keys()),
                    RowCounts.command(type).isEmpty() ? "" : ", %s rows".formatted(count(rows))),
            share()));
    lines.add(batchSize());
    lines.add(connections());
    lines.add(
        new Line(
            "full scan",
            "about " + time(scanTime),
            "%s rows/s with all %d columns, %s bytes a row"
                .formatted(count(Math.round(best.rate())), columns, count(bytesPerRow))));
    lines.add(memory());
    lines.add(projectionLine());
    lines.add(index());
    lines.add(
        new Line(
            "expiry",
            sample.expiring() == 0 ? "none seen" : percent(sample.expiring() / 1000.0) + " expire",
            sample.expiring() == 0
                ? "no key of the sample has a time to live"
                : "keys that are gone before they are read are left out and counted; ttlColumn(…) shows the time left"));
    return lines;
  }

  private String share() {
    return keys.whole()
        ? "the sample has all of them"
        : "by a sample; a scan goes through all %s keys, whatever matches"
            .formatted(count(server.keys()));
  }

  private Line batchSize() {
    Trial tuned = trials.get(1);
    if (isShort()) {
      return new Line("batch size", "leave it out", SHORT);
    }
    boolean tunedIsGood = best.rate() < tuned.rate() * WORTH;
    String why =
        "round trip %s, %s bytes a row".formatted(micros(server.roundTrip()), count(bytesPerRow));
    return tunedIsGood
        ? new Line(
            "batch size",
            "leave it out",
            why + "; tuned to " + count(tuned.batchSize()) + " by itself")
        : new Line(
            "batch size",
            "batchSize(%d)".formatted(best.batchSize()),
            why
                + "; %+.0f %% over what it finds in a short scan"
                    .formatted(100 * (best.rate() / tuned.rate() - 1)));
  }

  private Line connections() {
    if (isShort()) {
      return new Line("connections", "leave it out", SHORT);
    }
    double one = rateWith(1);
    double four = rateWith(4);
    String gain =
        String.format(Locale.ROOT, "4 read %.1f times as fast as 1", four / Math.max(1, one));
    if (server.roundTrip() > SLOW_NANOS) {
      return new Line(
          "connections",
          "leave it out, or 4 to 8",
          "the network is slow (%s); %s".formatted(micros(server.roundTrip()), gain));
    }
    return four > one * WORTH
        ? new Line("connections", "leave it out, or %d".formatted(best.connections()), gain)
        : new Line("connections", "1", gain + ": the server is what it waits for");
  }

  private double rateWith(long connections) {
    return trials.stream()
        .filter(t -> t.batchSize() == 1000 && t.connections() == connections && t.columns() > 0)
        .mapToDouble(Trial::rate)
        .findFirst()
        .orElse(0);
  }

  private Line memory() {
    String collect = "%s when collected".formatted(size(collected));
    String why = "%s when streamed, whatever the number of columns".formatted(size(streamed));
    String server =
        sample.bytes().isPresent()
            ? "; a key takes %s bytes in the server".formatted(count(sample.bytes().getAsLong()))
            : "";
    return rows > LARGE || collected > 1L << 30
        ? new Line("memory", "stream, or write to a file: " + collect, why + server)
        : new Line("memory", collect, why + server);
  }

  private Line projectionLine() {
    if (projection.isEmpty()) {
      return new Line("columns", "nothing to leave out", "there is one");
    }
    double gain = projection.getAsDouble();
    return new Line(
        "columns",
        gain > WORTH ? "select what is needed" : "select what is needed, though it saves little",
        String.format(
            Locale.ROOT, "one column of %d is read %.1f times as fast as all", columns, gain));
  }

  /** Whether there is nothing to gain by anything. */
  private boolean isShort() {
    return scanTime.compareTo(MOMENT) < 0;
  }

  private Line index() {
    if (!type.isIndexed()) {
      return new Line("search index", "none", "they are of hashes and JSON documents");
    }
    if (isShort()) {
      return new Line("search index", "not needed", SHORT);
    }
    String below = percent(indexPays);
    String why =
        "finding by an index is taken to cost as much per row as reading it; a scan goes through all keys";
    if (server.indexes().isEmpty()) {
      return new Line(
          "search index",
          "would pay below " + below + " of rows",
          why + "; this server has no search module");
    }
    return new Line(
        "search index",
        "pays below " + below + " of rows",
        why + "; there are %d indexes".formatted(server.indexes().getAsInt()));
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String micros(long nanos) {
    return nanos < 1_000_000
        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  private static String time(Duration time) {
    double seconds = time.toMillis() / 1e3;
    return seconds < 120
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.0f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.0f MiB", bytes / 1048576.0);
  }
}
