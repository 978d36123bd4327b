package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.ServersFixture.bytes;
import static dev.tarn.redis.wire.ServersFixture.call;
import static dev.tarn.redis.wire.ServersFixture.open;
import static dev.tarn.redis.wire.ServersFixture.request;
import static dev.tarn.redis.wire.ServersFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.SlotMove;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterServersTest {

  private static RedisCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        RedisCluster.withReplicas(
            RedisOptions.PLAIN
                .user(
                    "narrow",
                    "on >p ~* &* +@all -@dangerous -cluster +cluster|nodes +cluster|slots")
                .user("blind", "on >p ~* &* +@all -cluster"));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Node owner(Servers servers, String key) {
    return servers.assignment().owners().get(Slots.of(bytes(key))).node();
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(ints = {2, 3})
  void knowsWhoHoldsEachSlot(int protocol) {
    try (Servers servers = open(cluster.url() + "?protocol=" + protocol)) {
      Assignment found = servers.assignment();
      assertThat(servers.isCluster()).isTrue();
      assertThat(found.primaries()).hasSize(3).allMatch(Node::isRecognizable);
      assertThat(found.owners()).hasSize(Slots.COUNT);
      assertThat(found.importing()).isEmpty();
      assertThat(servers.assignment()).isEqualTo(found);
      for (String key : List.of("a", "b", "{x}y", "")) {
        assertThat(servers.holding(bytes(key)).address().port())
            .isEqualTo(cluster.owner(cluster.slot(key)).port());
      }
      Node a = found.primaries().getFirst();
      try (Link link = servers.connect(a)) {
        assertThat(call(link, "CLUSTER", "MYID")).isEqualTo(a.member());
      }
      var stranger = Node.member("0".repeat(40), a.run(), a.address());
      assertThatThrownBy(() -> servers.connect(stranger))
          .isInstanceOf(LostConnection.class)
          .hasMessageEndingWith("another has taken its place");
      var restarted = Node.member(a.member(), "0", a.address());
      assertThatThrownBy(() -> servers.connect(restarted)).isInstanceOf(LostConnection.class);
    }
  }

  @Test
  @Order(2)
  void usersGetOnWithoutWhatTheyMayNot() {
    try (Servers servers = open(cluster.url().replace("://", "://narrow:p@"));
        Redirects redirects = new Redirects(servers)) {
      Assignment found = servers.assignment();
      assertThat(found.primaries()).hasSize(3).noneMatch(Node::isRecognizable);
      assertThat(text(redirects.ask(bytes("n"), List.of(request("SET", "n", "1")))))
          .isEqualTo(List.of("OK"));
      assertThatThrownBy(() -> open(cluster.url().replace("://", "://blind:p@")).assignment())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(
              "for its nodes: the user may not. Grant +cluster|nodes, +cluster|slots and +cluster|myid, or +cluster before Redis 7. [redis-cluster://127.0.0.1");
    }
  }

  @Test
  @Order(3)
  void anyNodeWillDoAndNoOtherServer() throws Exception {
    RedisServer replica = cluster.replica(0);
    String url = "redis-cluster://127.0.0.1:1,127.0.0.1:" + replica.port();
    try (Servers servers = open(url);
        RedisServer alone = RedisServer.start()) {
      assertThat(servers.assignment().primaries()).hasSize(3);
      assertThatThrownBy(() -> open("redis-cluster://127.0.0.1:" + alone.port()).assignment())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("it is none (ERR This instance has cluster support disabled)");
    }
    try (Servers one = open("redis://127.0.0.1:" + replica.port())) {
      assertThatThrownBy(one::assignment)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("Write redis-cluster:// instead of redis://.");
    }
  }

  @Test
  @Order(4)
  void keysAreFollowedWhileTheirSlotMoves() throws Exception {
    int slot = cluster.slot("{m}");
    var keys = new TreeSet<String>();
    try (Servers servers = open(cluster.url());
        Redirects redirects = new Redirects(servers)) {
      for (int i = 0; i < 20; i++) {
        keys.add("{m}" + i);
        redirects.ask(bytes("{m}"), List.of(request("SET", "{m}" + i, "v")));
      }
      Node from = owner(servers, "{m}");
      int source = group(from);
      int target = (source + 1) % 3;
      var coverage = new Coverage(servers.assignment());
      SlotMove move = cluster.beginMove(slot, source, target);
      move.moveKeys(10);
      Assignment open = servers.assignment();
      assertThat(open.importing()).containsOnlyKeys(slot);
      assertThat(group(open.importing().get(slot))).isEqualTo(target);
      coverage.completed(open.primaries(), open);
      assertThat(coverage.unseen()).containsExactly(open.importing().get(slot));
      for (String key : keys) {
        var commands =
            List.of(
                request("GET", key), request("MULTI"), request("SET", key, "w"), request("EXEC"));
        assertThat(text(redirects.ask(bytes(key), commands)))
            .isEqualTo(List.of("v", "OK", "QUEUED", List.of("OK")));
        assertThat(
                text(
                    redirects.askWatching(
                        bytes(key), value -> List.of(request("SET", key, text(value) + "x")))))
            .isEqualTo(List.of("OK", "QUEUED", List.of("OK")));
        assertThat(redirects.askWatching(bytes(key), value -> List.of())).isEmpty();
      }
      move.finish();
      cluster.awaitAgreement();
      for (String key : keys) {
        assertThat(text(redirects.ask(bytes(key), List.of(request("GET", key)))))
            .isEqualTo(List.of("wx"));
      }
      Assignment after = servers.assignment();
      assertThat(after.importing()).isEmpty();
      assertThat(group(after.owners().get(slot).node())).isEqualTo(target);
      coverage.completed(Set.of(), after);
      assertThat(coverage.unseen()).containsExactly(after.owners().get(slot).node());

      cluster.moveSlots(target, source, slot, slot);
      Assignment back = servers.assignment();
      assertThat(back.owners().get(slot).node()).isEqualTo(from);
      assertThat(back.owners().get(slot).isStill(open.owners().get(slot))).isFalse();
    }
  }

  private static int group(Node node) {
    for (int group = 0; group < 3; group++) {
      if (cluster.primary(group).port() == node.address().port()) {
        return group;
      }
    }
    return -1;
  }

  @Test
  @Order(5)
  void aFailoverIsFollowed() throws Exception {
    try (Servers servers = open(cluster.url() + "?read_timeout=2");
        Redirects redirects = new Redirects(servers)) {
      String key = "f";
      redirects.ask(bytes(key), List.of(request("SET", key, "1"), request("WAIT", "1", "1000")));
      Assignment before = servers.assignment();
      Node old = servers.holding(bytes(key));
      cluster.failover(group(old));
      Assignment after = servers.assignment();
      assertThat(after.primaries()).hasSize(3).doesNotContain(old);
      var coverage = new Coverage(before);
      coverage.completed(before.primaries(), after);
      assertThat(coverage.unseen()).isEqualTo(Set.of(servers.holding(bytes(key))));
      Node newer = servers.holding(bytes(key));
      int group = group(newer);
      RedisServer replica = cluster.replica(group);
      cluster.primary(group).kill();
      assertThat(text(redirects.ask(bytes(key), List.of(request("GET", key)))))
          .isEqualTo(List.of("1"));
      assertThat(servers.holding(bytes(key)).address().port()).isEqualTo(replica.port());
    }
  }

  @Test
  @Order(6)
  void aClusterWithoutSomeSlotsIsOutOfReach() throws Exception {
    for (int group = 1; group < 3; group++) {
      for (RedisServer server : List.of(cluster.primary(group))) {
        server.command("CLUSTER", "DELSLOTS", String.valueOf(slotOf(server)));
      }
    }
    try (Servers servers = open(cluster.url() + "?retry_for=300ms")) {
      assertThatThrownBy(servers::assignment)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Cannot reach Redis: ")
          .hasMessageContaining("has the slots ");
    }
  }

  private static int slotOf(RedisServer server) {
    for (int slot = 0; slot < Slots.COUNT; slot++) {
      if (cluster.owner(slot).port() == server.port()) {
        return slot;
      }
    }
    throw new IllegalStateException(Map.of("port", server.port()).toString());
  }
}
