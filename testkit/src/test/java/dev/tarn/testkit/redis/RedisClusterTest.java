package dev.tarn.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisClusterTest {

  private static final int KEYS = 200;

  @Test
  void keepsItsDataThroughFailoversInGoodOrderAndByAKill() throws Exception {
    try (var cluster = RedisCluster.withReplicas(RedisOptions.PLAIN.password("s3cret"))) {
      assertThat(cluster.url()).startsWith("redis-cluster://:s3cret@127.0.0.1:").contains(",");
      fill(cluster);
      RedisServer before = cluster.primary(1);
      cluster.failover(1);
      assertThat(cluster.primary(1)).isNotSameAs(before);
      assertThat(cluster.replica(1)).isSameAs(before);
      assertAllThere(cluster);

      cluster.primary(2).command("WAIT", 1, 5000); // what is not yet at the replica would be lost
      RedisServer killed = cluster.primary(2);
      cluster.killPrimary(2);
      assertAllThere(cluster);
      killed.restart();
      cluster.awaitAgreement();
      assertThat(cluster.replica(2)).isSameAs(killed);
    }
  }

  @Test
  void movesSlotsWithTheirKeysIntoAnEmptyNode() throws Exception {
    try (var cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN)) {
      fill(cluster);
      int added = cluster.addGroup();
      cluster.moveSlots(0, added, 0, 500);
      assertThat(cluster.owner(0)).isSameAs(cluster.primary(added));
      assertThat(cluster.owner(500)).isSameAs(cluster.primary(added));
      assertThat(cluster.owner(501)).isSameAs(cluster.primary(0));
      assertThat((Long) cluster.primary(added).command("DBSIZE")).isPositive();
      assertAllThere(cluster);
    }
  }

  @Test
  void asksForKeysOfAHalfMovedSlot(@TempDir Path folder) throws Exception {
    var certificates = TestCertificates.forHosts(folder, "localhost", "127.0.0.1");
    try (var cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN.tls(certificates))) {
      for (int i = 0; i < 10; i++) {
        cluster.command("SET", "{tag}" + i, i);
      }
      int slot = cluster.slot("{tag}");
      RedisServer owner = cluster.owner(slot);
      int from = owner == cluster.primary(0) ? 0 : owner == cluster.primary(1) ? 1 : 2;
      int to = (from + 1) % 3;
      SlotMove move = cluster.beginMove(slot, from, to);
      assertThat(move.moveKeys(4)).isEqualTo(4);
      assertThat(owner.command("CLUSTER", "COUNTKEYSINSLOT", slot)).isEqualTo(6L);
      assertThatThrownBy(() -> owner.command("GET", "{tag}none"))
          .hasMessage("ASK %d 127.0.0.1:%d", slot, cluster.primary(to).port());
      move.finish();
      cluster.awaitAgreement();
      assertThatThrownBy(() -> owner.command("GET", "{tag}1")).hasMessageStartingWith("MOVED");
      for (int i = 0; i < 10; i++) {
        assertThat(cluster.text("GET", "{tag}" + i)).isEqualTo(Integer.toString(i));
      }
    }
  }

  @Test
  void leavesNoProcess() throws Exception {
    List<Long> processes;
    try (var cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN)) {
      processes = cluster.servers().stream().map(RedisServer::processId).toList();
      assertThat(processes).hasSize(3).allMatch(id -> ProcessHandle.of(id).isPresent());
    }
    assertThat(processes).noneMatch(id -> ProcessHandle.of(id).isPresent());
  }

  private static void fill(RedisCluster cluster) {
    for (int i = 0; i < KEYS; i++) {
      cluster.command("SET", "key:" + i, i);
    }
  }

  private static void assertAllThere(RedisCluster cluster) {
    for (int i = 0; i < KEYS; i++) {
      assertThat(cluster.text("GET", "key:" + i)).isEqualTo(Integer.toString(i));
    }
  }
}
