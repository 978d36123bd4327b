package dev.tarn.redis.wire;

import java.util.List;
import java.util.Map;

/**
 * Who held keys at a moment.
 *
 * @param primaries all that have keys
 * @param owners whose each slot is; empty where there are no slots
 * @param importing to whom the keys of a slot are being moved right now
 */
public record Assignment(
    List<Node> primaries, Map<Integer, Owner> owners, Map<Integer, Node> importing) {

  /**
   * Whose a slot is.
   *
   * @param epoch of the configuration by which it got its slots. A server that lost a slot and got
   *     it back has a later one.
   */
  public record Owner(Node node, long epoch) {

    /** Whether it has had the slot without a break; it may have been started again. */
    boolean isStill(Owner earlier) {
      return epoch == earlier.epoch && node.member().equals(earlier.node.member());
    }
  }

  public Assignment {
    primaries = List.copyOf(primaries);
    owners = Map.copyOf(owners);
    importing = Map.copyOf(importing);
  }

  /** Of one server that has all keys. */
  static Assignment of(Node node) {
    return new Assignment(List.of(node), Map.of(), Map.of());
  }
}
