package dev.tarn.redis.scan;

import org.jspecify.annotations.Nullable;

/**
 * Keys that are asked for together, over one connection.
 *
 * @param keys the keys
 * @param positions where each is read on, as its reader left it; null for keys that were not begun
 */
record Chunk(byte[][] keys, @Nullable Object @Nullable [] positions) {

  static Chunk of(byte[][] keys) {
    return new Chunk(keys, null);
  }

  /** The same with a position for keys that were not begun. */
  Chunk startingAt(@Nullable Object start) {
    if (start == null) {
      return this;
    }
    var begun = new @Nullable Object[keys.length];
    for (int i = 0; i < begun.length; i++) {
      Object position = position(i);
      begun[i] = position == null ? start : position;
    }
    return new Chunk(keys, begun);
  }

  int size() {
    return keys.length;
  }

  @Nullable Object position(int index) {
    return positions == null ? null : positions[index];
  }
}
