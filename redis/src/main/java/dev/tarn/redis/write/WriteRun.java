package dev.tarn.redis.write;

import dev.tarn.Columns;
import dev.tarn.Frame;
import dev.tarn.error.TarnException;
import dev.tarn.expr.Expr;
import dev.tarn.plan.Plan;
import dev.tarn.redis.WriteReport;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Engine;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RunOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A write of a plan's rows, from start to end. */
public final class WriteRun {

  private static final int CONNECTIONS = 2;
  private static final int BATCH_ROWS = 4096;

  private final Servers servers;
  private final WriteSpec spec;
  private final Tally tally;
  private long rows;
  private boolean ended;
  private @Nullable Throwable failure;

  public WriteRun(Servers servers, WriteSpec spec) {
    this.servers = servers;
    this.spec = spec;
    this.tally = new Tally(spec.ifExists());
  }

  /**
   * Runs the plan and writes its rows.
   *
   * @param told of the end, however it came
   * @throws TarnException when the plan fails, or the servers are out of reach; keys that were
   *     written before stay so
   */
  public WriteReport write(
      Plan plan, Engine engine, RunOptions options, Consumer<WriteReport> told) {
    Layout layout = Layout.of(spec, engine.schema(plan));
    long start = System.nanoTime();
    Lanes lanes = lanes(told, start);
    try (lanes;
        QueryResult result =
            engine.run(
                ordered(plan, engine),
                options.batchRows(Math.min(options.batchRows(), BATCH_ROWS)))) {
      send(layout, lanes, result);
    } finally {
      told.accept(report(lanes, start));
    }
    WriteReport report = report(lanes, start);
    failure = lanes.failure();
    if (failure != null && !(failure instanceof TarnException)) {
      throw new IllegalStateException("Cannot write to [%s]".formatted(spec.name()), failure);
    }
    return report;
  }

  private Lanes lanes(Consumer<WriteReport> told, long start) {
    try {
      return new Lanes(servers, tally, spec.connections().orElse(CONNECTIONS), spec.memory());
    } catch (RuntimeException e) {
      told.accept(report(null, start));
      throw e;
    }
  }

  /** Rows of a key come together, in the order that they have, or that a column says. */
  private Plan ordered(Plan plan, Engine engine) {
    if (spec.kind().isOneRow()) {
      return plan;
    }
    Frame frame = Frame.of(plan, engine);
    String number = unused(frame.columns());
    Expr.Alias position = Columns.rowNumber().over(Columns.allRows()).as(number);
    var keys = new ArrayList<Object>(spec.key());
    if (spec.kind() == ValueKind.LIST) {
      spec.order().ifPresent(keys::add);
    }
    keys.add(number);
    return frame.withColumns(position).sort(keys.toArray()).plan();
  }

  private static String unused(List<String> names) {
    String name = "_row";
    while (names.stream().anyMatch(name::equalsIgnoreCase)) {
      name += "_";
    }
    return name;
  }

  private void send(Layout layout, Lanes lanes, QueryResult result) {
    RowWriter writer =
        spec.kind().isOneRow()
            ? new RowPerKey(layout, lanes, tally)
            : new RowsPerKey(layout, lanes, tally);
    for (Batch batch = result.next(); batch != null; batch = result.next()) {
      writer.write(batch);
      rows += batch.size();
      if (lanes.hasFailed()) {
        return;
      }
    }
    writer.end();
    ended = true;
  }

  private WriteReport report(@Nullable Lanes lanes, long start) {
    return new WriteReport(
        rows,
        tally.written.sum(),
        tally.kept.sum(),
        tally.failed.sum(),
        tally.uncertain.sum(),
        lanes == null ? 0 : lanes.bytes(),
        lanes == null ? 0 : lanes.connections(),
        lanes == null ? 0 : lanes.reconnects().sum(),
        Duration.ofNanos(System.nanoTime() - start),
        ended && lanes != null && !lanes.hasFailed(),
        tally.failures());
  }

  /** The error where not all keys were written. */
  public TarnException error(WriteReport report) {
    return tally.error(spec.name(), report, failure);
  }
}
