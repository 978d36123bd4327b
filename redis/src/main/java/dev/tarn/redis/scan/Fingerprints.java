package dev.tarn.redis.scan;

import java.util.Arrays;

/**
 * The keys that were seen, as fingerprints: at most 16 bytes for each in all, from some thousands
 * on. Safe for use by several threads.
 *
 * <p>A fingerprint is 102 of the 128 bits of a SipHash: 96 are kept, and 6 tell which part of the
 * table they are kept in. Two keys with the same are taken for one. Among n keys there are such
 * with a chance of n<sup>2</sup> / 2<sup>103</sup>: 1 to 10<sup>17</sup> for 10 million, 1 to
 * 10<sup>13</sup> for a thousand million.
 *
 * <p>Each part grows by itself, so that no moment needs twice the memory; where there are many
 * keys, there are more parts, for Java's collector may waste up to half of what a very large array
 * takes. A part is in the order of its fingerprints (linear probing that keeps order, Amble and
 * Knuth 1974): looking for one that is not there ends at the first larger one, also where the part
 * is nearly full.
 */
public final class Fingerprints {

  /** That one takes at most, where there are many, with the room between them. */
  static final int BYTES = 16;

  /** Of which 12 bytes are kept, the first never 0: that is an empty place. */
  private static final int INTS = 3;

  /** Full to so many of 16 places, a part grows by an eighth: to 12 · 9/8 · 16/14 = 15.4 bytes. */
  private static final int FULL = 14;

  private static final int GROWTH = 8;

  private static final int FIRST_PLACES = 8;
  private static final int LEAST_GROWTH = 4;

  /** Places behind the last that a fingerprint is meant for, for those that are pushed on. */
  private static final int LEAST_SPARE = 4;

  private static final int MOST_SPARE = 32;

  private static final int FEW_PARTS_BITS = 6;
  private static final int MANY_PARTS_BITS = 12;
  private static final int MANY = 1 << 20;
  private static final int ARRAY_HEADER = 16;
  private static final int[] NONE = {};

  private enum Put {
    ADDED,
    PRESENT,
    NO_ROOM
  }

  private final SipHash hash = SipHash.random();
  private int partsBits = FEW_PARTS_BITS;
  private int[][] parts = new int[1 << FEW_PARTS_BITS][];
  private int[] sizes = new int[1 << FEW_PARTS_BITS];
  private long size;

  /** Adds a key; false when it was there. */
  public synchronized boolean add(byte[] key) {
    long first = hash.first(key);
    return add(first, hash.second());
  }

  /** Adds one by the halves of its hash, all bits but the last 26 of the first. */
  synchronized boolean add(long first, long second) {
    if (size == MANY && partsBits == FEW_PARTS_BITS) {
      split();
    }
    int high = (int) (second >>> 32);
    int low = (int) (first >>> (Integer.SIZE - FEW_PARTS_BITS));
    int part = (int) (first >>> (Long.SIZE - partsBits));
    boolean isNew = add(part, high == 0 ? 1 : high, (int) second, low);
    size += isNew ? 1 : 0;
    return isNew;
  }

  private boolean add(int part, int high, int middle, int low) {
    int[] table = parts[part];
    if (table == null) {
      table = new int[INTS * FIRST_PLACES];
    } else if (sizes[part] * 16L >= table.length / INTS * (long) FULL) {
      table = grown(table);
    }
    Put put = put(table, high, middle, low);
    while (put == Put.NO_ROOM) {
      table = grown(table);
      put = put(table, high, middle, low);
    }
    parts[part] = table;
    sizes[part] += put == Put.ADDED ? 1 : 0;
    return put == Put.ADDED;
  }

  /** More parts, one after another; bits that are kept as well tell which. */
  private void split() {
    int[][] former = parts;
    int bits = MANY_PARTS_BITS - FEW_PARTS_BITS;
    partsBits = MANY_PARTS_BITS;
    parts = new int[1 << MANY_PARTS_BITS][];
    sizes = new int[1 << MANY_PARTS_BITS];
    for (int part = 0; part < former.length; part++) {
      int[] table = former[part];
      former[part] = NONE;
      for (int i = 0; table != null && i < table.length; i += INTS) {
        if (table[i] != 0) {
          int low = table[i + 2];
          add((part << bits) | (low >>> (Integer.SIZE - bits)), table[i], table[i + 1], low);
        }
      }
    }
  }

  public synchronized long size() {
    return size;
  }

  /** The index of the place that a fingerprint is meant for; grows with it. */
  private static int index(int high, int[] table) {
    int places = table.length / INTS;
    int meant = places - Math.min(MOST_SPARE, LEAST_SPARE + places / 16);
    return INTS * (int) ((Integer.toUnsignedLong(high) * meant) >>> 32);
  }

  private static Put put(int[] table, int high, int middle, int low) {
    for (int i = index(high, table); i < table.length; i += INTS) {
      if (table[i] == 0) {
        return set(table, i, high, middle, low);
      }
      int order = order(table, i, high, middle, low);
      if (order == 0) {
        return Put.PRESENT;
      }
      if (order > 0) {
        return pushedOn(table, i) ? set(table, i, high, middle, low) : Put.NO_ROOM;
      }
    }
    return Put.NO_ROOM;
  }

  private static int order(int[] table, int i, int high, int middle, int low) {
    int order = Integer.compareUnsigned(table[i], high);
    if (order == 0) {
      order = Integer.compare(table[i + 1], middle);
    }
    return order == 0 ? Integer.compare(table[i + 2], low) : order;
  }

  private static Put set(int[] table, int i, int high, int middle, int low) {
    table[i] = high;
    table[i + 1] = middle;
    table[i + 2] = low;
    return Put.ADDED;
  }

  /** Makes a place free; false when there is no room behind it. */
  private static boolean pushedOn(int[] table, int i) {
    int free = i + INTS;
    while (free < table.length && table[free] != 0) {
      free += INTS;
    }
    if (free == table.length) {
      return false;
    }
    System.arraycopy(table, i, table, i + INTS, free - i);
    return true;
  }

  private static int[] grown(int[] table) {
    int places = table.length / INTS;
    while (true) {
      places += Math.max(LEAST_GROWTH, places / GROWTH);
      var larger = new int[INTS * places];
      if (copied(table, larger)) {
        return larger;
      }
    }
  }

  /** In their order, so that each comes where it is meant to be, or behind the one before. */
  private static boolean copied(int[] table, int[] larger) {
    int free = 0;
    for (int i = 0; i < table.length; i += INTS) {
      if (table[i] == 0) {
        continue;
      }
      int to = Math.max(free, index(table[i], larger));
      if (to == larger.length) {
        return false;
      }
      set(larger, to, table[i], table[i + 1], table[i + 2]);
      free = to + INTS;
    }
    return true;
  }

  /** Bytes that it takes, about. */
  synchronized long bytes() {
    long ofParts = 2L * Integer.BYTES * parts.length;
    return Arrays.stream(parts)
            .mapToLong(part -> part == null ? 0 : ARRAY_HEADER + (long) Integer.BYTES * part.length)
            .sum()
        + ofParts;
  }
}
