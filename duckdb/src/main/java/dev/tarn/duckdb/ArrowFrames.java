package dev.tarn.duckdb;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Runs frames into Apache Arrow. Needs arrow-c-data and arrow-memory-unsafe, both optional. */
public final class ArrowFrames {

  private ArrowFrames() {}

  /**
   * What a reader yields as a frame that can be run once, batch by batch, without copying a value.
   * The reader is closed when the frame has run; where it never runs, closing is the caller's.
   */
  public static Frame frame(Engine engine, ArrowReader reader) {
    if (!(engine instanceof DuckDbEngine duckdb)) {
      throw new InvalidRequest(
          "Cannot read Arrow batches by %s: only the embedded engine can."
              .formatted(engine.name()));
    }
    return Frame.of(new Plan.Scan(ArrowReaderSource.of(duckdb, reader)), engine);
  }

  /**
   * The rows of a frame as Arrow batches, while the query runs. No value is converted: the buffers
   * are DuckDB's.
   *
   * @param batchRows rows in a batch at most
   * @return a reader; closing it ends the query. The allocator stays the caller's.
   */
  public static ArrowReader reader(Frame frame, BufferAllocator allocator, int batchRows) {
    if (!(frame.engine() instanceof DuckDbEngine engine)) {
      throw new InvalidRequest(
          "Cannot read %s as Arrow: only frames of the embedded engine can be."
              .formatted(frame.engine().name()));
    }
    DuckDbQuery query =
        engine.query("run the query", session -> session.render(frame.plan()), RunOptions.DEFAULT);
    return ArrowResult.open(query, allocator, batchRows);
  }
}
