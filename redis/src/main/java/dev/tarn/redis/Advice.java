package dev.tarn.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How keys are best read from a server, measured on it by short scans. Immutable. The numbers are
 * those of the moment: another load gives others.
 *
 * @param source what was looked at
 * @param server what answered, with its version
 * @param roundTrip of a command that does nothing, the median
 * @param keys that the servers hold in all
 * @param matching how many of them match and are of the type, about
 * @param rows that these are, about: a key of a hash is one, of a set as many as it has members
 * @param sampled keys that the estimates come from
 * @param bytesPerKey that a key takes in the server's memory, on average; empty where it does not
 *     say
 * @param bytesPerRow that came over the wire for a row, on average
 * @param expiring the share of the keys that expire
 * @param trials the short scans
 * @param batchSize keys to ask for at a time
 * @param connections to each server
 * @param scanTime that reading all fields of all matching keys takes, about
 * @param memory bytes that all of them take when they are collected, about
 * @param projection the rate with one field, as a multiple of that with all; empty where there are
 *     not two fields
 * @param indexPays the share of rows below which asking a search index is cheaper than scanning; 0
 *     for types that no index has
 * @param indexes search indexes that are there; empty where the server has no search
 * @param lines what to do, and why
 */
public record Advice(
    String source,
    String server,
    Duration roundTrip,
    long keys,
    long matching,
    long rows,
    long sampled,
    OptionalLong bytesPerKey,
    long bytesPerRow,
    double expiring,
    List<Trial> trials,
    int batchSize,
    int connections,
    Duration scanTime,
    long memory,
    OptionalDouble projection,
    double indexPays,
    OptionalInt indexes,
    List<Line> lines) {

  public Advice {
    trials = List.copyOf(trials);
    lines = List.copyOf(lines);
  }

  /**
   * A short scan.
   *
   * @param what it tried
   * @param batchSize keys that were asked for at a time
   * @param connections to each server
   * @param columns that were read; 0 for keys alone
   * @param rate rows in a second
   */
  public record Trial(String what, long batchSize, long connections, int columns, double rate) {}

  /** What to do about something, and why. */
  public record Line(String about, String advice, String why) {}

  /** Prints {@link #toString()}. */
  public void show() {
    System.out.println(this);
  }

  /** The scans as a table, and the advice below it. */
  @Override
  public String toString() {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("trial", "batch size", "connections", "rows/s"));
    for (Trial trial : trials) {
      rows.add(
          List.of(
              trial.what(),
              count(trial.batchSize()),
              count(trial.connections()),
              count(Math.round(trial.rate()))));
    }
    var text = new ArrayList<List<String>>();
    text.add(List.of("about", "advice", "why"));
    lines.forEach(line -> text.add(List.of(line.about(), line.advice(), line.why())));
    return "%s on %s%n%n%s%n%s"
        .formatted(source, server, PlainTable.of(rows), PlainTable.of(text))
        .stripTrailing();
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
