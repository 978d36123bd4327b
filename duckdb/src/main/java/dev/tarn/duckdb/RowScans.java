package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.BatchReader;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Source;
import dev.tarn.spi.Vector;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * Row scans as a table function of DuckDB. One function serves all scans, by number: the driver
 * cannot take a function back once it is registered.
 */
final class RowScans {

  static final String FUNCTION = "tarn_rows";

  /**
   * Types that are written as they are. Any other travels as text (bytes in hexadecimal, nested
   * types as JSON) and is cast by the engine.
   */
  private static final Set<DataType> WRITTEN =
      Set.of(
          DataType.BOOLEAN,
          DataType.TINYINT,
          DataType.SMALLINT,
          DataType.INTEGER,
          DataType.BIGINT,
          DataType.HUGEINT,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT,
          DataType.Simple.UINTEGER,
          DataType.Simple.UBIGINT,
          DataType.Simple.UHUGEINT,
          DataType.FLOAT,
          DataType.DOUBLE,
          DataType.VARCHAR,
          DataType.DATE,
          DataType.TIMESTAMP,
          DataType.TIMESTAMPTZ);

  private final Map<Long, Bound> bound = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  void register(DuckDBConnection connection) throws SQLException {
    DuckDBFunctions.tableFunction()
        .withName(FUNCTION)
        .withParameter(DuckDBColumnType.BIGINT)
        .withProjectionPushdown()
        .withFunction(new Function())
        .register(connection);
  }

  /** Makes a scan known until it is closed. */
  Bound bind(Source source, RowScan scan) {
    var result = new Bound(numbers.incrementAndGet(), source, scan);
    bound.put(result.number, result);
    return result;
  }

  /** A scan in use by one query. */
  final class Bound implements AutoCloseable {
    private final long number;
    private final Source source;
    private final RowScan scan;
    private final Set<BatchReader> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable failure;
    private volatile boolean cancelled;

    private Bound(long number, Source source, RowScan scan) {
      this.number = number;
      this.source = source;
      this.scan = scan;
    }

    long number() {
      return number;
    }

    /** What stands in FROM. */
    String sql() {
      String call = FUNCTION + "(" + number + ")";
      if (source.schema().fields().stream().allMatch(f -> isWritten(f.type()))) {
        return call;
      }
      return source.schema().fields().stream()
          .map(f -> {
            String name = DuckDbDialect.DUCKDB.quote(f.name());
            return isWritten(f.type()) ? name : restored(f.type(), name) + " AS " + name;
          })
          .collect(Collectors.joining(", ", "(SELECT ", " FROM " + call + ")"));
    }

    /** What the source threw, which the driver passes on as text alone. */
    @Nullable Throwable failure() {
      return failure;
    }

    /** Ends what waits; the query was stopped before. */
    void cancel() {
      cancelled = true;
      open.forEach(BatchReader::cancel);
    }

    private void opened(BatchReader reader) {
      open.add(reader);
      if (cancelled) {
        reader.cancel();
      }
    }

    void closeReader(BatchReader reader) {
      if (open.remove(reader)) {
        reader.close();
      }
    }

    @Override
    public void close() {
      bound.remove(number);
      open.forEach(this::closeReader);
    }
  }

  static boolean isWritten(DataType type) {
    return type instanceof DataType.Decimal || WRITTEN.contains(type);
  }

  /** A column that travelled as text, as what it is. */
  private static String restored(DataType type, String name) {
    if (type.equals(DataType.BLOB)) {
      return "unhex(" + name + ")";
    }
    return TextValues.isNested(type)
        ? TextValues.restored(type, name)
        : "CAST(%s AS %s)".formatted(name, type);
  }

  /** One reading of a scan: the columns that are wanted, in order. */
  private record Reading(Bound bound, int[] columns, RowScan.Reading parts) {
    @Nullable BatchReader openNext() {
      BatchReader reader = parts.next();
      if (reader != null) {
        bound.opened(reader);
      }
      return reader;
    }
  }

  /** Where one thread is in a scan. */
  private static final class Cursor {
    private @Nullable BatchReader reader;
    private @Nullable Batch batch;
    private int row;
  }

  private final class Function implements DuckDBTableFunction<Bound, Reading, Cursor> {

    @Override
    public Bound bind(DuckDBTableFunctionBindInfo info) throws SQLException {
      Bound scan;
      try (var number = info.getParameter(0)) {
        scan = bound.get(number.getLong());
      }
      if (scan == null) {
        throw new InvalidRequest("Cannot read rows: their query has ended. Run it again.");
      }
      for (Field field : scan.source.schema().fields()) {
        try (DuckDBLogicalType type = logical(field.type())) {
          info.addResultColumn(field.name(), type);
        }
      }
      scan.scan.rowEstimate().ifPresent(rows -> info.setCardinality(rows, false));
      return scan;
    }

    @Override
    public Reading init(DuckDBTableFunctionInitInfo info) {
      Bound scan = info.getBindData();
      info.setMaxThreads(Math.max(1, scan.scan.rows().parts()));
      int[] columns =
          IntStream.range(0, (int) info.getColumnCount())
              .map(i -> (int) info.getColumnIndex(i))
              .toArray();
      return recorded(scan, () -> new Reading(scan, columns, scan.scan.rows().open(columns)));
    }

    @Override
    public Cursor localInit(DuckDBTableFunctionInitInfo info) {
      return new Cursor();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter output) {
      Reading reading = info.getInitData();
      return recorded(reading.bound, () -> fill(reading, info.getLocalInitData(), output));
    }

