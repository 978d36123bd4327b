package dev.tarn.redis.scan;

import java.util.Arrays;

/**
 * The keys that were seen, as 128-bit fingerprints: 16 bytes each, and some room. A collision among
 * 10 million keys has a chance of about 1 to 10<sup>24</sup>. Safe for use by several threads.
 *
 * <p>The table is many small ones, each of which grows by itself, so that no moment needs twice the
 * memory. Each is in the order of the fingerprints (linear probing that keeps order, Amble and
 * Knuth 1974): looking for one that is not there ends at the first larger one, also where the table
 * is nearly full.
 */
public final class Fingerprints {

  /** Of a fingerprint. */
  static final int BYTES = 16;

  /** Full to so many of 16 places, a part grows by a quarter. */
  private static final int FULL = 14;

  /** Places behind the last, for those that are pushed on. */
  private static final int SPARE = 32;

  private static final int FIRST_PLACES = 16;

  private enum Put {
    ADDED,
    PRESENT,
    NO_ROOM
  }

  private final SipHash hash = SipHash.random();
  private final int partsBits;
  private final long[][] parts;
  private final int[] sizes;
  private long size;

  /** For a few keys or for many millions. */
  Fingerprints() {
    this(12);
  }

  private Fingerprints(int partsBits) {
    this.partsBits = partsBits;
    this.parts = new long[1 << partsBits][];
    this.sizes = new int[1 << partsBits];
  }

  /** For the members of one key or the like, of which there may be many at a time. */
  public static Fingerprints small() {
    return new Fingerprints(4);
  }

  /** Adds a key; false when it was there. */
  public synchronized boolean add(byte[] key) {
    long first = hash.first(key);
    long second = hash.second();
    if (first == 0 && second == 0) {
      second = 1; // an empty place
    }
    int part = (int) (first >>> (64 - partsBits));
    long[] table = parts[part];
    if (table == null) {
      table = new long[2 * (FIRST_PLACES + SPARE)];
    } else if (sizes[part] * 16L >= places(table) * (long) FULL) {
      table = grown(table);
    }
    Put put = put(table, first, second);
    while (put == Put.NO_ROOM) {
      table = grown(table);
      put = put(table, first, second);
    }
    parts[part] = table;
    if (put == Put.PRESENT) {
      return false;
    }
    sizes[part]++;
    size++;
    return true;
  }

  public synchronized long size() {
    return size;
  }

  private static int places(long[] table) {
    return table.length / 2 - SPARE;
  }

  private static Put put(long[] table, long first, long second) {
    int end = table.length / 2;
    for (int place = (int) Math.unsignedMultiplyHigh(second, places(table)); place < end; place++) {
      long otherFirst = table[2 * place];
      long otherSecond = table[2 * place + 1];
      if (otherFirst == first && otherSecond == second) {
        return Put.PRESENT;
      }
      boolean empty = otherFirst == 0 && otherSecond == 0;
      if (empty || isLess(first, second, otherFirst, otherSecond)) {
        return empty || pushedOn(table, place, end)
            ? set(table, place, first, second)
            : Put.NO_ROOM;
      }
    }
    return Put.NO_ROOM;
  }

  private static boolean isLess(long first, long second, long otherFirst, long otherSecond) {
    int order = Long.compareUnsigned(second, otherSecond);
    return order < 0 || (order == 0 && Long.compareUnsigned(first, otherFirst) < 0);
  }

  private static Put set(long[] table, int place, long first, long second) {
    table[2 * place] = first;
    table[2 * place + 1] = second;
    return Put.ADDED;
  }

  /** Makes a place free; false when there is no room behind it. */
  private static boolean pushedOn(long[] table, int place, int end) {
    int free = place + 1;
    while (free < end && (table[2 * free] != 0 || table[2 * free + 1] != 0)) {
      free++;
    }
    if (free == end) {
      return false;
    }
    System.arraycopy(table, 2 * place, table, 2 * (place + 1), 2 * (free - place));
    return true;
  }

  private static long[] grown(long[] table) {
    int places = places(table);
    while (true) {
      places += Math.max(FIRST_PLACES, places / 4);
      var larger = new long[2 * (places + SPARE)];
      if (copied(table, larger)) {
        return larger;
      }
    }
  }

  private static boolean copied(long[] table, long[] larger) {
    for (int i = 0; i < table.length; i += 2) {
      boolean empty = table[i] == 0 && table[i + 1] == 0;
      if (!empty && put(larger, table[i], table[i + 1]) == Put.NO_ROOM) {
        return false;
      }
    }
    return true;
  }

  /** Bytes that it takes, about. */
  synchronized long bytes() {
    return Arrays.stream(parts).mapToLong(part -> part == null ? 0 : 8L * part.length).sum();
  }
}
