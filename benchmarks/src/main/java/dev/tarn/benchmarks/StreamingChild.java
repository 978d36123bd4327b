package dev.tarn.benchmarks;

import static dev.tarn.Columns.col;

import dev.tarn.Batches;
import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Sinks;
import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * One way to go through the large file, in a process of its own with a small heap. Prints rows,
 * milliseconds without the start of the JVM, and peak memory.
 */
final class StreamingChild {

  private static final long ENGINE_BYTES = 1_000_000_000;

  private StreamingChild() {}

  /** How the file is gone through. */
  enum Way {
    /** Parquet to Parquet through a filter that keeps half, by a frame. */
    TARN_WRITE,
    /** The same by DuckDB's COPY. */
    PLAIN_COPY,
    TARN_BATCHES,
    TARN_STREAM,
    /** All columns by the driver's chunks. */
    PLAIN_CHUNKS
  }

  /** Arguments: a {@link Way}, the file to read, the file to write, a folder to spill to. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    Way way = Way.valueOf(args[0]);
    Path input = Path.of(args[1]);
    Path output = Path.of(args[2]);
    Path spill = Path.of(args[3]);
    long start = System.nanoTime();
    long rows =
        switch (way) {
          case TARN_WRITE, TARN_BATCHES, TARN_STREAM -> tarn(way, input, output, spill);
          case PLAIN_COPY, PLAIN_CHUNKS -> plain(way, input, output, spill);
        };
    double millis = (System.nanoTime() - start) / 1e6;
    System.out.printf("rows=%d millis=%s peak=%d%n", rows, millis, Child.peakBytes().orElse(-1));
  }

  private static long tarn(Way way, Path input, Path output, Path spill) {
    try (Tarn tarn =
        Tarn.open(DuckDbOptions.DEFAULT.memoryBytes(ENGINE_BYTES).spillFolder(spill))) {
      Frame sales = tarn.parquet(input.toString());
      return switch (way) {
        case TARN_WRITE ->
            sales.filter(col("amount").ge(5_000)).write(Sinks.parquet(output.toString())).rows();
        case TARN_BATCHES -> batches(sales);
        default -> stream(sales);
      };
    }
  }

  private static long batches(Frame sales) {
    long rows = 0;
    try (Batches batches = sales.batches(65_536)) {
      for (Batch batch : batches) {
        rows += batch.size();
        if (batch.vector("id") instanceof Vector.Longs ids) {
          Checksum.use(ids.values()[0]);
        }
      }
    }
    return rows;
  }

  private static long stream(Frame sales) {
    try (Stream<Row> rows = sales.stream()) {
      return rows.mapToLong(
              row -> {
                Checksum.use(row.value("amount"));
                return 1;
              })
          .sum();
    }
  }

  private static long plain(Way way, Path input, Path output, Path spill) throws Exception {
    try (Plain plain = Plain.open()) {
      plain.execute("SET memory_limit='%dB'".formatted(ENGINE_BYTES));
      plain.execute("SET temp_directory=" + Plain.literal(spill));
      if (way == Way.PLAIN_COPY) {
        return plain.copy(
            "COPY (SELECT * FROM %s WHERE amount >= 5000) TO %s (FORMAT parquet, COMPRESSION zstd)"
                .formatted(Plain.literal(input), Plain.literal(output)));
      }
      return plain.chunks(
          "SELECT * FROM " + Plain.literal(input),
          (vector, rows) -> {
            Checksum.use(vector.getLong(0));
            return rows;
          });
    }
  }
}
