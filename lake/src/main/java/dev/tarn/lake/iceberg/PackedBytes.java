package dev.tarn.lake.iceberg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A value of some bytes of each file, or none. Immutable. */
final class PackedBytes {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] all;
  private final int[] ends;
  private final BitSet present;

  private PackedBytes(byte[] all, int[] ends, BitSet present) {
    this.all = all;
    this.ends = ends;
    this.present = present;
  }

  @Nullable ByteBuffer get(int file) {
    if (!present.get(file)) {
      return null;
    }
    int from = from(file);
    return ByteBuffer.wrap(all, from, ends[file] - from).slice();
  }

  /** The value as text; empty without any. */
  String text(int file) {
    int from = from(file);
    return new String(all, from, ends[file] - from, StandardCharsets.UTF_8);
  }

  /**
   * The value as a whole number, which Iceberg writes with its least byte first.
   *
   * @param width in bytes; 0 for four or eight
   * @param otherwise what to return where there is no number of the width
   */
  long number(int file, int width, long otherwise) {
    int from = from(file);
    int length = ends[file] - from;
    if (!present.get(file) || (width != 0 && length != width)) {
      return otherwise;
    }
    return switch (length) {
      case 4 -> (int) INT.get(all, from);
      case 8 -> (long) LONG.get(all, from);
      default -> otherwise;
    };
  }

  private int from(int file) {
    return file == 0 ? 0 : ends[file - 1];
  }

  long weight() {
    return 96L + all.length + 4L * ends.length + present.size() / 8;
  }

  /** Takes the values of one file after another. */
  static final class Builder {
    private byte[] all = new byte[64];
    private int[] ends = new int[16];
    private int size;
    private final BitSet present = new BitSet();

    /** In the place of what the file had before, if anything. */
    void put(int file, byte[] from, int offset, int length) {
      reach(file);
      int start = end();
      int end = Math.addExact(start, length);
      if (end > all.length) {
        all = Arrays.copyOf(all, Math.max(end, (int) Math.min(all.length * 2L, 1 << 30)));
      }
      System.arraycopy(from, offset, all, start, length);
      present.set(file);
      push(end);
    }

    void put(int file, ByteBuffer value) {
      byte[] bytes = new byte[value.remaining()];
      value.duplicate().get(bytes);
      put(file, bytes, 0, bytes.length);
    }

    /** As if there had been so many files and no more. */
    void reach(int files) {
      if (files < size) {
        present.clear(files, size);
        size = files;
      }
      while (size < files) {
        push(end());
      }
    }

    private int end() {
      return size == 0 ? 0 : ends[size - 1];
    }

    private void push(int end) {
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, size * 2);
      }
      ends[size++] = end;
    }

    /** Leaves out what the files do not have alike in the other. */
    void keepEqual(Builder other, int files) {
      reach(files);
      other.reach(files);
      for (int file = 0; file < files; file++) {
        if (!present.get(file) || !other.present.get(file) || !equal(other, file)) {
          present.clear(file);
          other.present.clear(file);
        }
      }
    }

    private boolean equal(Builder other, int file) {
      return Arrays.equals(
          all, from(file), ends[file], other.all, other.from(file), other.ends[file]);
    }

    private int from(int file) {
      return file == 0 ? 0 : ends[file - 1];
    }

    /** Null without any value. */
    @Nullable PackedBytes build(int files) {
      reach(files);
      return present.isEmpty()
          ? null
          : new PackedBytes(Arrays.copyOf(all, end()), Arrays.copyOf(ends, size), present);
    }
  }
}
