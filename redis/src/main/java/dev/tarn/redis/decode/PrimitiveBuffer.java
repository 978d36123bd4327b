package dev.tarn.redis.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tarn.spi.Vector;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and booleans, with marks of nulls beside them, which are made with the first null. */
abstract class PrimitiveBuffer extends ColumnBuffer {

  private final int capacity;
  private boolean @Nullable [] nulls;

  private PrimitiveBuffer(int capacity) {
    this.capacity = capacity;
  }

  @Override
  public final void setNull(int row) {
    boolean[] marks = nulls == null ? new boolean[capacity] : nulls;
    marks[row] = true;
    nulls = marks;
  }

  final void notNull(int row) {
    if (nulls != null) {
      nulls[row] = false;
    }
  }

  final boolean @Nullable [] nulls(int rows) {
    return nulls == null ? null : Arrays.copyOf(nulls, rows);
  }

  static final class Booleans extends PrimitiveBuffer {
    private final boolean[] values;

    Booleans(int capacity) {
      super(capacity);
      values = new boolean[capacity];
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (bytes.length > 5) {
        return false;
      }
      switch (new String(bytes, ISO_8859_1).toLowerCase(Locale.ROOT)) {
        case "true", "1", "yes", "t", "y" -> values[row] = true;
        case "false", "0", "no", "f", "n" -> values[row] = false;
        default -> {
          return false;
        }
      }
      notNull(row);
      return true;
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Booleans(Arrays.copyOf(values, rows), nulls(rows));
    }
  }

  static class Longs extends PrimitiveBuffer {
    final long[] values;
    private final long least;
    private final long most;

    Longs(int capacity, long least, long most) {
      super(capacity);
      this.values = new long[capacity];
      this.least = least;
      this.most = most;
    }

    @Override
    public final boolean parse(int row, byte[] bytes) {
      if (!Numbers.isLong(bytes)) {
        return false;
      }
      long value = Numbers.toLong(bytes);
      if (value < least || value > most) {
        return false;
      }
      set(row, value);
      return true;
    }

    @Override
    public final void set(int row, long value) {
      values[row] = value;
      notNull(row);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Longs(Arrays.copyOf(values, rows), nulls(rows));
    }
  }

  static final class Ints extends Longs {
    Ints(int capacity, long least, long most) {
      super(capacity, least, most);
    }

    @Override
    public Vector vector(int rows) {
      var ints = new int[rows];
      for (int i = 0; i < rows; i++) {
        ints[i] = (int) values[i];
      }
      return new Vector.Ints(ints, nulls(rows));
    }
  }

  static class Doubles extends PrimitiveBuffer {
    final double[] values;

    Doubles(int capacity) {
      super(capacity);
      values = new double[capacity];
    }

    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!Numbers.isDouble(bytes)) {
        return false;
      }
      set(row, Numbers.toDouble(bytes));
      return true;
    }

    @Override
    public final void set(int row, double value) {
      values[row] = value;
      notNull(row);
    }

    @Override
    public Vector vector(int rows) {
      return new Vector.Doubles(Arrays.copyOf(values, rows), nulls(rows));
    }
  }

  static final class Floats extends Doubles {
    Floats(int capacity) {
      super(capacity);
    }

    /** From the text itself: by way of a double it could be rounded twice. */
    @Override
    public boolean parse(int row, byte[] bytes) {
      if (!super.parse(row, bytes)) {
        return false;
      }
      if (Double.isFinite(values[row])) {
        float nearest = Numbers.toFloat(bytes);
        if (Float.isInfinite(nearest)) {
          return false;
        }
        values[row] = nearest;
      }
      return true;
    }

    @Override
    public Vector vector(int rows) {
      var floats = new float[rows];
      for (int i = 0; i < rows; i++) {
        floats[i] = (float) values[i];
      }
      return new Vector.Floats(floats, nulls(rows));
    }
  }
}
