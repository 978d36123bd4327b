package dev.tarn.redis.wire;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one node of a cluster knows of all of them.
 *
 * @param members with the addresses at which clients reach them
 * @param run of the node itself
 */
record ClusterView(List<Member> members, String run) {

  /**
   * @param nodes the answer to {@code CLUSTER NODES}
   * @param slots the answer to {@code CLUSTER SLOTS}, which has the addresses that are preferred;
   *     an error where it may not be asked
   * @param asked where the answers come from: what has no host is there as well
   */
  static ClusterView of(String nodes, @Nullable Object slots, String run, Address asked) {
    Map<String, Address> preferred = preferred(slots);
    var members = new ArrayList<Member>();
    for (Member member : Member.all(nodes)) {
      Address address = preferred.getOrDefault(member.id(), member.address());
      members.add(
          new Member(
              member.id(),
              address.host().isEmpty() ? Address.tcp(asked.host(), address.port()) : address,
              member.flags(),
              member.epoch(),
              member.slots(),
              member.importing(),
              member.exporting()));
    }
    return new ClusterView(List.copyOf(members), run);
  }

  /** By id. A host of {@code ?} is a name that is preferred and not set: the number will do. */
  private static Map<String, Address> preferred(@Nullable Object reply) {
    var addresses = new HashMap<String, Address>();
    for (Object range : Link.list(reply)) {
      List<?> parts = Link.list(range);
      for (Object node : parts.subList(Math.min(2, parts.size()), parts.size())) {
        List<?> words = Link.list(node);
        if (words.size() > 2 && words.get(1) instanceof Long port) {
          String host = Replies.text(words.get(0));
          if (!host.equals("?")) {
            addresses.put(Replies.text(words.get(2)), Address.tcp(host, port.intValue()));
          }
        }
      }
    }
    return addresses;
  }

  Optional<Member> self() {
    return members.stream().filter(Member::isSelf).findFirst();
  }

  /** Primaries that are not known to be gone, but for itself. */
  List<Member> otherPrimaries() {
    return members.stream().filter(m -> m.isPrimary() && !m.isGone() && !m.isSelf()).toList();
  }

  /** Whether it knows that another is gone, or no primary. */
  boolean rulesOut(Member other) {
    return members.stream()
        .anyMatch(m -> m.id().equals(other.id()) && (m.isGone() || !m.isPrimary()));
  }

  /**
   * Puts together what each says of itself; where two have a slot, the later configuration holds.
   *
   * @param claims primaries, each as it says itself where it has answered
   * @param runs by id, as far as they are known
   * @throws LostConnection when nobody has one of the slots
   */
  static Assignment assignment(Collection<Member> claims, Map<String, String> runs) {
    var nodes = new LinkedHashMap<String, Node>();
    var owners = new HashMap<Integer, Assignment.Owner>();
    var missing = new BitSet(Slots.COUNT);
    missing.set(0, Slots.COUNT);
    for (Member claim : claims) {
      Node node = Node.member(claim.id(), runs.getOrDefault(claim.id(), ""), claim.address());
      nodes.put(claim.id(), node);
      missing.andNot(claim.slots());
      var owner = new Assignment.Owner(node, claim.epoch());
      claim.slots().stream()
          .forEach(slot -> owners.merge(slot, owner, (a, b) -> a.epoch() >= b.epoch() ? a : b));
    }
    if (!missing.isEmpty()) {
      throw new LostConnection(
          "no server of the cluster has the slots %s".formatted(Slots.text(missing)), null);
    }
    Map<Integer, Node> importing = importing(claims, nodes);
    importing.entrySet().removeIf(e -> isHeld(owners.get(e.getKey()), e.getValue()));
    var holders = new HashSet<Node>(importing.values());
    owners.values().forEach(owner -> holders.add(owner.node()));
    List<Node> primaries = nodes.values().stream().filter(holders::contains).toList();
    return new Assignment(primaries, owners, importing);
  }

  private static boolean isHeld(Assignment.@Nullable Owner owner, Node node) {
    return owner != null && owner.node().equals(node);
  }

  /** The two tell it at different moments: what one of them says is enough. */
  private static Map<Integer, Node> importing(Collection<Member> claims, Map<String, Node> nodes) {
    var importing = new HashMap<Integer, Node>();
    for (Member claim : claims) {
      Node self = nodes.get(claim.id());
      if (self != null) {
        claim.importing().keySet().forEach(slot -> importing.put(slot, self));
      }
      claim
          .exporting()
          .forEach((slot, to) -> {
            Node node = nodes.get(to);
            if (node != null) {
              importing.putIfAbsent(slot, node);
            }
          });
    }
    return importing;
  }
}
