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

/** Positions of deleted rows as rows themselves: file and position. */
record DeletedRows(Map<String, long[]> rows) implements Source {

  private static final int FILES_IN_A_PART = 1000;

  @Override
  public String name() {
    return "deleted rows";
  }

  @Override
  public Schema schema() {
    return Schema.of("file_path", DataType.VARCHAR, "pos", DataType.BIGINT);
  }

  RowScan scan() {
    var files = new ArrayList<>(rows.entrySet());
    var parts = new ArrayList<RowScan.Part>();
    for (int i = 0; i < files.size(); i += FILES_IN_A_PART) {
      var some = files.subList(i, Math.min(files.size(), i + FILES_IN_A_PART));
      parts.add(columns -> new Reader(schema(), some, columns));
    }
    long count = rows.values().stream().mapToLong(positions -> positions.length).sum();
    return new RowScan(parts, OptionalLong.of(count));
  }

  @Override
  public Scan plan(ScanRequest request) {
    return scan();
  }

  private static final class Reader implements BatchReader {
    private final Schema schema;
    private final List<Map.Entry<String, long[]>> files;
    private final int[] columns;
    private int file;
    private int position;

    Reader(Schema schema, List<Map.Entry<String, long[]>> files, int[] columns) {
      List<Field> fields = Arrays.stream(columns).mapToObj(schema.fields()::get).toList();
      this.schema = new Schema(fields);
      this.files = files;
      this.columns = columns;
    }

    @Override
    public @Nullable Batch next() {
      var names = new byte[Batch.MAX_SCAN_ROWS][];
      var positions = new long[Batch.MAX_SCAN_ROWS];
      int count = 0;
      while (count < names.length && file < files.size()) {
        long[] all = files.get(file).getValue();
        int some = Math.min(all.length - position, names.length - count);
        byte[] name = files.get(file).getKey().getBytes(StandardCharsets.UTF_8);
        Arrays.fill(names, count, count + some, name);
        System.arraycopy(all, position, positions, count, some);
        count += some;
        position += some;
        if (position == all.length) {
          file++;
          position = 0;
        }
      }
      return count == 0 ? null : batch(names, positions, count);
    }

    private Batch batch(byte[][] names, long[] positions, int count) {
      List<Vector> vectors =
          Arrays.stream(columns)
              .<Vector>mapToObj(column ->
                  column == 0
                      ? new Vector.Utf8(Arrays.copyOf(names, count))
                      : new Vector.Longs(Arrays.copyOf(positions, count), null))
              .toList();
      return new Batch(schema, count, vectors);
    }

    @Override
    public void close() {
      file = files.size();
    }
  }
}
