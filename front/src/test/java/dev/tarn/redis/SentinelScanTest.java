package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.spi.Batch;
import dev.tarn.testkit.redis.RedisSentinel;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A scan goes on at the server that takes the primary's place, and leaves nothing out. */
class SentinelScanTest {

  private static final int KEYS = 20_000;

  @Test
  void goesOnThroughAFailover() throws Exception {
    try (RedisSentinel sentinel = RedisSentinel.start();
        Tarn tarn = Tarn.open();
        Redis redis = tarn.redis(sentinel.url() + "?read_timeout=5")) {
      try (var client = sentinel.primary().client()) {
        var commands = new ArrayList<Object[]>();
        for (int i = 0; i < KEYS; i++) {
          commands.add(new Object[] {"HSET", "user:" + i, "name", "n".repeat(300) + i});
        }
        client.pipeline(commands);
        assertThat(client.command("WAIT", 1, 60_000)).isEqualTo(1L);
      }
      Frame users =
          redis.hashes(
              "user:*",
              Schema.of("name", DataType.VARCHAR),
              o -> o.memory(1 << 20).batchSize(100).connections(1));
      var names = new TreeSet<String>();
      int rows = 0;
      try (var batches = users.batches(1000)) {
        for (Batch batch : batches) {
          if (rows == 0) {
            sentinel.killPrimary();
          }
          for (int i = 0; i < batch.size(); i++) {
            rows++;
            names.add(String.valueOf(batch.value(i, 0)));
          }
        }
      }
      assertThat(rows).isEqualTo(KEYS);
      assertThat(names).hasSize(KEYS);
    }
  }
}
