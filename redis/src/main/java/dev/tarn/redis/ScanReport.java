package dev.tarn.redis;

import java.time.Duration;

/**
 * How a scan went.
 *
 * @param source what was scanned
 * @param keys different keys that were found
 * @param rows that came of them
 * @param duplicates keys that {@code SCAN} returned again, and were left out
 * @param vanished keys that were gone before they were read
 * @param otherType keys that held another type when they were read
 * @param badValues values that were none of their column's type
 * @param bytes of keys and values that were read
 * @param scanCalls how many times {@code SCAN} was asked
 * @param reconnects connections that were lost and made again
 * @param time from the first command to the last row
 * @param complete whether all was read; false where the query needed no more
 * @param index the search index that found the keys, and why it was given up if it was; empty where
 *     {@code SCAN} found them
 * @param batchSize keys that were asked for at a time in the end, and why so many
 * @param connections that were used in the end, and why so many
 * @param scanCount what {@code SCAN} was told to look at in a call in the end, and why
 */
public record ScanReport(
    String source,
    long keys,
    long rows,
    long duplicates,
    long vanished,
    long otherType,
    long badValues,
    long bytes,
    long scanCalls,
    long reconnects,
    Duration time,
    boolean complete,
    String index,
    Chosen batchSize,
    Chosen connections,
    Chosen scanCount) {

  /** A number that was found while the scan ran, or given. */
  public record Chosen(long value, String why) {
    @Override
    public String toString() {
      return "%,d (%s)".formatted(value, why);
    }
  }

  /** Rows in a second. */
  public double rate() {
    return rows / Math.max(1e-9, time.toNanos() / 1e9);
  }

  /** A line for each thing worth knowing. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(
        "%s: %,d rows of %,d keys in %.2f s, %,.0f rows/s, %,.1f MiB%n"
            .formatted(source, rows, keys, time.toNanos() / 1e9, rate(), bytes / 1048576.0));
    text.append("  batch size %s%n".formatted(batchSize));
    text.append("  connections %s%n".formatted(connections));
    text.append("  scan count %s, %,d calls%n".formatted(scanCount, scanCalls));
    if (!index.isEmpty()) {
      text.append("  index %s%n".formatted(index));
    }
    line(text, duplicates, "keys returned twice and left out");
    line(text, vanished, "keys gone before they were read");
    line(text, otherType, "keys of another type when they were read");
    line(text, badValues, "values that were none of their column's type");
    line(text, reconnects, "connections lost and made again");
    if (!complete) {
      text.append("  ended early: the query needed no more%n".formatted());
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append("  %,d %s%n".formatted(count, what));
    }
  }
}
