package dev.tarn.io;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.Vector;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records of a stream, read once, by one query, while they come: memory holds a batch of them. The
 * stream is closed when it was read.
 */
public final class StreamSource<T extends Record> implements Source {

  private final Class<T> type;
  private final Stream<T> records;
  private final Schema schema;
  private final AtomicBoolean taken = new AtomicBoolean();

  private StreamSource(Class<T> type, Stream<T> records) {
    this.type = type;
    this.records = records;
    this.schema = RecordBatch.of(type, List.of()).schema();
  }

  public static <T extends Record> StreamSource<T> of(Class<T> type, Stream<T> records) {
    return new StreamSource<>(type, records);
  }

  @Override
  public String name() {
    return type.getSimpleName();
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public Scan plan(ScanRequest request) {
    return new RowScan(List.of(this::open), OptionalLong.empty());
  }

  private BatchReader open(int[] columns) {
    if (taken.getAndSet(true)) {
      throw new InvalidRequest(
          "Cannot read [%s] again: a stream is read once. Collect it into a list first."
              .formatted(name()));
    }
    return new Reader(columns);
  }

  private final class Reader implements BatchReader {
    private final int[] columns;
    private final Schema wanted;
    private final Iterator<T> iterator = records.iterator();

    Reader(int[] columns) {
      this.columns = columns;
      List<Field> fields = Arrays.stream(columns).mapToObj(schema.fields()::get).toList();
      this.wanted = new Schema(fields);
    }

    @Override
    public @Nullable Batch next() {
      var some = new ArrayList<T>();
      while (some.size() < Batch.MAX_SCAN_ROWS && iterator.hasNext()) {
        some.add(iterator.next());
      }
      if (some.isEmpty()) {
        return null;
      }
      Batch batch = RecordBatch.of(type, some);
      List<Vector> vectors = Arrays.stream(columns).mapToObj(batch::vector).toList();
      return new Batch(wanted, batch.size(), vectors);
    }

    @Override
    public void close() {
      records.close();
    }
  }
}
