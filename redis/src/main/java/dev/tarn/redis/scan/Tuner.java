package dev.tarn.redis.scan;

import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport.Chosen;
import java.util.function.LongSupplier;

/**
 * Finds out while a scan runs how many keys to ask for at a time, over how many connections, and
 * how far each {@code SCAN} looks. Safe for use by several threads.
 *
 * <ul>
 *   <li>The batch is as many keys as fill {@value #TARGET_BYTES} bytes of answers: less wastes
 *       round trips and system calls, more only fills buffers.
 *   <li>A connection has as many batches in flight as it takes to never wait for the first byte of
 *       the next answer.
 *   <li>A connection more is tried once the rate no longer rises by itself, and kept where it
 *       brought {@value #WORTH} times the rate. None is tried where the server is near and answers
 *       are waited for most of the time: it is busy. More connections would take its time from
 *       {@code SCAN}, which looks like a gain until the keys that were found before are used up.
 *   <li>{@code SCAN} looks at more keys in a call when readers have nothing to do but to wait, and
 *       it is the network that they wait for.
 * </ul>
 */
final class Tuner {

  private static final int TARGET_BYTES = 128 << 10;
  private static final int FIRST_BATCH = 100;
  private static final int LEAST_BATCH = 8;
  private static final int LARGEST_BATCH = 2000;

  /** More takes the server more time a key: what it collects no longer fits its caches. */
  private static final int FIRST_COUNT = 1000;

  private static final int LARGEST_COUNT = 10_000;
  private static final int CALLS_TO_JUDGE = 2;

  /** Where twice as many keys take so many times as long, it is the server that takes it. */
  private static final double LONGER = 1.6;

  private static final int MOST_CONNECTIONS = 8;
  private static final double WORTH = 1.1;

  /** A reader that waits longer than this part of its time could read more. */
  private static final double MOSTLY = 0.5;

  /** A server that answers in so many nanoseconds when it has nothing to do is no way off. */
  private static final long NEAR = 2_000_000;

  /** Rates are those of so many nanoseconds. */
  private static final long PERIOD = 150_000_000;

  private final ScanOptions options;
  private double bytesPerKey = -1;
  private int connections = 1;
  private int scanCount = FIRST_COUNT;

  /** The shortest call of SCAN that looked at so many keys, in nanoseconds; and at half as many. */
  private long fastest = Long.MAX_VALUE / 2;

  private long fastestBefore;
  private int calls;
  private boolean countSettled;

  private String whyConnections = "one is enough so far";
  private String whyCount = "as at first";

  private final LongSupplier clock;
  private long periodStart;
  private long periodKeys;
  private long keys;
  private long took;
  private long periodTook;
  private long waited;
  private long periodWaited;

  /** Keys a second in the period before; negative where it tells nothing. */
  private double rateBefore = -1;

  /** The rate without the connection that is tried; negative while none is. */
  private double rateWithout = -1;

  private boolean settled;

  Tuner(ScanOptions options) {
    this(options, System::nanoTime);
  }

