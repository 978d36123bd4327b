package dev.tarn.redis.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012; the output as in their reference code).
 * Its key is random, so that nobody can make two keys of Redis that hash alike.
 */
final class SipHash {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long k0;
  private final long k1;
  private long second;

  SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  static SipHash random() {
    var random = new SecureRandom();
    return new SipHash(random.nextLong(), random.nextLong());
  }

  /** The first half of the hash; {@link #second} gives the other. Used by one thread at a time. */
  long first(byte[] bytes) {
    long v0 = 0x736f6d6570736575L ^ k0;
    long v1 = 0x646f72616e646f6dL ^ k1 ^ 0xee;
    long v2 = 0x6c7967656e657261L ^ k0;
    long v3 = 0x7465646279746573L ^ k1;
    int words = bytes.length >> 3;
    long first = 0;
    // Two rounds for each word, then four for each half: all in local variables, which is fast.
    for (int step = 0; step < words + 5; step++) {
      long word = 0;
      if (step < words) {
        word = (long) LONG.get(bytes, step << 3);
      } else if (step == words) {
        word = last(bytes, words << 3);
      } else if (step == words + 1) {
        v2 ^= 0xee;
      } else if (step == words + 3) {
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
      }
      v3 ^= word;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    second = v0 ^ v1 ^ v2 ^ v3;
    return first;
  }

  private static long last(byte[] bytes, int from) {
    long last = (long) bytes.length << 56;
    for (int i = from; i < bytes.length; i++) {
      last |= (bytes[i] & 255L) << (8 * (i - from));
    }
    return last;
  }

  /** The second half of the hash of the bytes that {@link #first} was given. */
  long second() {
    return second;
  }
}
