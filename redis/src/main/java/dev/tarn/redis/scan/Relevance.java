package dev.tarn.redis.scan;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How well a search found keys: its scores, or distances. Safe for use by several threads. */
final class Relevance {

  private final Map<ByteBuffer, Double> byKey = new ConcurrentHashMap<>();

  void put(byte[] key, double score) {
    byKey.put(ByteBuffer.wrap(key), score);
  }

  /** Null for a key that was found by no search, or without a score. */
  @Nullable Double of(byte[] key) {
    return byKey.get(ByteBuffer.wrap(key));
  }
}