  /**
   * With a clock of its own.
   *
   * @param clock nanoseconds since any moment
   */
  Tuner(ScanOptions options, LongSupplier clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Keys to ask for at a time now. */
  synchronized int batchSize() {
    if (options.batchSize().isPresent()) {
      return options.batchSize().getAsInt();
    }
    if (bytesPerKey < 0) {
      return FIRST_BATCH;
    }
    double fitting = TARGET_BYTES / Math.max(1, bytesPerKey);
    return (int) Math.clamp(fitting, LEAST_BATCH, LARGEST_BATCH);
  }

  /** Batches that a connection may have in flight without holding more than its share of memory. */
  synchronized int mostInFlight() {
    long share = options.memory() / 2 / Math.max(1, connections());
    double batch = Math.max(1, bytesPerKey < 0 ? 4096 : bytesPerKey) * batchSize();
    return (int) Math.clamp(share / batch, 1, 512);
  }

  synchronized int connections() {
    return options.connections().orElse(connections);
  }

  synchronized int scanCount() {
    return scanCount;
  }

  /**
   * A batch was read.
   *
   * @param count keys
   * @param bytes of their values
   * @param nanos that it took
   * @param idle of these, those in which its answers were waited for
   */
  synchronized void read(int count, long bytes, long nanos, long idle) {
    keys += count;
    took += nanos;
    waited += idle;
    if (count > 0) {
      double now = (double) bytes / count;
      bytesPerKey = bytesPerKey < 0 ? now : 0.8 * bytesPerKey + 0.2 * now;
    }
  }

  /**
   * A call of {@code SCAN} ended.
   *
   * @param starved whether readers had nothing left to do
   * @param nanos how long it took
   */
  synchronized void scanned(boolean starved, long nanos) {
    fastest = Math.min(fastest, nanos);
    calls++;
    if (countSettled || calls < CALLS_TO_JUDGE) {
      return;
    }
    if (fastestBefore > 0 && fastest > LONGER * fastestBefore) {
      countSettled = true;
      scanCount /= 2;
      whyCount = "more takes the server as much longer";
    } else if (starved && scanCount < LARGEST_COUNT && nanos < 50_000_000L + fastest) {
      scanCount = Math.min(LARGEST_COUNT, scanCount * 2);
      whyCount = "readers waited for keys";
      fastestBefore = fastest;
      fastest = Long.MAX_VALUE / 2;
      calls = 0;
    }
  }

  /**
   * Judges by the rate so far whether there are to be more connections now, or fewer.
   *
   * @param limited whether the scan waits for values, neither for keys nor for the engine
   * @param roundTrip of an idle connection, in nanoseconds
   */
  synchronized void judge(boolean limited, long roundTrip) {
    if (options.connections().isPresent() || settled) {
      return;
    }
    long now = clock.getAsLong();
    if (periodStart == 0) {
      begin(now);
      return;
    }
    if (now - periodStart < PERIOD) {
      return;
    }
    double rate = (keys - periodKeys) * 1e9 / (now - periodStart);
    double idle = (double) (waited - periodWaited) / Math.max(1, took - periodTook);
    boolean serverIsBusy = roundTrip < NEAR && idle > MOSTLY;
    begin(now);
    if (rateBefore < 0) {
      rateBefore = rate; // also the first period of a trial: the connection was being made in it
    } else if (rateWithout >= 0) {
      judgeTrial(rate);
    } else if (!limited || serverIsBusy) {
      whyConnections =
          limited
              ? "the server is what it waits for, %.0f %% of the time".formatted(100 * idle)
              : "the connections are not what it waits for";
      rateBefore = -1;
    } else if (rate < rateBefore * WORTH) {
      tryOneMore(Math.max(rate, rateBefore));
    } else {
      rateBefore = rate;
    }
  }

  private void begin(long now) {
    periodStart = now;
    periodKeys = keys;
    periodTook = took;
    periodWaited = waited;
  }

  private void judgeTrial(double rate) {
    String brought = "%+.0f %%".formatted(100 * (rate / rateWithout - 1));
    if (rate < rateWithout * WORTH) {
      connections--;
      settled = true;
      whyConnections = "one more brought " + brought;
    } else if (connections >= MOST_CONNECTIONS) {
      settled = true;
      whyConnections = "the last one brought %s; no more are opened".formatted(brought);
    } else {
      whyConnections = "the last one brought " + brought;
      tryOneMore(rate);
    }
  }

  private void tryOneMore(double rate) {
    connections++;
    rateWithout = rate;
    rateBefore = -1;
  }

  synchronized Chosen batchSizeChosen() {
    if (options.batchSize().isPresent()) {
      return new Chosen(batchSize(), "as said");
    }
    return new Chosen(
        batchSize(),
        bytesPerKey < 0
            ? "nothing was read"
            : "about %,.0f bytes a key".formatted(Math.max(0, bytesPerKey)));
  }

  synchronized Chosen connectionsChosen() {
    return new Chosen(
        connections(), options.connections().isPresent() ? "as said" : whyConnections);
  }

  synchronized Chosen scanCountChosen() {
    return new Chosen(scanCount, whyCount);
  }
}
