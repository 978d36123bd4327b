package dev.tarn.duckdb;

import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Positions of deleted rows as rows themselves: file and position, a split for each file. */
record DeletedRows(Map<String, long[]> rows) implements Source {

  @Override
  public String name() {
    return "deleted rows";
  }

  @Override
  public Schema schema() {
    return Schema.of("file_path", DataType.VARCHAR, "pos", DataType.BIGINT);
  }

  RowScan scan() {
    var splits = new ArrayList<RowScan.Split>();
    rows.forEach((file, positions) ->
        splits.add(columns -> new Reader(schema(), file, positions, columns)));
    long count = rows.values().stream().mapToLong(positions -> positions.length).sum();
    return new RowScan(splits, OptionalLong.of(count));
  }

  @Override
  public Scan plan(ScanRequest request) {
    return scan();
  }

  private static final class Reader implements BatchReader {
    private final Schema schema;
    private final byte[] file;
    private final long[] positions;
    private final int[] columns;
    private int next;

    Reader(Schema schema, String file, long[] positions, int[] columns) {
      List<Field> fields = Arrays.stream(columns).mapToObj(schema.fields()::get).toList();
      this.schema = new Schema(fields);
      this.file = file.getBytes(StandardCharsets.UTF_8);
      this.positions = positions;
      this.columns = columns;
    }

    @Override
    public @Nullable Batch next() {
      int count = Math.min(Batch.MAX_SCAN_ROWS, positions.length - next);
      if (count <= 0) {
        return null;
      }
      int from = next;
      next += count;
      return new Batch(
          schema, count, Arrays.stream(columns).mapToObj(c -> vector(c, from, count)).toList());
    }

    private Vector vector(int column, int from, int count) {
      if (column == 1) {
        return new Vector.Longs(Arrays.copyOfRange(positions, from, from + count), null);
      }
      var files = new byte[count][];
      Arrays.fill(files, file);
      return new Vector.Utf8(files);
    }

    @Override
    public void close() {
      next = positions.length;
    }
  }
}