    /** Keeps what the source throws. */
    private static <T> T recorded(Bound scan, Supplier<T> work) {
      try {
        return work.get();
      } catch (RuntimeException | Error e) {
        scan.failure = e;
        throw e;
      }
    }

    /** Hands rows over; returns how many. */
    private long fill(Reading reading, Cursor cursor, DuckDBDataChunkWriter output) {
      Batch batch = advance(reading, cursor);
      if (batch == null) {
        return 0;
      }
      int count = (int) Math.min(batch.size() - cursor.row, output.capacity());
      List<Field> fields = reading.bound.source.schema().fields();
      for (int i = 0; i < reading.columns.length; i++) {
        DataType type = fields.get(reading.columns[i]).type();
        write(batch.vector(i), cursor.row, count, type, output.vector(i));
      }
      cursor.row += count;
      return count;
    }

    private @Nullable Batch advance(Reading reading, Cursor cursor) {
      while (cursor.batch == null || cursor.row >= cursor.batch.size()) {
        if (cursor.reader == null) {
          cursor.reader = reading.openNext();
          if (cursor.reader == null) {
            return null;
          }
        }
        cursor.batch = cursor.reader.next();
        cursor.row = 0;
        if (cursor.batch == null) {
          reading.bound.closeReader(cursor.reader);
          cursor.reader = null;
        }
      }
      return cursor.batch;
    }
  }

  private static DuckDBLogicalType logical(DataType type) throws SQLException {
    if (type instanceof DataType.Decimal decimal) {
      return DuckDBLogicalType.decimal(decimal.precision(), decimal.scale());
    }
    if (!isWritten(type)) {
      return DuckDBLogicalType.of(DuckDBColumnType.VARCHAR);
    }
    return DuckDBLogicalType.of(
        type.equals(DataType.TIMESTAMPTZ)
            ? DuckDBColumnType.TIMESTAMP_WITH_TIME_ZONE
            : DuckDBColumnType.valueOf(((DataType.Simple) type).name()));
  }

  private static void write(
      Vector vector, int from, int count, DataType type, DuckDBWritableVector output) {
    switch (vector) {
      case Vector.Utf8 v -> {
        byte[][] values = new byte[count][];
        System.arraycopy(v.values(), from, values, 0, count);
        output.setStringUtf8Batch(0, values);
      }
      case Vector v when !isWritten(type) ->
          write(v, from, count, output, (i, row) -> writeObject(v.value(row), type, output, i));
      case Vector.Booleans v ->
          write(v, from, count, output, (i, row) -> output.setBoolean(i, v.values()[row]));
      case Vector.Ints v ->
          write(v, from, count, output, (i, row) -> writeInt(v.values()[row], type, output, i));
      case Vector.Longs v ->
          write(v, from, count, output, (i, row) -> writeLong(v.values()[row], type, output, i));
      case Vector.Floats v ->
          write(v, from, count, output, (i, row) -> output.setFloat(i, v.values()[row]));
      case Vector.Doubles v ->
          write(v, from, count, output, (i, row) -> output.setDouble(i, v.values()[row]));
      case Vector.Objects v ->
          write(v, from, count, output, (i, row) -> writeObject(v.values()[row], type, output, i));
    }
  }

  /** Writes the value of a row to a place. */
  @FunctionalInterface
  private interface Cell {
    void write(int place, int row);
  }

  private static void write(
      Vector vector, int from, int count, DuckDBWritableVector output, Cell cell) {
    for (int i = 0; i < count; i++) {
      if (vector.isNull(from + i)) {
        output.setNull(i);
      } else {
        cell.write(i, from + i);
      }
    }
  }

  private static void writeInt(int value, DataType type, DuckDBWritableVector output, int row) {
    switch (type) {
      case DataType.Simple.TINYINT -> output.setByte(row, (byte) value);
      case DataType.Simple.SMALLINT -> output.setShort(row, (short) value);
      case DataType.Simple.UTINYINT -> output.setUint8(row, value);
      case DataType.Simple.USMALLINT -> output.setUint16(row, value);
      default -> output.setInt(row, value);
    }
  }

  private static void writeLong(long value, DataType type, DuckDBWritableVector output, int row) {
    if (type.equals(DataType.Simple.UINTEGER)) {
      output.setUint32(row, value);
    } else {
      output.setLong(row, value);
    }
  }

  private static void writeObject(
      @Nullable Object value, DataType type, DuckDBWritableVector output, int row) {
    switch (value) {
      case LocalDate date -> output.setDate(row, date);
      case LocalDateTime time when type.equals(DataType.TIMESTAMP) ->
          output.setTimestamp(row, time);
      case OffsetDateTime time when type.equals(DataType.TIMESTAMPTZ) ->
          output.setOffsetDateTime(row, time);
      case BigDecimal number when type instanceof DataType.Decimal d ->
          output.setBigDecimal(row, number.setScale(d.scale()));
      case BigInteger number when type.equals(DataType.HUGEINT) -> output.setHugeInt(row, number);
      case BigInteger number when type.equals(DataType.Simple.UBIGINT) ->
          output.setUint64(row, number);
      case BigInteger number when type.equals(DataType.Simple.UHUGEINT) ->
          output.setUHugeInt(row, number);
      case null -> output.setNull(row);
      default -> output.setStringUtf8Batch(row, new byte[][] {text(value)});
    }
  }

  private static byte[] text(Object value) {
    String text =
        switch (value) {
          case byte[] bytes -> HexFormat.of().formatHex(bytes);
          case List<?> list -> Json.print(list);
          case Map<?, ?> map -> Json.print(map);
          default -> TextValues.text(value);
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
