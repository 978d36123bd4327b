package dev.tarn.benchmarks;

import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.redis.Redis;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * Streams all hashes of a server to a Parquet file, in a process of its own with a small heap.
 * Prints rows, milliseconds, and the most heap that was in use after a collection or before.
 */
final class RedisStreamingChild {

  private RedisStreamingChild() {}

  /** Arguments: the server's port, the file to write. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    long start = System.nanoTime();
    long rows;
    try (Tarn tarn = Tarn.open();
        Redis redis = Redis.open("redis://127.0.0.1:" + args[0], tarn.engine())) {
      rows = redis.hashes("user:*", RedisScans.USER).write(Sinks.parquet(args[1])).rows();
    }
    double millis = (System.nanoTime() - start) / 1e6;
    long heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    System.out.printf("rows=%d millis=%s heap_mb=%s%n", rows, millis, heap / 1e6);
  }
}
