package dev.tarn.lake.iceberg;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/** What a manifest says of one column in all of its files, packed. Immutable once it is built. */
final class ColumnBounds {

  private static final long UNKNOWN = -1;

  private final long @Nullable [] values;
  private final long @Nullable [] nulls;
  private final long @Nullable [] nans;
  private final @Nullable Packed lower;
  private final @Nullable Packed upper;

  private ColumnBounds(Builder builder) {
    this.values = builder.values.packed();
    this.nulls = builder.nulls.packed();
    this.nans = builder.nans.packed();
    this.lower = builder.lower.packed();
    this.upper = builder.upper.packed();
  }

  @Nullable Long values(int file) {
    return count(values, file);
  }

  @Nullable Long nulls(int file) {
    return count(nulls, file);
  }

  @Nullable Long nans(int file) {
    return count(nans, file);
  }

  @Nullable ByteBuffer lower(int file) {
    return lower == null ? null : lower.bytes(file);
  }

  @Nullable ByteBuffer upper(int file) {
    return upper == null ? null : upper.bytes(file);
  }

  long weight() {
    return 64L + weight(values) + weight(nulls) + weight(nans) + weight(lower) + weight(upper);
  }

  private static long weight(long @Nullable [] counts) {
    return counts == null ? 0 : 16L + 8L * counts.length;
  }

  private static long weight(@Nullable Packed packed) {
    return packed == null ? 0 : packed.weight();
  }

  /** Counts that are all the same are kept once. */
  private static @Nullable Long count(long @Nullable [] counts, int file) {
    if (counts == null) {
      return null;
    }
    long count = counts.length == 1 ? counts[0] : counts[file];
    return count == UNKNOWN ? null : (Long) count;
  }

  /** Takes one file after another. */
  static final class Builder {
    private final int id;
    private final boolean keepsOnlyExactBounds;
    private final Counts values = new Counts();
    private final Counts nulls = new Counts();
    private final Counts nans = new Counts();
    private final Bytes lower = new Bytes();
    private final Bytes upper = new Bytes();

    /**
     * @param keepsOnlyExactBounds whether bounds are of use only where they are the same
     */
    Builder(int id, boolean keepsOnlyExactBounds) {
      this.id = id;
      this.keepsOnlyExactBounds = keepsOnlyExactBounds;
    }

    void add(int file, DataFile entry) {
      values.add(file, get(entry.valueCounts(), id));
      nulls.add(file, get(entry.nullValueCounts(), id));
      nans.add(file, get(entry.nanValueCounts(), id));
      ByteBuffer least = get(entry.lowerBounds(), id);
      ByteBuffer greatest = get(entry.upperBounds(), id);
      if (!keepsOnlyExactBounds || (least != null && least.equals(greatest))) {
        lower.add(file, least);
        upper.add(file, greatest);
      }
    }

    private static <T> @Nullable T get(@Nullable Map<Integer, T> map, int id) {
      return map == null ? null : map.get(id);
    }

    ColumnBounds build(int files) {
      values.fill(files);
      nulls.fill(files);
      nans.fill(files);
      lower.fill(files);
      upper.fill(files);
      return new ColumnBounds(this);
    }
  }

  private static final class Counts {
    private long[] counts = new long[16];
    private int size;

    void add(int file, @Nullable Long count) {
      if (count != null) {
        fill(file);
        put(count);
      }
    }

    void fill(int files) {
      while (size < files) {
        put(UNKNOWN);
      }
    }

    private void put(long count) {
      if (size == counts.length) {
        counts = Arrays.copyOf(counts, size * 2);
      }
      counts[size++] = count;
    }

    long @Nullable [] packed() {
      for (int i = 1; i < size; i++) {
        if (counts[i] != counts[0]) {
          return Arrays.copyOf(counts, size);
        }
      }
      return size == 0 || counts[0] == UNKNOWN ? null : new long[] {counts[0]};
    }
  }

  private static final class Bytes {
    private byte[] bytes = new byte[64];
    private int[] ends = new int[16];
    private int size;
    private final BitSet present = new BitSet();

    void add(int file, @Nullable ByteBuffer value) {
      if (value == null) {
        return;
      }
      fill(file);
      present.set(file);
      int from = end();
      int length = value.remaining();
      if (from + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, from + length));
      }
      value.get(value.position(), bytes, from, length);
      put(from + length);
    }

    void fill(int files) {
      while (size < files) {
        put(end());
      }
    }

    private int end() {
      return size == 0 ? 0 : ends[size - 1];
    }

    private void put(int end) {
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, size * 2);
      }
      ends[size++] = end;
    }

    @Nullable Packed packed() {
      return present.isEmpty()
          ? null
          : new Packed(Arrays.copyOf(bytes, end()), Arrays.copyOf(ends, size), present);
    }
  }

  private record Packed(byte[] all, int[] ends, BitSet present) {
    @Nullable ByteBuffer bytes(int file) {
      if (!present.get(file)) {
        return null;
      }
      int from = file == 0 ? 0 : ends[file - 1];
      return ByteBuffer.wrap(all, from, ends[file] - from).slice();
    }

    long weight() {
      return 64L + all.length + 4L * ends.length + present.size() / 8;
    }
  }
}
