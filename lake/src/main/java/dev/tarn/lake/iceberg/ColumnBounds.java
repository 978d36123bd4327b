package dev.tarn.lake.iceberg;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/** What a manifest says of one column in all of its files, packed. Immutable. */
final class ColumnBounds {

  private final PackedLongs values;
  private final PackedLongs nulls;
  private final PackedLongs nans;
  private final @Nullable PackedBytes lower;
  private final @Nullable PackedBytes upper;

  private ColumnBounds(Builder builder, int files) {
    this.values = builder.values.build(files);
    this.nulls = builder.nulls.build(files);
    this.nans = builder.nans.build(files);
    this.lower = builder.lower.build(files);
    this.upper = builder.upper.build(files);
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

  /** Some writers say -1 where they do not know. */
  private static @Nullable Long count(PackedLongs counts, int file) {
    long count = counts.at(file);
    return count < 0 ? null : (Long) count;
  }

  @Nullable ByteBuffer lower(int file) {
    return lower == null ? null : lower.get(file);
  }

  @Nullable ByteBuffer upper(int file) {
    return upper == null ? null : upper.get(file);
  }

  /** The lower bound as a whole number; another value where there is none of that width. */
  long lower(int file, int bytes, long otherwise) {
    return lower == null ? otherwise : lower.number(file, bytes, otherwise);
  }

  /** The upper bound as a whole number; another value where there is none of that width. */
  long upper(int file, int bytes, long otherwise) {
    return upper == null ? otherwise : upper.number(file, bytes, otherwise);
  }

  long weight() {
    return 64L + values.weight() + nulls.weight() + nans.weight() + weight(lower) + weight(upper);
  }

  private static long weight(@Nullable PackedBytes bytes) {
    return bytes == null ? 0 : bytes.weight();
  }

  /** Takes one file after another. */
  static final class Builder {
    final PackedLongs.Builder values = new PackedLongs.Builder();
    final PackedLongs.Builder nulls = new PackedLongs.Builder();
    final PackedLongs.Builder nans = new PackedLongs.Builder();
    final PackedBytes.Builder lower = new PackedBytes.Builder();
    final PackedBytes.Builder upper = new PackedBytes.Builder();
    private final boolean keepsOnlyExactBounds;

    /**
     * @param keepsOnlyExactBounds whether bounds are of use only where they are the same
     */
    Builder(boolean keepsOnlyExactBounds) {
      this.keepsOnlyExactBounds = keepsOnlyExactBounds;
    }

    /** What Iceberg has decoded of a file. */
    void add(int file, int id, DataFile entry) {
      put(values, file, get(entry.valueCounts(), id));
      put(nulls, file, get(entry.nullValueCounts(), id));
      put(nans, file, get(entry.nanValueCounts(), id));
      put(lower, file, get(entry.lowerBounds(), id));
      put(upper, file, get(entry.upperBounds(), id));
    }

    private static <T> @Nullable T get(@Nullable Map<Integer, T> map, int id) {
      return map == null ? null : map.get(id);
    }

    private static void put(PackedLongs.Builder counts, int file, @Nullable Long count) {
      if (count != null) {
        counts.put(file, count);
      }
    }

    private static void put(PackedBytes.Builder bounds, int file, @Nullable ByteBuffer bound) {
      if (bound != null) {
        bounds.put(file, bound);
      }
    }

    /** As if there had been so many files and no more. */
    void reach(int files) {
      values.reach(files);
      nulls.reach(files);
      nans.reach(files);
      lower.reach(files);
      upper.reach(files);
    }

    ColumnBounds build(int files) {
      if (keepsOnlyExactBounds) {
        lower.keepEqual(upper, files);
      }
      return new ColumnBounds(this, files);
    }
  }
}
