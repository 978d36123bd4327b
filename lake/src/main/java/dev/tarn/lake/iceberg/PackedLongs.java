package dev.tarn.lake.iceberg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A number of each file, or none. Numbers that are all the same are kept once. Immutable. */
final class PackedLongs {

  /** Stands for no number. */
  static final long NONE = Long.MIN_VALUE;

  private final long[] all;

  private PackedLongs(long[] all) {
    this.all = all;
  }

  /** What a file has, or {@link #NONE}. */
  long at(int file) {
    return all.length == 1 ? all[0] : all[file];
  }

  @Nullable Long get(int file) {
    long number = at(file);
    return number == NONE ? null : (Long) number;
  }

  long weight() {
    return 32L + 8L * all.length;
  }

  /** Takes the numbers of one file after another. */
  static final class Builder {
    private long[] all = new long[16];
    private int size;

    /** In the place of what the file had before, if anything. */
    void put(int file, long number) {
      reach(file);
      if (size == all.length) {
        all = Arrays.copyOf(all, size * 2);
      }
      all[size++] = number;
    }

    /** As if there had been so many files and no more. */
    void reach(int files) {
      if (files > all.length) {
        all = Arrays.copyOf(all, Math.max(files, all.length * 2));
      }
      if (files > size) {
        Arrays.fill(all, size, files, NONE);
      }
      size = files;
    }

    PackedLongs build(int files) {
      reach(files);
      for (int i = 1; i < size; i++) {
        if (all[i] != all[0]) {
          return new PackedLongs(Arrays.copyOf(all, size));
        }
      }
      return new PackedLongs(new long[] {size == 0 ? NONE : all[0]});
    }
  }
}
