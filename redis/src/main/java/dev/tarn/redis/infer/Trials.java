package dev.tarn.redis.infer;

import dev.tarn.redis.Advice.Trial;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport;
import dev.tarn.redis.scan.KeyPattern;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.redis.scan.RedisSource;
import dev.tarn.redis.scan.Tables;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scans that are ended after a moment, to see how fast they were. */
final class Trials {

  /**
   * How a trial went.
   *
   * @param bytes a row that came over the wire
   */
  record Outcome(Trial trial, double bytes) {}

  private final Servers servers;
  private final KeyType type;
  private final KeyPattern pattern;
  private final Schema schema;
  private final Duration limit;

  Trials(Servers servers, KeyType type, KeyPattern pattern, Schema schema, Duration limit) {
    this.servers = servers;
    this.type = type;
    this.pattern = pattern;
    this.schema = schema;
    this.limit = limit;
  }

  /** Scans, with the first columns of the schema. */
  Outcome run(String what, int columns, UnaryOperator<ScanOptions> options) {
    var report = new AtomicReference<@Nullable ScanReport>();
    ScanOptions all =
        options
            .apply(ScanOptions.DEFAULT)
            .onBadValue(dev.tarn.redis.BadValue.SET_NULL)
            .onReport(report::set);
    var source = new RedisSource(servers, Tables.of(type, pattern, schema, all));
    long start = System.nanoTime();
    long rows = read(source, 1 + columns);
    double seconds = (System.nanoTime() - start) / 1e9;
    ScanReport told = report.get();
    long batch = told == null ? 0 : told.batchSize().value();
    long connections = told == null ? 0 : told.connections().value();
    double bytes = told == null || told.rows() == 0 ? 0 : (double) told.bytes() / told.rows();
    return new Outcome(new Trial(what, batch, connections, columns, rows / seconds), bytes);
  }

  /** Rows that came within the time. */
  private long read(RedisSource source, int columns) {
    List<String> names = source.schema().names().subList(0, columns);
    var scan = (RowScan) source.plan(new ScanRequest(names, List.of(), OptionalLong.empty()));
    BatchReader reader = scan.rows().open(IntStream.range(0, columns).toArray()).next();
    if (reader == null) {
      return 0;
    }
    long end = System.nanoTime() + limit.toNanos();
    Thread watch = Thread.ofVirtual().start(() -> closeLate(reader));
    try {
      long rows = 0;
      Batch batch = reader.next();
      while (batch != null) {
        rows += batch.size();
        batch = System.nanoTime() < end ? reader.next() : null;
      }
      return rows;
    } finally {
      watch.interrupt();
      reader.close();
    }
  }

  /** Where no row comes for long, the next would be waited for too long. */
  private void closeLate(BatchReader reader) {
    try {
      Thread.sleep(limit.multipliedBy(3));
      reader.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Columns that there are beside the key. */
  int columns() {
    return Tables.of(type, pattern, schema, ScanOptions.DEFAULT).columns().size() - 1;
  }

  /** Keys alone, all columns and one, batches and connections of several sizes. */
  List<Outcome> usual() {
    var outcomes = new ArrayList<Outcome>();
    int all = columns();
    run("", all, o -> o); // the first pays for classes and connections
    outcomes.add(run("keys alone", 0, o -> o));
    outcomes.add(run("all fields, tuned", all, o -> o));
    if (all > 1) {
      outcomes.add(run("one field, tuned", 1, o -> o));
    }
    for (int size : new int[] {100, 1000, 5000}) {
      outcomes.add(run("all fields", all, o -> o.batchSize(size).connections(1)));
    }
    for (int connections : new int[] {2, 4}) {
      outcomes.add(run("all fields", all, o -> o.batchSize(1000).connections(connections)));
    }
    return outcomes;
  }
}
