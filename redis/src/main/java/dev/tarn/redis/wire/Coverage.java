package dev.tarn.redis.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a scan of all servers. The scan goes in rounds: it asks the servers of {@link
 * #unseen} from first to last key, says which of them have answered to the last, and goes on until
 * none is left. Then each key that was there all the time has been seen at least once.
 *
 * <p>The keys of a slot have been seen when its owner was asked to the last, and had the slot
 * without a break meanwhile. While a slot's keys are being moved, some of them may have left before
 * they were asked for: those are seen by asking where they went, after the owner.
 *
 * <p>Used by one thread at a time.
 */
public final class Coverage {

  private static final Integer ALL = -1;

  /** Slots that are not done; for those whose owner was asked, the servers that are still to be. */
  private final Map<Integer, Half> halves = new HashMap<>();

  private final Set<Integer> whole = new HashSet<>();
  private Assignment now;

  /** The owner was asked; what it was moving away meanwhile was not. */
  private record Half(Assignment.Owner asked, Node importing) {}

  /**
   * Nothing is seen yet.
   *
   * @param first as it is before the scan begins
   */
  public Coverage(Assignment first) {
    now = first;
    if (first.owners().isEmpty()) {
      whole.add(ALL);
    } else {
      whole.addAll(first.owners().keySet());
    }
  }

  /** Which servers are to be asked, now, and from the first key. Empty at the end. */
  public Set<Node> unseen() {
    var unseen = new TreeSet<Node>(Comparator.comparing(Node::toString).thenComparing(Node::id));
    whole.forEach(slot -> unseen.add(owner(now, slot).node()));
    halves.values().forEach(half -> unseen.add(half.importing()));
    return unseen;
  }

  /**
   * Ends a round.
   *
   * @param complete those of the servers that were asked to the last key, each in one run
   * @param after as it is now
   */
  public void completed(Collection<Node> complete, Assignment after) {
    Set<Node> asked = Set.copyOf(complete);
    Map<Integer, Half> before = Map.copyOf(halves);
    halves.clear();
    for (Integer slot : Set.copyOf(whole)) {
      Assignment.Owner owner = owner(now, slot);
      if (asked.contains(owner.node()) && (slot.equals(ALL) || isStill(slot, owner, after))) {
        whole.remove(slot);
        Node to = after.importing().get(slot);
        if (to != null) {
          halves.put(slot, new Half(owner, to));
        }
      }
    }
    before.forEach((slot, half) -> complete(slot, half, asked, after));
    now = after;
  }

  /** Not where keys were moved in another way at first: they may have come from elsewhere. */
  private boolean isStill(Integer slot, Assignment.Owner owner, Assignment after) {
    @Nullable Node from = now.importing().get(slot);
    @Nullable Node to = after.importing().get(slot);
    return owner(after, slot).isStill(owner) && (from == null || isSame(from, to));
  }

  private void complete(Integer slot, Half half, Set<Node> asked, Assignment after) {
    @Nullable Node to = after.importing().get(slot);
    if (to == null || !owner(after, slot).isStill(half.asked()) || !isSame(half.importing(), to)) {
      whole.add(slot);
    } else if (!asked.contains(half.importing())) {
      halves.put(slot, new Half(half.asked(), to));
    }
  }

  private static boolean isSame(Node node, @Nullable Node other) {
    return other != null && node.member().equals(other.member());
  }

  private static Assignment.Owner owner(Assignment assignment, Integer slot) {
    Assignment.Owner owner = assignment.owners().get(slot);
    return owner == null ? new Assignment.Owner(assignment.primaries().getFirst(), 0) : owner;
  }
}
