package dev.tarn.redis.infer;

import dev.tarn.redis.wire.Node;
import java.util.List;
import java.util.Map;

/**
 * Keys that match a pattern, as many as were wanted, or all there are.
 *
 * @param byNode the keys, by the server that has them
 * @param whole whether there are no others
 */
record KeySample(Map<Node, List<byte[]>> byNode, boolean whole) {

  KeySample {
    byNode = Map.copyOf(byNode);
  }

  long size() {
    return byNode.values().stream().mapToLong(List::size).sum();
  }
}
