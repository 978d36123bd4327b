package dev.tarn.redis.search;

import dev.tarn.expr.SearchCondition;
import dev.tarn.redis.VectorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A vector that the nearest of are looked for.
 *
 * @param nearest the vector, and how many are wanted
 * @param precision of the vectors of the index
 */
record QueryVector(SearchCondition.Nearest nearest, VectorOptions.Precision precision) {

  int count() {
    return nearest.count();
  }

  /** Stands for the bytes. */
  String shown() {
    return "<%d numbers>".formatted(nearest.vector().size());
  }

  /** As the server compares it: the lowest byte of each number first. */
  byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(nearest.vector().size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    switch (precision) {
      case FLOAT32 -> nearest.vector().forEach(bytes::putFloat);
      case FLOAT64 -> nearest.vector().forEach(bytes::putDouble);
    }
    byte[] all = new byte[bytes.flip().remaining()];
    bytes.get(all);
    return all;
  }
}
