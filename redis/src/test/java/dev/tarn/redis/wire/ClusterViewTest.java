package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

  private static final Address ASKED = Address.tcp("seed", 1);

  private static List<Member> members(String nodes) {
    return ClusterView.of(nodes, null, "", ASKED).members();
  }

  @Test
  void readsTheLinesOfEachVersion() {
    List<Member> members =
        members(
            """
            a :7000@17000 myself,master - 0 0 3 connected 0-5 7 [8->-b] [9-<-b]
            b 10.0.0.2:7001@17001,host-b,shard-id=x,tls-port=0 master - 0 1 4 connected 8-9
            c ::1:7002@17002, slave a 0 1 3 connected
            d 10.0.0.4:7003@17003 master,fail? - 0 1 1 disconnected
            e :0@0 master,fail,noaddr - 0 1 1 disconnected
            """);
    Member a = members.getFirst();
    assertThat(a.address()).isEqualTo(Address.tcp("seed", 7000));
    assertThat(a.isSelf() && a.isPrimary() && !a.isGone()).isTrue();
    assertThat(a.epoch()).isEqualTo(3);
    assertThat(a.slots()).hasToString("{0, 1, 2, 3, 4, 5, 7}");
    assertThat(a.exporting()).isEqualTo(Map.of(8, "b"));
    assertThat(a.importing()).isEqualTo(Map.of(9, "b"));
    assertThat(members.get(1).address()).hasToString("10.0.0.2:7001");
    assertThat(members.get(2).address()).hasToString("[::1]:7002");
    assertThat(members.get(2).isPrimary()).isFalse();
    assertThat(members.get(3).isGone()).isFalse();
    assertThat(members.get(4).isGone()).isTrue();
  }

  @Test
  void prefersTheNamesThatTheClusterPrefers() {
    List<Object> slots =
        List.of(
            List.of(0L, 1L, List.of(bytes("host-a"), 7L, bytes("a"), List.of())),
            List.of(2L, 3L, List.of(bytes("?"), 7L, bytes("b"))),
            List.of(4L, 5L, List.of(bytes(""), 8L, bytes("c"))));
    String nodes =
        """
        a 10.0.0.1:7@17,host-a myself,master - 0 0 1 connected 0-1
        b 10.0.0.2:7@17 master - 0 0 2 connected 2-3
        c 10.0.0.3:8@18 master - 0 0 3 connected 4-5
        """;
    assertThat(ClusterView.of(nodes, slots, "", ASKED).members())
        .extracting(member -> member.address().toString())
        .containsExactly("host-a:7", "10.0.0.2:7", "seed:8");
  }

  @Test
  void laterConfigurationsHold() {
    List<Member> claims =
        members(
            """
            a h:1@1 master - 0 0 1 connected 0-9000
            b h:2@2 master - 0 0 2 connected 9000-16383
            """);
    Assignment found = ClusterView.assignment(claims, Map.of("b", "run"));
    assertThat(found.owners().get(9000))
        .isEqualTo(new Assignment.Owner(new Node("b/run", Address.tcp("h", 2)), 2));
    assertThat(found.primaries()).extracting(Node::id).containsExactly("a/", "b/run");
  }

  @Test
  void aServerWithoutSlotsCountsOnceKeysAreMovedToIt() {
    String others = "a h:1@1 master - 0 0 1 connected 0-16383";
    assertThat(assignment(others + "\nb h:2@2 master - 0 0 2 connected").primaries()).hasSize(1);
    for (String told :
        List.of(
            others + "\nb h:2@2 master - 0 0 2 connected [5-<-a]",
            others + " [5->-b]\nb h:2@2 master - 0 0 2 connected")) {
      Assignment found = assignment(told);
      assertThat(found.primaries()).extracting(Node::member).containsExactly("a", "b");
      assertThat(found.importing().get(5)).extracting(Node::member).isEqualTo("b");
    }
  }

  private static Assignment assignment(String nodes) {
    return ClusterView.assignment(members(nodes), Map.of());
  }

  @Test
  void saysWhichSlotsNobodyHas() {
    assertThatThrownBy(() -> assignment("a h:1@1 master - 0 0 1 connected 1-5000 5002-16383"))
        .isInstanceOf(LostConnection.class)
        .hasMessage("no server of the cluster has the slots 0, 5001");
  }
}
