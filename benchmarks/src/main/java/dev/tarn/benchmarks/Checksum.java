package dev.tarn.benchmarks;

import org.jspecify.annotations.Nullable;

/** Uses values, so that nobody can leave out reading them. */
final class Checksum {

  private static volatile int used;

  private Checksum() {}

  @SuppressWarnings("NonAtomicVolatileUpdate") // whatever the sum is, it was used
  static void use(@Nullable Object value) {
    if (value != null && value.hashCode() == 0x5EED_0DD5) {
      used++;
    }
  }

  /** How many values had the one hash that is looked for. */
  static int used() {
    return used;
  }
}
