package dev.tarn.duckdb;

import dev.tarn.spi.Vector;
import dev.tarn.type.DataType;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Set;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Collects the values of one column, chunk by chunk, into one vector. */
abstract sealed class ColumnBuilder {

  /** The types that the driver reads from chunks; the rest travel as text. */
  private static final Set<DataType> CHUNKED =
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
          DataType.JSON,
          DataType.DATE,
          DataType.TIMESTAMP,
          DataType.Simple.TIMESTAMP_S,
          DataType.Simple.TIMESTAMP_MS,
          DataType.Simple.TIMESTAMP_NS,
          DataType.TIMESTAMPTZ);

  int size;
  private boolean @Nullable [] nulls;

  static boolean readsChunks(DataType type) {
    return type instanceof DataType.Decimal || CHUNKED.contains(type);
  }

  static ColumnBuilder of(DataType type, int capacity) {
    return switch (type) {
      case DataType.Simple.BOOLEAN -> new OfBooleans(capacity);
      case DataType.Simple.TINYINT,
          DataType.Simple.SMALLINT,
          DataType.Simple.INTEGER,
          DataType.Simple.UTINYINT,
          DataType.Simple.USMALLINT ->
          new OfInts((DataType.Simple) type, capacity);
      case DataType.Simple.BIGINT, DataType.Simple.UINTEGER ->
          new OfLongs((DataType.Simple) type, capacity);
      case DataType.Simple.FLOAT -> new OfFloats(capacity);
      case DataType.Simple.DOUBLE -> new OfDoubles(capacity);
      case DataType.Simple.VARCHAR, DataType.Simple.JSON -> new OfTexts(type, capacity);
      default -> new OfObjects(type, capacity);
    };
  }

  /** Appends rows of a chunk's vector. */
  void append(DuckDBReadableVector vector, int from, int count) {
    reserve(size + count);
    for (int row = from; row < from + count; row++) {
      if (vector.isNull(row)) {
        setNull();
      } else {
        set(vector, row);
      }
      size++;
    }
  }

  abstract Vector build();

  abstract void reserve(int capacity);

  abstract void set(DuckDBReadableVector vector, int row);

  void setNull() {
    if (nulls == null) {
      nulls = new boolean[Math.max(16, size + 1)];
    } else if (size >= nulls.length) {
      nulls = Arrays.copyOf(nulls, Math.max(2 * nulls.length, size + 1));
    }
    nulls[size] = true;
  }

  final boolean @Nullable [] nulls() {
    return nulls == null ? null : Arrays.copyOf(nulls, size);
  }

  static int grown(int length, int capacity) {
    return Math.max(capacity, length + (length >> 1) + 16);
  }

  private static final class OfBooleans extends ColumnBuilder {
    private boolean[] values;

    OfBooleans(int capacity) {
      values = new boolean[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] = vector.getBoolean(row);
    }

    @Override
    Vector build() {
      return new Vector.Booleans(Arrays.copyOf(values, size), nulls());
    }
  }

  private static final class OfInts extends ColumnBuilder {
    private final DataType.Simple type;
    private int[] values;

    OfInts(DataType.Simple type, int capacity) {
      this.type = type;
      values = new int[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] =
          switch (type) {
            case TINYINT -> vector.getByte(row);
            case SMALLINT -> vector.getShort(row);
            case UTINYINT -> vector.getUint8(row);
            case USMALLINT -> vector.getUint16(row);
            default -> vector.getInt(row);
          };
    }

    @Override
    Vector build() {
      return new Vector.Ints(Arrays.copyOf(values, size), nulls());
    }
  }

  private static final class OfLongs extends ColumnBuilder {
    private final boolean unsigned;
    private long[] values;

    OfLongs(DataType.Simple type, int capacity) {
      unsigned = type == DataType.Simple.UINTEGER;
      values = new long[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] = unsigned ? vector.getUint32(row) : vector.getLong(row);
    }

    @Override
    Vector build() {
      return new Vector.Longs(Arrays.copyOf(values, size), nulls());
    }
  }

  private static final class OfFloats extends ColumnBuilder {
    private float[] values;

    OfFloats(int capacity) {
      values = new float[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] = vector.getFloat(row);
    }

    @Override
    Vector build() {
      return new Vector.Floats(Arrays.copyOf(values, size), nulls());
    }
  }

  private static final class OfDoubles extends ColumnBuilder {
    private double[] values;

    OfDoubles(int capacity) {
      values = new double[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] = vector.getDouble(row);
    }

    @Override
    Vector build() {
      return new Vector.Doubles(Arrays.copyOf(values, size), nulls());
    }
  }

  private static final class OfTexts extends OfObjects {
    private final @Nullable StringMemory memory = StringMemory.open();

    OfTexts(DataType type, int capacity) {
      super(type, capacity);
    }

    @Override
    void append(DuckDBReadableVector vector, int from, int count) {
      if (memory == null) {
        super.append(vector, from, count);
        return;
      }
      reserve(size + count);
      ByteBuffer texts = memory.of(vector);
      for (int row = from; row < from + count; row++) {
        values[size++] = vector.isNull(row) ? null : memory.text(texts, row);
      }
    }
  }

  private static sealed class OfObjects extends ColumnBuilder {
    private final DataType type;
    @Nullable Object[] values;

    OfObjects(DataType type, int capacity) {
      this.type = type;
      values = new Object[capacity];
    }

    @Override
    void reserve(int capacity) {
      if (capacity > values.length) {
        values = Arrays.copyOf(values, grown(values.length, capacity));
      }
    }

    @Override
    void setNull() {
      values[size] = null;
    }

    @Override
    void set(DuckDBReadableVector vector, int row) {
      values[size] =
          switch (type) {
            case DataType.Simple.VARCHAR, DataType.Simple.JSON -> vector.getString(row);
            case DataType.Simple.DATE -> vector.getLocalDate(row);
            case DataType.Simple.TIMESTAMP,
                DataType.Simple.TIMESTAMP_S,
                DataType.Simple.TIMESTAMP_MS,
                DataType.Simple.TIMESTAMP_NS ->
                vector.getLocalDateTime(row);
            case DataType.Simple.TIMESTAMPTZ ->
                vector.getOffsetDateTime(row).withOffsetSameInstant(ZoneOffset.UTC);
            case DataType.Simple.HUGEINT -> vector.getHugeInt(row);
            case DataType.Simple.UHUGEINT -> vector.getUHugeInt(row);
            case DataType.Simple.UBIGINT -> vector.getUint64(row);
            case DataType.Decimal decimal -> vector.getBigDecimal(row);
            default -> TextValues.parse(type, vector.getString(row));
          };
    }

    @Override
    Vector build() {
      return new Vector.Objects(Arrays.copyOf(values, size));
    }
  }
}
