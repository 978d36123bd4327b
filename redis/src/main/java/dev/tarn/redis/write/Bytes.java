package dev.tarn.redis.write;

import java.util.Arrays;

/** Searches in bytes. */
final class Bytes {

  private Bytes() {}

  /** Whether a part of the bytes is the other; nothing contains what is empty. */
  static boolean contain(byte[] bytes, byte[] part) {
    for (int i = 0; part.length > 0 && i <= bytes.length - part.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
