package dev.tarn.redis.scan;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a scan counts while it runs. Safe for use by several threads. */
final class Counters {
  final LongAdder keys = new LongAdder();
  final LongAdder rows = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder vanished = new LongAdder();
  final LongAdder otherType = new LongAdder();
  final LongAdder badValues = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder scanCalls = new LongAdder();
  final LongAdder reconnects = new LongAdder();

  /** The number of the next row. */
  final AtomicLong nextRow = new AtomicLong();
}
