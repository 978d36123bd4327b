package dev.tarn.cli.redis;

import static dev.tarn.Columns.count;

import dev.tarn.Frame;
import dev.tarn.expr.Expr;
import dev.tarn.redis.BadValue;
import dev.tarn.redis.Redis;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.ScanReport;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whole scans of the same hashes in several ways, each counted by the engine. */
record ScanBench(Redis redis, String pattern, Schema schema, int runs) {

  /**
   * How a scan went.
   *
   * @param about what is varied
   * @param scan how it was scanned
   * @param seconds of the fastest run
   * @param relative to the scan that is tuned by itself
   * @param batchSize in the end
   * @param connections in the end, to each server
   */
  record Measured(
      String about,
      String scan,
      long rows,
      double seconds,
      long rowsPerSecond,
      double relative,
      long batchSize,
      long connections) {}

  private static final int[] BATCH_SIZES = {100, 500, 1000, 2000, 5000, 10_000};
  private static final int[] CONNECTIONS = {1, 2, 4, 8};
  private static final int USUAL_BATCH = 1000;

  List<Measured> run() {
    var results = new ArrayList<Measured>();
    measure("", "", schema.size(), o -> o, 1); // the first scan pays for what is loaded once
    Measured tuned = measure("tuned", "all columns", schema.size(), o -> o, 0);
    double reference = tuned.seconds();
    results.add(relative(tuned, reference));
    for (int size : BATCH_SIZES) {
      String name = "batch size %,d".formatted(size);
      results.add(
          relative(
              measure("batch size", name, schema.size(), o -> o.batchSize(size).connections(1), 0),
              reference));
    }
    for (int connections : CONNECTIONS) {
      String name = connections == 1 ? "1 connection" : connections + " connections";
      results.add(
          relative(
              measure(
                  "connections",
                  name,
                  schema.size(),
                  o -> o.batchSize(USUAL_BATCH).connections(connections),
                  0),
              reference));
    }
    Stream.of(schema.size() / 2, 1, 0)
        .distinct()
        .filter(columns -> columns < schema.size())
        .forEach(columns ->
            results.add(
                relative(measure("columns", columns(columns), columns, o -> o, 0), reference)));
    return results;
  }

  private static String columns(int count) {
    return switch (count) {
      case 0 -> "keys alone";
      case 1 -> "1 column";
      default -> count + " columns";
    };
  }

  private Measured measure(
      String about, String name, int columns, UnaryOperator<ScanOptions> options, int warmUps) {
    int times = warmUps == 0 ? runs : warmUps;
    Measured best = once(about, name, columns, options);
    for (int i = 1; i < times; i++) {
      Measured now = once(about, name, columns, options);
      best = now.seconds() < best.seconds() ? now : best;
    }
    return best;
  }

  private Measured once(
      String about, String name, int columns, UnaryOperator<ScanOptions> options) {
    var report = new AtomicReference<@Nullable ScanReport>();
    Frame frame =
        redis.hashes(
            pattern,
            schema,
            o -> options.apply(o).onBadValue(BadValue.SET_NULL).onReport(report::set));
    Expr[] counts =
        Stream.concat(
                Stream.of(count().as("rows")),
                schema.names().stream().limit(columns).map(c -> count(c).as("n_" + c)))
            .toArray(Expr[]::new);
    long start = System.nanoTime();
    long rows = frame.agg(counts).collect().stream().findFirst().orElseThrow().longValue("rows");
    double seconds = (System.nanoTime() - start) / 1e9;
    ScanReport told = report.get();
    return new Measured(
        about,
        name,
        rows,
        seconds,
        Math.round(rows / seconds),
        1,
        told == null ? 0 : told.batchSize().value(),
        told == null ? 0 : told.connections().value());
  }

  private static Measured relative(Measured result, double reference) {
    return new Measured(
        result.about(),
        result.scan(),
        result.rows(),
        Math.round(1000 * result.seconds()) / 1e3,
        result.rowsPerSecond(),
        Math.round(100 * reference / result.seconds()) / 1e2,
        result.batchSize(),
        result.connections());
  }
}
