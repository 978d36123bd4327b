package dev.tarn.io;

import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Rows that are in memory already. */
public record BatchSource(String name, Schema schema, List<Batch> batches) implements Source {

  public BatchSource {
    batches = List.copyOf(batches);
  }

  @Override
  public Scan plan(ScanRequest request) {
    long rows = batches.stream().mapToLong(Batch::size).sum();
    return new RowScan(
        List.of(columns -> new Reader(schema, batches, columns)), OptionalLong.of(rows));
  }

  private static final class Reader implements BatchReader {
    private final Schema schema;
    private final List<Batch> batches;
    private final int[] columns;
    private int next;

    Reader(Schema schema, List<Batch> batches, int[] columns) {
      this.schema = new Schema(Arrays.stream(columns).mapToObj(schema.fields()::get).toList());
      this.batches = batches;
      this.columns = columns;
    }

    @Override
    public @Nullable Batch next() {
      if (next >= batches.size()) {
        return null;
      }
      Batch batch = batches.get(next++);
      return new Batch(
          schema, batch.size(), Arrays.stream(columns).mapToObj(batch::vector).toList());
    }

    @Override
    public void close() {
      next = batches.size();
    }
  }
}
