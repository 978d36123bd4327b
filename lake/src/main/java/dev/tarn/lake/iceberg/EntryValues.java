package dev.tarn.lake.iceberg;

import java.util.Arrays;

/** What was read of one entry of a manifest: numbers, and where in the block its bytes are. */
final class EntryValues {

  /** Numbers, by the ids that the table format gives to fields. */
  enum Numeric {
    STATUS(0, 0),
    SEQUENCE(1, 3),
    FILE_SEQUENCE(2, 4),
    RECORDS(3, 103),
    BYTES(4, 104),
    CONTENT(5, 134),
    SORT_ORDER(6, 140),
    FIRST_ROW(7, 142);

    final int place;
    final int id;

    Numeric(int place, int id) {
      this.place = place;
      this.id = id;
    }
  }

  /** Values that are bytes, in the encoding that they have in the block. */
  enum Range {
    PATH(0, 100),
    FORMAT(1, 101),
    PARTITION(2, 102),
    KEY(3, 131),
    SPLITS(4, 132);

    final int place;
    final int id;

    Range(int place, int id) {
      this.place = place;
      this.id = id;
    }
  }

  private static final int ABSENT = -1;

  private final long[] numbers = new long[Numeric.values().length];
  private final int[] from = new int[Range.values().length];
  private final int[] length = new int[Range.values().length];

  void clear() {
    Arrays.fill(numbers, PackedLongs.NONE);
    Arrays.fill(from, ABSENT);
  }

  void set(Numeric which, long number) {
    numbers[which.place] = number;
  }

  /** {@link PackedLongs#NONE} where the entry has none. */
  long get(Numeric which) {
    return numbers[which.place];
  }

  long required(Numeric which) {
    long number = get(which);
    if (number == PackedLongs.NONE) {
      throw AvroCursor.damaged("an entry has no " + which);
    }
    return number;
  }

  void set(Range which, int start, int size) {
    from[which.place] = start;
    length[which.place] = size;
  }

  boolean has(Range which) {
    return from[which.place] != ABSENT;
  }

  void require(Range which) {
    if (!has(which)) {
      throw AvroCursor.damaged("an entry has no " + which);
    }
  }

  int from(Range which) {
    return from[which.place];
  }

  int length(Range which) {
    return length[which.place];
  }
}
