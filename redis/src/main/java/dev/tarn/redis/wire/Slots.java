package dev.tarn.redis.wire;

import java.util.BitSet;

/** Which of a cluster's hash slots a key is in. */
public final class Slots {

  /** How many there are. */
  public static final int COUNT = 16_384;

  private static final int POLYNOMIAL = 0x1021;
  private static final int[] TABLE = table();

  private Slots() {}

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }

  /** Of the first text in braces where a key has one that is not empty, or else of all of it. */
  public static int of(byte[] key) {
    int open = indexOf(key, '{', 0);
    int close = open < 0 ? -1 : indexOf(key, '}', open + 1);
    return close > open + 1 ? of(key, open + 1, close) : of(key, 0, key.length);
  }

  private static int indexOf(byte[] key, char wanted, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int of(byte[] key, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >>> 8) ^ (key[i] & 0xff)];
    }
    return crc % COUNT;
  }

  /** As a text, {@code 0-99, 300}. */
  static String text(BitSet slots) {
    var text = new StringBuilder();
    for (int from = slots.nextSetBit(0); from >= 0; ) {
      int to = slots.nextClearBit(from) - 1;
      text.append(text.isEmpty() ? "" : ", ").append(from).append(to > from ? "-" + to : "");
      from = slots.nextSetBit(to + 1);
    }
    return text.toString();
  }
}
