package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Row;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.FlakyProxy;
import dev.tarn.testkit.redis.FlakyProxy.Direction;
import dev.tarn.testkit.redis.FlakyProxy.End;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan over a bad network is complete, or an error: never fewer rows. */
class UnreliableNetworkTest extends RedisTest {

  private static final int KEYS = 20_000;
  private static final Schema ITEM = Schema.of("n", BIGINT, "text", VARCHAR);

  private void fill() throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < KEYS; i++) {
        commands.add(new Object[] {"HSET", "item:" + i, "n", i, "text", "value of " + i});
      }
      client.pipeline(commands);
    }
  }

  private static void requireAll(List<Row> rows) {
    assertThat(rows).hasSize(KEYS);
    Map<String, Long> seen = new HashMap<>();
    for (Row row : rows) {
      assertThat(row.text("text")).isEqualTo("value of " + row.longValue("n"));
      seen.put(row.text("_key"), row.longValue("n"));
    }
    assertThat(seen).hasSize(KEYS);
  }

  @Test
  void isCompleteWhenConnectionsAreCutAtRandomPlaces() throws Exception {
    fill();
    var reconnects = new LongAdder();
    Seeds.each(
        Seeds.rounds(10, 500),
        random -> {
          try (FlakyProxy proxy = FlakyProxy.to(server.port())) {
            Direction direction = random.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_SERVER;
            End end = random.nextBoolean() ? End.CLOSE : End.RESET;
            proxy.cut(direction, end, random.nextLong(), 500, 300_000, 20);
            var reports = new ArrayList<ScanReport>();
            try (Redis flaky = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
              requireAll(
                  flaky.hashes("item:*", ITEM, o -> o.onReport(reports::add)).collect().stream()
                      .toList());
            }
            // one that nobody used for the moment, or could get on without, is not made again
            assertThat(reports.getFirst().reconnects()).isLessThanOrEqualTo(proxy.cuts());
            reconnects.add(reports.getFirst().reconnects());
          }
        });
    assertThat(reconnects.sum()).isPositive();
  }

  /** One more is tried, as the server is far away; it is given up, as both share what there is. */
  @Test
  void isCompleteWhileConnectionsComeAndGo() throws Exception {
    fill();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis far = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(5));
      proxy.bandwidth(Direction.TO_CLIENT, 400_000);
      requireAll(far.hashes("item:*", ITEM).collect().stream().toList());
    }
  }

  @Test
  void pagesAndEmptyHashesAreCompleteToo() throws Exception {
    var commands = new ArrayList<Object[]>();
    for (int set = 0; set < 20; set++) {
      for (int first = 0; first < 4_000; first += 500) {
        var add = new ArrayList<Object>(List.of("SADD", "set:" + set));
        for (int i = first; i < first + 500; i++) {
          add.add("member " + i);
        }
        commands.add(add.toArray());
      }
    }
    for (int i = 0; i < 3_000; i++) {
      commands.add(new Object[] {"HSET", "item:" + i, i % 3 == 0 ? "n" : "other", i});
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
    Seeds.each(
        Seeds.rounds(6, 300),
        random -> {
          try (FlakyProxy proxy = FlakyProxy.to(server.port());
              Redis flaky = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
            proxy.cut(Direction.TO_CLIENT, End.CLOSE, random.nextLong(), 500, 60_000, 30);
            List<Row> members = flaky.sets("set:*").collect().stream().toList();
            assertThat(members.stream().map(r -> r.text("_key") + r.text("member")).distinct())
                .hasSize(80_000);
            assertThat(members).hasSize(80_000);
            proxy.cut(Direction.TO_CLIENT, End.CLOSE, random.nextLong(), 500, 20_000, 30);
            List<Row> items = flaky.hashes("item:*", ITEM).collect().stream().toList();
            assertThat(items).hasSize(3_000);
            assertThat(items.stream().filter(r -> !r.isNull("n"))).hasSize(1_000);
          }
        });
  }

  @Test
  void failsWhenTheServerStaysAway() throws Exception {
    fill();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky =
            Redis.open(
                "redis://127.0.0.1:" + proxy.port() + "?retry_for=300ms&connect_timeout=1",
                tarn.engine())) {
      proxy.bandwidth(Direction.TO_CLIENT, 300_000);
      Thread.ofPlatform()
          .start(() -> {
            try {
              while (proxy.bytes(Direction.TO_CLIENT) < 200_000) {
                Thread.sleep(1);
              }
              proxy.refuse();
              proxy.cutNow();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThatThrownBy(() -> flaky.hashes("item:*", ITEM).collect())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Check that");
    }
  }

  @Test
  void startsAgainWhenTheServerWasStartedAgain() throws Exception {
    fill();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis slow = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.bandwidth(Direction.TO_CLIENT, 500_000);
      var reports = new ArrayList<ScanReport>();
      Thread restart =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (proxy.bytes(Direction.TO_CLIENT) < 100_000) {
                    Thread.sleep(1);
                  }
                  server.stop();
                  server.restart();
                  fill();
                  proxy.heal();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      List<Row> rows =
          slow.hashes("item:*", ITEM, o -> o.onReport(reports::add)).collect().stream().toList();
      restart.join(Duration.ofSeconds(30));
      assertThat(reports.getFirst().reconnects()).isPositive();
      assertThat(rows.size()).isLessThanOrEqualTo(KEYS);
      assertThat(rows.stream().map(r -> r.text("_key")).distinct().count()).isEqualTo(rows.size());
    }
  }

  /** While it looks for keys, and while it looks at what they hold. */
  @ParameterizedTest
  @ValueSource(longs = {50_000, 300_000})
  void findsOutColumnsThoughTheServerIsStartedAgain(long bytesBefore) throws Exception {
    fill();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis slow = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.bandwidth(Direction.TO_CLIENT, 500_000);
      var restart =
          new FutureTask<>(() -> {
            while (proxy.bytes(Direction.TO_CLIENT) < bytesBefore) {
              Thread.sleep(1);
            }
            proxy.refuse();
            proxy.cutNow();
            server.stop();
            server.restart();
            fill();
            proxy.heal();
            proxy.accept();
            return true;
          });
      Thread.ofPlatform().start(restart);
      InferredSchema schema = slow.inferSchema("item:*", o -> o.sample(5_000));
      assertThat(restart.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(schema.schema().names()).contains("n", "text");
      assertThat(schema.sampled()).isEqualTo(5_000);
    }
  }

  /** A user who may not ask who the server is; its pages have another order after a start. */
  @Test
  void aLargeSetIsCompleteWhenTheServerWasStartedAgainUnnoticed() throws Exception {
    fillSet();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis slow = Redis.open("redis://reader:secret@127.0.0.1:" + proxy.port(), tarn.engine())) {
      proxy.bandwidth(Direction.TO_CLIENT, 1_000_000);
      var restart =
          new FutureTask<>(() -> {
            while (proxy.bytes(Direction.TO_CLIENT) < 300_000) {
              Thread.sleep(1);
            }
            proxy.refuse();
            proxy.cutNow();
            server.stop();
            server.restart();
            fillSet();
            proxy.heal();
            proxy.accept();
            return true;
          });
      Thread.ofPlatform().start(restart);
      List<Row> rows = slow.sets("set:*").collect().stream().toList();
      assertThat(restart.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(rows.stream().map(row -> row.text("member")).distinct()).hasSize(60_000);
      assertThat(rows).hasSize(60_000);
    }
  }

  private void fillSet() throws Exception {
    var commands = new ArrayList<Object[]>();
    commands.add(
        new Object[] {"ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@read", "+@connection"});
    commands.add(new Object[] {"DEL", "set:1"});
    for (int first = 0; first < 60_000; first += 500) {
      var add = new ArrayList<Object>(List.of("SADD", "set:1"));
      for (int i = first; i < first + 500; i++) {
        add.add("member " + i);
      }
      commands.add(add.toArray());
    }
    try (var client = server.client()) {
      client.pipeline(commands);
    }
  }

  @Test
  void isCancelledWhileTheServerIsSilent() throws Exception {
    fill();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis silent =
            Redis.open(
                "redis://127.0.0.1:" + proxy.port() + "?read_timeout=500ms&retry_for=500ms",
                tarn.engine())) {
      proxy.freeze();
      assertThatThrownBy(() -> silent.hashes("item:*", ITEM).collect())
          .isInstanceOf(Unavailable.class);
    }
  }
}
