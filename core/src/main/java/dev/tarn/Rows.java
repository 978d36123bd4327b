package dev.tarn;

import dev.tarn.spi.Batch;
import dev.tarn.type.Schema;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A whole result in memory, column by column. Immutable and safe to share between threads. */
public final class Rows implements Iterable<Row> {

  private final Schema schema;
  private final List<Batch> batches;
  private final int[] ends;

  Rows(Schema schema, List<Batch> batches) {
    this.schema = schema;
    this.batches = List.copyOf(batches);
    this.ends = new int[batches.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end = Math.addExact(end, batches.get(i).size());
      ends[i] = end;
    }
  }

  public Schema schema() {
    return schema;
  }

  public int size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /** A row by position from 0. */
  public Row row(int index) {
    java.util.Objects.checkIndex(index, size());
    int found = java.util.Arrays.binarySearch(ends, index + 1);
    int batch = found >= 0 ? found : -found - 1;
    while (batch > 0 && ends[batch - 1] > index) {
      batch--;
    }
    return new Row(batches.get(batch), index - (batch == 0 ? 0 : ends[batch - 1]));
  }

  /** The one value of a result of one row and one column; null where it is null. */
  public @Nullable Object value() {
    if (size() != 1 || schema.size() != 1) {
      throw new dev.tarn.error.InvalidRequest(
          "Cannot take the one value: there are %d rows of %d columns. Aggregate or select one."
              .formatted(size(), schema.size()));
    }
    return row(0).value(0);
  }

  /** All values of a column. */
  public List<@Nullable Object> column(String name) {
    return stream().<@Nullable Object>map(row -> row.value(name)).toList();
  }

  /** The values in the batches they came in. */
  public List<Batch> batches() {
    return batches;
  }

  public Stream<Row> stream() {
    return batches.stream()
        .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(i -> new Row(batch, i)));
  }

  @Override
  public Iterator<Row> iterator() {
    return stream().iterator();
  }

  /** As a table for people: names, types, and up to 40 rows from the top. */
  @Override
  public String toString() {
    return TextTable.of(this, 40);
  }
}
