package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.IfExists;
import dev.tarn.redis.wire.RedisUrl;
import dev.tarn.redis.wire.Resp;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.write.Item.Again;
import dev.tarn.redis.write.Item.Form;
import dev.tarn.testkit.redis.RedisCluster;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Slots move while much is still to be written, and the server that had them goes on. */
class LanesTest {

  private static final int KEYS = 10_000;
  private static final int VERSIONS = 4;
  private static final String VALUE = "v".repeat(200);

  private final Tally tally = new Tally(IfExists.REPLACE);

  @Test
  void writesToTheServerThatHasASlotNow() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Servers servers = Servers.open(RedisUrl.parse(cluster.url()))) {
      int slot = cluster.slot("{moved}");
      int from = cluster.groupOf(slot);
      RedisServer before = cluster.primary(from);
      try (var lanes = new Lanes(servers, tally, 2, 1 << 20)) {
        set(lanes, "{moved}:first", "v");
        set(lanes, "other", "v");
        cluster.moveSlots(from, (from + 1) % cluster.groups(), slot, slot);
        for (int i = 0; i < KEYS * VERSIONS; i++) {
          set(lanes, "{moved}:" + i % KEYS, VALUE + i / KEYS);
        }
      }
      assertThat(tally.failures()).isEmpty();
      assertThat(tally.written.sum()).isEqualTo(KEYS * VERSIONS + 2L);
      for (int i = 0; i < KEYS; i += 37) {
        assertThat(cluster.text("GET", "{moved}:" + i)).isEqualTo(VALUE + (VERSIONS - 1));
      }
      assertThat(moved(before)).isBetween(1L, (long) KEYS);
    }
  }

  private static void set(Lanes lanes, String name, String value) {
    byte[] key = name.getBytes(UTF_8);
    Resp out = lanes.out(key);
    int begin = out.size();
    out.header(3);
    out.bulk("SET");
    out.bulk(key);
    out.bulk(value.getBytes(UTF_8));
    lanes.add(new Item(key, Form.COMMAND, Again.SAFE, begin, out.size(), 1, null));
  }

  /** How often it has said that a slot is elsewhere. */
  private static long moved(RedisServer server) {
    String count = server.info("errorstats").getOrDefault("errorstat_MOVED", "count=0");
    return Long.parseLong(count.substring("count=".length()));
  }

  @Test
  void writesLargeKeysToTheServerThatHasASlotNow() throws Exception {
    try (RedisCluster cluster = RedisCluster.ofPrimaries(RedisOptions.PLAIN);
        Servers servers = Servers.open(RedisUrl.parse(cluster.url()))) {
      int slot = cluster.slot("{moved}");
      int from = cluster.groupOf(slot);
      try (var lanes = new Lanes(servers, tally, 1, 1 << 20)) {
        set(lanes, "{moved}:first", "v");
        addInParts(lanes, "{moved}:before", Again.SAFE);
        while (tally.written.sum() < 2) {
          LockSupport.parkNanos(1_000_000);
        }
        cluster.moveSlots(from, (from + 1) % cluster.groups(), slot, slot);
        addInParts(lanes, "{moved}:replaced", Again.SAFE);
        addInParts(lanes, "{moved}:new", Again.LOOK);
        set(lanes, "{moved}:last", "v");
      }
      assertThat(tally.failures()).isEmpty();
      assertThat(tally.written.sum()).isEqualTo(5);
      assertThat(cluster.command("SCARD", "{moved}:replaced")).isEqualTo(2L);
      assertThat(cluster.command("SCARD", "{moved}:new")).isEqualTo(2L);
    }
  }

  private static void addInParts(Lanes lanes, String name, Again again) {
    byte[] key = name.getBytes(UTF_8);
    lanes.separate(key);
    Resp out = lanes.out(key);
    int replies = Assembly.first(out, key, member("a"), again == Again.SAFE);
    lanes.add(new Item(key, Form.FIRST_PART, again, 0, out.size(), replies, null));
    int begin = out.size();
    replies =
        Assembly.commands(out, key, member("b")) + Assembly.last(out, key, OptionalLong.empty());
    lanes.add(new Item(key, Form.LAST_PART, again, begin, out.size(), replies, null));
  }

  private static Body member(String name) {
    var body = new Body().command("SADD");
    body.argument().bulk(name);
    body.end();
    return body;
  }
}
