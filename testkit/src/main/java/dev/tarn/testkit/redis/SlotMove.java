package dev.tarn.testkit.redis;

import java.util.ArrayList;
import java.util.List;

/** A slot on its way from one primary to another: its keys are here or there. */
public final class SlotMove {

  private static final int KEYS_AT_ONCE = 100;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final List<ClusterNode> primaries;
  private final int slot;
  private final ClusterNode from;
  private final ClusterNode to;
  private final String target;

  SlotMove(List<ClusterNode> primaries, int slot, ClusterNode from, ClusterNode to) {
    this.primaries = primaries;
    this.slot = slot;
    this.from = from;
    this.to = to;
    this.target = to.id();
    to.server().command("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id());
    from.server().command("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
  }

  /** Moves some keys, and returns how many. */
  public int moveKeys(int atMost) {
    Object keys = from.server().command("CLUSTER", "GETKEYSINSLOT", slot, atMost);
    if (!(keys instanceof List<?> some) || some.isEmpty()) {
      return 0;
    }
    var command = new ArrayList<Object>(List.of("MIGRATE", "127.0.0.1", to.server().port(), ""));
    command.addAll(List.of(0, TIMEOUT_MILLIS));
    command.addAll(List.of("AUTH2", RedisServer.ADMIN, RedisServer.ADMIN_PASSWORD, "KEYS"));
    some.forEach(command::add);
    from.server().command(command.toArray());
    return some.size();
  }

  /** Moves the keys that are left and makes the target the owner, at all primaries. */
  public void finish() {
    while (moveKeys(KEYS_AT_ONCE) > 0) {}
    own(to);
    own(from);
    primaries.stream().filter(node -> !node.equals(to) && !node.equals(from)).forEach(this::own);
  }

  private void own(ClusterNode node) {
    node.server().command("CLUSTER", "SETSLOT", slot, "NODE", target);
  }
}
