package dev.tarn.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoverageTest {

  private static final Node A = node("a");
  private static final Node B = node("b");
  private static final Node C = node("c");

  private static Node node(String id) {
    return Node.member(id, "1", Address.tcp("h-" + id, 1));
  }

  /** Slots 0, 1, 2 … by what {@code owners} says: {@code a1 b2 b2}, a name and an epoch. */
  private static Assignment assignment(String owners) {
    return assignment(owners, Map.of());
  }

  private static Assignment assignment(String owners, Map<Integer, Node> importing) {
    var map = new HashMap<Integer, Assignment.Owner>();
    for (String owner : owners.split(" ", -1)) {
      map.put(
          map.size(),
          new Assignment.Owner(node(owner.substring(0, 1)), Long.parseLong(owner.substring(1))));
    }
    var primaries = new HashSet<Node>(importing.values());
    map.values().forEach(owner -> primaries.add(owner.node()));
    return new Assignment(List.copyOf(primaries), map, importing);
  }

  @Test
  void aQuietClusterTakesOneRound() {
    var coverage = new Coverage(assignment("a1 b2"));
    assertThat(coverage.unseen()).containsExactly(A, B);
    coverage.completed(Set.of(A, B), assignment("a1 b2"));
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void oneServerIsDoneWhenItIsComplete() {
    var coverage = new Coverage(Assignment.of(new Node("", A.address())));
    coverage.completed(Set.of(), Assignment.of(A));
    assertThat(coverage.unseen()).containsExactly(A);
    coverage.completed(Set.of(A), Assignment.of(B));
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void aLostServerIsAskedAgainOrWhoFollowedIt() {
    var coverage = new Coverage(assignment("a1 b2"));
    coverage.completed(Set.of(B), assignment("a1 b2"));
    assertThat(coverage.unseen()).containsExactly(A);
    coverage.completed(Set.of(), assignment("c3 b2"));
    assertThat(coverage.unseen()).containsExactly(C);
    coverage.completed(Set.of(C), assignment("c3 b2"));
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void aSlotThatMovedIsSeenWhereItWent() {
    var coverage = new Coverage(assignment("a1 a1 b2"));
    coverage.completed(Set.of(A, B), assignment("a1 c3 b2"));
    assertThat(coverage.unseen()).containsExactly(C);
  }

  @Test
  void aSlotThatWentAndCameBackIsSeenAgain() {
    var coverage = new Coverage(assignment("a1 b2"));
    coverage.completed(Set.of(A, B), assignment("a4 b3"));
    assertThat(coverage.unseen()).containsExactly(A, B);
  }

  @Test
  void aSlotOnItsWayIsSeenOnTheOtherSideAfterwards() {
    var open = assignment("a1 b2", Map.of(0, B));
    for (Assignment before : List.of(open, assignment("a1 b2"))) {
      var coverage = new Coverage(before);
      coverage.completed(Set.of(A, B), open);
      assertThat(coverage.unseen()).containsExactly(B);
      coverage.completed(Set.of(), open);
      assertThat(coverage.unseen()).containsExactly(B);
      coverage.completed(Set.of(B), open);
      assertThat(coverage.unseen()).isEmpty();
    }
  }

  @Test
  void slotsOnTheirWayInBothDirectionsComeToAnEnd() {
    var open = assignment("a1 b2", Map.of(0, B, 1, A));
    var coverage = new Coverage(open);
    coverage.completed(Set.of(A, B), open);
    assertThat(coverage.unseen()).containsExactly(A, B);
    coverage.completed(Set.of(A, B), open);
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void aSlotThatArrivesMeanwhileIsAskedForWhereItIs() {
    var coverage = new Coverage(assignment("a1 b2"));
    coverage.completed(Set.of(A, B), assignment("a1 b2", Map.of(0, B)));
    coverage.completed(Set.of(B), assignment("b3 b3"));
    assertThat(coverage.unseen()).containsExactly(B);
    coverage.completed(Set.of(B), assignment("b3 b3"));
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void aMoveThatWasGivenUpIsSeenAgain() {
    var coverage = new Coverage(assignment("a1 b2", Map.of(0, B)));
    coverage.completed(Set.of(A, B), assignment("a1 b2"));
    assertThat(coverage.unseen()).containsExactly(A);
    coverage.completed(Set.of(A), assignment("a1 b2"));
    assertThat(coverage.unseen()).isEmpty();
  }

  @Test
  void aServerStartedAgainAfterItWasCompleteIsDone() {
    var coverage = new Coverage(assignment("a1 b2"));
    var again = Node.member("a", "2", A.address());
    var after =
        new Assignment(
            List.of(again, B),
            Map.of(0, new Assignment.Owner(again, 1), 1, new Assignment.Owner(B, 2)),
            Map.of());
    coverage.completed(Set.of(B), after);
    assertThat(coverage.unseen()).containsExactly(again);
    coverage.completed(Set.of(again), assignment("a1 b2"));
    assertThat(coverage.unseen()).isEmpty();
  }
}
