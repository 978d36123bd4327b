package dev.tarn.redis;

import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user with the rights that the guide names, and no others: no transactions among them. */
class ReaderRightsTest extends RedisTest {

  private static final Schema ITEM = Schema.of("n", BIGINT);
  private static final String READER = "on >geheim ~item:* +@read +@connection";
  private static final String OF_CLUSTER = " +cluster|nodes +cluster|slots +cluster|myid";

  private Redis reader;

  @BeforeEach
  void openForTheReader() {
    var command = new ArrayList<Object>(List.of("ACL", "SETUSER", "reader"));
    command.addAll(List.of(READER.split(" ", -1)));
    server.command(command.toArray());
    reader = Redis.open(server.url("reader", "geheim"), tarn.engine());
  }

  @Test
  void readsHashesWithoutTheWantedFields() throws Exception {
    fill();
    server.forgetCalls();
    List<Row> rows =
        reader.hashes("item:*", ITEM, o -> o.batchSize(50).connections(1)).collect().stream()
            .toList();
    assertThat(rows).hasSize(2_000);
    assertThat(rows.stream().filter(row -> row.isNull("n"))).hasSize(1_000);
    assertThat(refusedTransactions()).isBetween(1, 500); // those on the way until it was known
  }

  private static int refusedTransactions() {
    String calls = server.info("commandstats").getOrDefault("cmdstat_multi", "");
    return Integer.parseInt(calls.replaceAll(".*rejected_calls=(\\d+).*", "$1"));
  }

  private static void fill() throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < 2_000; i++) {
      commands.add(new Object[] {"HSET", "item:" + i, i % 2 == 0 ? "n" : "other", i});
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
  }

  @Test
  void knowsKeysThatAreGoneOrOfAnotherType() {
    server.command("HSET", "item:empty", "other", "x");
    server.command("PEXPIRE", "item:empty", "1000000");
    server.command("SET", "item:text", "x");
    var reports = new ArrayList<ScanReport>();
    Frame items =
        reader
            .hashes("item:*", ITEM, o -> o.onReport(reports::add).ttlColumn("ttl"))
            .filter("_key IN ('item:empty', 'item:text', 'item:none')");
    List<Row> rows = items.collect().stream().toList();
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().text("_key")).isEqualTo("item:empty");
    assertThat(rows.getFirst().isNull("ttl")).isFalse();
    assertThat(reports.getFirst().vanished()).isEqualTo(1);
    assertThat(reports.getFirst().otherType()).isEqualTo(1);
  }

  @Test
  void readsStreamsWithoutEntries() {
    server.command("XADD", "item:full", "*", "n", 1);
    server.command("XGROUP", "CREATE", "item:empty", "group", "$", "MKSTREAM");
    assertThat(reader.streams("item:*", ITEM).collect().size()).isEqualTo(1);
    assertThat(reader.streams("item:*", ITEM).agg(count().as("n")).collect().row(0).longValue("n"))
        .isEqualTo(1);
  }

  @Test
  void saysWhatElseTheUserMayNot() {
    server.command("HSET", "item:1", "other", 1);
    server.command("ACL", "SETUSER", "reader", "-hmget");
    assertThatThrownBy(() -> reader.hashes("item:*", ITEM).collect())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("NOPERM")
        .hasMessageContaining("Check that the user may read these keys.");
    server.command("ACL", "SETUSER", "reader", "+hmget", "-type");
    assertThatThrownBy(() -> reader.hashes("item:*", ITEM).collect())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("NOPERM");
  }

  @Test
  void readsKeysOfASlotThatIsHalfMoved() throws Exception {
    RedisOptions options = RedisOptions.PLAIN.user("reader", READER + OF_CLUSTER);
    try (RedisCluster cluster = RedisCluster.ofPrimaries(options);
        Redis all = Redis.open(cluster.url("reader", "geheim"), tarn.engine())) {
      for (int i = 0; i < 20; i++) {
        cluster.command("HSET", "item:{1}" + i, "other", i);
      }
      int slot = cluster.slot("item:{1}");
      int owner = cluster.groupOf(slot);
      var move = cluster.beginMove(slot, owner, (owner + 1) % cluster.groups());
      move.moveKeys(10);
      assertThat(all.hashes("item:*", ITEM).collect().size()).isEqualTo(20);
      move.moveKeys(10); // so that none is where it is asked for first
      assertThat(all.hashes("item:*", ITEM).collect().size()).isEqualTo(20);
      move.finish();
      assertThat(all.hashes("item:*", ITEM).collect().size()).isEqualTo(20);
    }
  }
}
