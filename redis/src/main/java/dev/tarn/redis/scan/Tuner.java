package dev.tarn.redis.scan;

import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport.Chosen;

/**
 * Finds out while a scan runs how many keys to ask for at a time, over how many connections, and
 * how far each {@code SCAN} looks. Safe for use by several threads.
 *
 * <ul>
 *   <li>The batch is as many keys as fill {@value #TARGET_BYTES} bytes of answers: less wastes
 *       round trips and system calls, more only fills buffers.
 *   <li>A connection has as many batches in flight as it takes to never wait for the first byte of
 *       the next answer.
 *   <li>A connection more is tried while the last one brought {@value #WORTH} times the rate.
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

  /** A trial lasts so long, in nanoseconds. */
  private static final long TRIAL = 150_000_000;

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

  private long trialStart;
  private long trialKeys;
  private long keys;
  private double rateBefore = -1;
  private boolean settled;

  Tuner(ScanOptions options) {
    this.options = options;
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

  /** A batch was read: so many keys, so many bytes. */
  synchronized void read(int count, long bytes) {
    keys += count;
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
   * Whether to open a connection more now.
   *
   * @param limited whether the connections are what the scan waits for, neither keys nor the engine
   */
  synchronized boolean wantsConnection(boolean limited) {
    if (options.connections().isPresent() || settled) {
      return false;
    }
    long now = System.nanoTime();
    if (trialStart == 0) {
      trialStart = now;
      trialKeys = keys;
      return false;
    }
    if (now - trialStart < TRIAL) {
      return false;
    }
    double rate = (keys - trialKeys) * 1e9 / (now - trialStart);
    trialStart = now;
    trialKeys = keys;
    if (rateBefore > 0 && rate < rateBefore * WORTH) {
      settled = true;
      whyConnections = "the last one brought %+.0f %%".formatted(100 * (rate / rateBefore - 1));
      return false;
    }
    if (!limited) {
      whyConnections = "the connections are not what it waits for";
      rateBefore = -1;
      return false;
    }
    if (connections >= MOST_CONNECTIONS) {
      settled = true;
      whyConnections = "each brought more; no more are opened by themselves";
      return false;
    }
    rateBefore = rate;
    connections++;
    whyConnections = "each brought 10 % or more";
    return true;
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
