package dev.tarn.testkit.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One direction of a proxy, that all its connections share. */
final class ProxyLink {

  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final int SLICES_A_SECOND = 200;

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private volatile long delayNanos;
  private volatile long bytesPerSecond = UNLIMITED;
  private volatile @Nullable CutPlan plan;
  private long freeAtNanos = System.nanoTime();

  void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  void bandwidth(long limit) {
    bytesPerSecond = limit;
  }

  void cut(CutPlan cuts) {
    plan = cuts;
  }

  void heal() {
    delayNanos = 0;
    bytesPerSecond = UNLIMITED;
    plan = null;
  }

  CutPlan.Cut nextCut() {
    CutPlan now = plan;
    return now == null ? CutPlan.Cut.NEVER : now.next();
  }

  long delayNanos() {
    return delayNanos;
  }

  /** How many bytes may be written at once, for a flow as even as that of a slow wire. */
  int slice(int wanted) {
    long limit = bytesPerSecond;
    return limit == UNLIMITED
        ? wanted
        : Math.clamp(limit / SLICES_A_SECOND, 1, Math.max(1, wanted));
  }

  /** Takes the wire for so many bytes, and returns when they are through it. */
  synchronized long reserve(int count) {
    long limit = bytesPerSecond;
    long now = System.nanoTime();
    if (limit == UNLIMITED) {
      return now;
    }
    long start = Math.max(now, freeAtNanos);
    freeAtNanos = start + (long) (count * 1e9 / limit);
    return freeAtNanos;
  }

  void countBytes(int count) {
    bytes.addAndGet(count);
  }

  void countCut() {
    cuts.incrementAndGet();
  }

  long bytes() {
    return bytes.get();
  }

  long cuts() {
    return cuts.get();
  }
}
