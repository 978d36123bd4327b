package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Row;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Keys that change, vanish, come back and switch their type while they are scanned. */
class ChangingKeysTest extends RedisTest {

  private static final int KEYS = 10_000;
  private static final int STEADY = 20_000;
  private static final Schema ITEM = Schema.of("n", BIGINT, "m", BIGINT);

  private void fill() throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int i = 0; i < STEADY; i++) {
      commands.add(new Object[] {"HSET", "key:steady:" + i, "n", i, "m", -i});
    }
    for (int i = 0; i < KEYS; i++) {
      commands.add(new Object[] {"HSET", "key:changing:" + i, "n", i, "m", -i});
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
  }

  @Test
  void keysThatStayComeOnceAndOthersAreWholeOrLeftOut() throws Exception {
    fill();
    Seeds.each(
        Seeds.rounds(4, 100),
        random -> {
          var over = new AtomicBoolean();
          Thread changes = Thread.ofPlatform().start(() -> change(random, over));
          var reports = new ArrayList<ScanReport>();
          List<Row> rows;
          try {
            rows =
                redis
                    .hashes("key:*", ITEM, o -> o.onReport(reports::add).batchSize(500))
                    .collect()
                    .stream()
                    .toList();
          } finally {
            over.set(true);
            changes.join();
          }
          Map<String, Integer> times = new HashMap<>();
          for (Row row : rows) {
            assertThat(row.longValue("m")).isEqualTo(-row.longValue("n"));
            times.merge(String.valueOf(row.text("_key")), 1, Integer::sum);
          }
          assertThat(times.values()).containsOnly(1);
          for (int i = 0; i < STEADY; i++) {
            assertThat(times).containsKey("key:steady:" + i);
          }
          ScanReport report = reports.getFirst();
          assertThat(report.rows()).isEqualTo(rows.size());
          assertThat(report.keys())
              .isEqualTo(report.rows() + report.vanished() + report.otherType());
        });
  }

  /** Many keys at once, so that the table of keys grows and shrinks meanwhile. */
  private void change(Random random, AtomicBoolean over) {
    try (var client = server.client()) {
      while (!over.get()) {
        var commands = new ArrayList<Object[]>();
        for (int i = 0; i < 200; i++) {
          String key = "key:changing:" + random.nextInt(KEYS);
          int n = random.nextInt(1_000_000);
          switch (random.nextInt(5)) {
            case 0 -> commands.add(new Object[] {"UNLINK", key});
            case 1 -> commands.add(new Object[] {"SET", key, "no hash"});
            case 2 -> {
              commands.add(new Object[] {"UNLINK", key});
              commands.add(new Object[] {"RPUSH", key, "a", "b"});
            }
            case 3 -> {
              commands.add(new Object[] {"MULTI"});
              commands.add(new Object[] {"UNLINK", key});
              commands.add(new Object[] {"HSET", key, "n", n, "m", -n});
              commands.add(new Object[] {"EXEC"});
            }
            default -> commands.add(new Object[] {"HSET", "other:" + n, "n", n, "m", -n});
          }
        }
        if (random.nextInt(20) == 0) {
          commands.add(new Object[] {"EVAL", SHRINK, 0});
        }
        client.pipeline(commands);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String SHRINK =
      "for i, key in ipairs(redis.call('KEYS', 'other:*')) do redis.call('UNLINK', key) end";
}
