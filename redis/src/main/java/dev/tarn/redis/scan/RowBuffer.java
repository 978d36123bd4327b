package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.error.BadData;
import dev.tarn.redis.ScanOptions;
import dev.tarn.redis.decode.Buffers;
import dev.tarn.redis.decode.ColumnBuffer;
import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.Schema;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows while they are put together: first the key, then for each row its values by column, then
 * {@link #endRow}. A column that is not set in a row is null. Used by one thread at a time.
 */
final class RowBuffer {

  /** The end of the year 199,999: the engine knows no moments much later. */
  private static final long LAST_MOMENT = 6_249_223_180_799_999L;

  /** Large values go on before a batch is full. */
  private static final long MOST_BYTES = 4 << 20;

  private final String source;
  private final List<ScanColumn> columns;

  /** Of the columns that are handed over; others are only looked at. */
  private final Schema schema;

  private final ScanOptions options;
  private final Counters counters;
  private final BatchQueue out;
  private final int keyColumn;
  private final int ttlColumn;
  private final int indexColumn;
  private final int scoreColumn;
  private final Relevance relevance;
  private final ColumnBuffer[] buffers;
  private final boolean[] set;
  private byte[] key = {};
  private long ttlMillis = -1;
  private boolean skipped;
  private int rows;
  private long bytes;
  private long flushed;

  /**
   * @param columns those that are read: first the ones that are wanted, in order
   * @param wanted how many those are
   * @param out where full batches go
   */
  RowBuffer(
      String source,
      List<ScanColumn> columns,
      int wanted,
      ScanOptions options,
      Counters counters,
      Relevance relevance,
      BatchQueue out) {
    this.source = source;
    this.columns = columns;
    this.schema = new Schema(columns.stream().limit(wanted).map(ScanColumn::field).toList());
    this.options = options;
    this.counters = counters;
    this.relevance = relevance;
    this.out = out;
    this.keyColumn = indexOf(Role.KEY);
    this.ttlColumn = indexOf(Role.TTL);
    this.indexColumn = indexOf(Role.ROW_INDEX);
    this.scoreColumn = indexOf(Role.RELEVANCE);
    this.set = new boolean[columns.size()];
    this.buffers = made();
  }

  private int indexOf(Role role) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).role() == role) {
        return i;
      }
    }
    return -1;
  }

  private ColumnBuffer[] made() {
    var made = new ColumnBuffer[columns.size()];
    for (int i = 0; i < made.length; i++) {
      ScanColumn column = columns.get(i);
      made[i] =
          Buffers.of(column.field(), options.formats().get(column.name()), Batch.MAX_SCAN_ROWS);
    }
    return made;
  }

  /** The key of the rows to come. */
  void key(byte[] of) {
    key = of;
    ttlMillis = -1;
  }

  /**
   * What is left of the key's time.
   *
   * @param millis as {@code PTTL} has it: negative for a key that does not expire
   */
  void ttl(long millis) {
    ttlMillis = millis;
  }

  long ttlMillis() {
    return ttlMillis;
  }

  /** A value of the row to come, as Redis holds it. */
  void value(int column, byte @Nullable [] value) {
    if (value == null) {
      return;
    }
    bytes += value.length;
    if (buffers[column].parse(rows, value)) {
      set[column] = true;
    } else {
      bad(column, value);
    }
  }

  void value(int column, long value) {
    buffers[column].set(rows, value);
    set[column] = true;
  }

  void value(int column, double value) {
    buffers[column].set(rows, value);
    set[column] = true;
  }

  /**
   * A value that was put together.
   *
   * @param size bytes that it was made of
   */
  void object(int column, Object value, long size) {
    bytes += size;
    buffers[column].set(rows, value);
    set[column] = true;
  }

  /** A moment, in milliseconds since 1970. */
  void moment(int column, long millis) {
    if (millis < 0 || millis > LAST_MOMENT) {
      bad(column, Long.toUnsignedString(millis).getBytes(US_ASCII));
    } else {
      object(column, Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC), 8);
    }
  }

  /** A value that is none of its column's type. */
  void bad(int column, byte[] value) {
    counters.badValues.increment();
    switch (options.onBadValue()) {
      case FAIL -> throw badData(column, value);
      case SET_NULL -> {}
      case SKIP_ROW -> skipped = true;
    }
  }

  private BadData badData(int column, byte[] value) {
    ScanColumn c = columns.get(column);
    String field = c.source().isEmpty() ? c.name() : c.source();
    return new BadData(
        "Cannot read %s as %s. Give the column another type, or say onBadValue(SET_NULL) or onBadValue(SKIP_ROW). [%s %s %s]"
            .formatted(Texts.quoted(value), c.type(), source, Texts.plain(key), field));
  }

  /** Ends a row. False when the scan has ended and nobody wants more. */
  boolean endRow() {
    if (skipped) {
      skipped = false;
      Arrays.fill(set, false);
      return true;
    }
    if (keyColumn >= 0) {
      value(keyColumn, key);
      if (skipped) {
        return endRow();
      }
    }
    if (ttlColumn >= 0 && ttlMillis >= 0) {
      value(ttlColumn, (ttlMillis + 999) / 1000);
    }
    Double score = scoreColumn < 0 ? null : relevance.of(key);
    if (score != null) {
      value(scoreColumn, score.doubleValue());
    }
    for (int i = 0; i < set.length; i++) {
      if (!set[i] && i != indexColumn) {
        buffers[i].setNull(rows);
      }
      set[i] = false;
    }
    rows++;
    return (rows < Batch.MAX_SCAN_ROWS && bytes < MOST_BYTES) || flush();
  }

  /** Bytes of values since it was made. */
  long bytesRead() {
    return flushed + bytes;
  }

  int rows() {
    return rows;
  }

  /** Hands over what there is. False when the scan has ended and nobody wants more. */
  boolean flush() {
    if (rows == 0) {
      return true;
    }
    if (indexColumn >= 0) {
      long first = counters.nextRow.getAndAdd(rows);
      for (int i = 0; i < rows; i++) {
        buffers[indexColumn].set(i, first + i);
      }
    }
    var vectors = new ArrayList<Vector>(buffers.length);
    for (ColumnBuffer buffer : buffers) {
      vectors.add(buffer.vector(rows));
    }
    var batch = new Batch(schema, rows, vectors.subList(0, schema.size()));
    counters.rows.add(rows);
    counters.bytes.add(bytes);
    long size = bytes + 16L * rows * (1 + buffers.length);
    rows = 0;
    flushed += bytes;
    bytes = 0;
    return out.put(batch, size);
  }
}
