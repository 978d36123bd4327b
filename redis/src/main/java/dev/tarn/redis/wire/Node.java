package dev.tarn.redis.wire;

/**
 * A server that holds keys.
 *
 * @param id what tells it from another at the same address, which has other keys, or the same in
 *     another order: its run, and in a cluster {@code member/run}; empty where it does not say
 */
public record Node(String id, Address address) {

  /** One of a cluster. */
  static Node member(String member, String run, Address address) {
    return new Node(member + "/" + run, address);
  }

  /** What the cluster calls it, through all its runs; empty elsewhere. */
  String member() {
    return id.substring(0, Math.max(0, id.indexOf('/')));
  }

  /** Empty where it does not say: a user may be denied INFO. */
  String run() {
    return id.substring(id.indexOf('/') + 1);
  }

  /**
   * Whether a new connection can tell that the server was not started again meanwhile. Where it
   * cannot, a cursor of SCAN ends with the connection: after a start it would leave keys out.
   */
  public boolean isRecognizable() {
    return !run().isEmpty();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
