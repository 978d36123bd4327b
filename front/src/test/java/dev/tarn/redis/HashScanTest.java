package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.duckdb.DuckDbOptions;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.testkit.redis.CommandLog;
import dev.tarn.testkit.redis.FlakyProxy;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.ReplayServer;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashScanTest extends RedisTest {

  private static final Schema USER =
      Schema.of("name", VARCHAR, "age", BIGINT, "salary", DOUBLE, "city", VARCHAR);

  private void users(int count) throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < count; i++) {
        commands.add(
            new Object[] {
              "HSET", "user:" + i, "name", "name" + i, "age", i % 90, "salary", i * 1.5
            });
      }
      client.pipeline(commands);
    }
  }

  @Test
  void readsEachHashAsARow() throws Exception {
    users(5_000);
    server.command("SET", "user:text", "no hash");
    server.command("HSET", "other:1", "name", "x");
    Frame users = redis.hashes("user:*", USER);
    List<Row> rows = users.sort("age", "_key").limit(3).collect().stream().toList();
    assertThat(users.collect().size()).isEqualTo(5_000);
    assertThat(rows.getFirst().text("_key")).isEqualTo("user:0");
    assertThat(rows.getFirst().isNull("city")).isTrue();
    assertThat(users.agg(dev.tarn.Columns.sum("salary").as("s")).collect().stream().toList())
        .extracting(r -> r.doubleValue("s"))
        .containsExactly(5_000 * 4_999 / 2 * 1.5);
  }

  @Test
  void theServerLooksForTypesOnlyWhereThereAreOthers() throws Exception {
    users(20_000);
    Frame names = redis.hashes("user:*", USER).select("name");
    assertThat(typed(names, 20_000)).startsWith(true).contains(false);
    server.command("SET", "user:text", "no hash"); // seldom noticed by the number of keys
    typed(names, 20_000);
    try (var client = server.client()) {
      client.pipeline(
          IntStream.range(0, 5_000)
              .mapToObj(i -> new Object[] {"SET", "user:text" + i, "no hash"})
              .toList());
    }
    assertThat(typed(names, 20_000)).containsOnly(true);
    assertThat(typed(redis.hashes("user:*", USER).select("_key"), 20_000)).containsOnly(true);
  }

  /** Of each SCAN for a frame of so many rows, whether it asks for a type. */
  private static List<Boolean> typed(Frame frame, int rows) throws Exception {
    try (CommandLog log = server.record()) {
      assertThat(frame.collect().size()).isEqualTo(rows);
      return log.commands("SCAN").stream().map(scan -> scan.contains("TYPE")).toList();
    }
  }

  @Test
  void countsWithoutReadingValues() throws Exception {
    users(3_000);
    server.forgetCalls();
    assertThat(redis.hashes("user:*", USER).agg(count().as("n")).collect().stream().toList())
        .extracting(r -> r.longValue("n"))
        .containsExactly(3_000L);
    assertThat(server.calls()).containsKey("SCAN").doesNotContainKeys("HMGET", "HGETALL");
  }

  @Test
  void readsKeysThatAFilterNamesWithoutScanning() throws Exception {
    users(3_000);
    server.forgetCalls();
    Frame users = redis.hashes("user:*", USER);
    assertThat(users.filter(col("_key").in("user:5", "user:9", "user:none", "x")).collect().size())
        .isEqualTo(2);
    assertThat(users.filter(col("_key").eq("user:5")).select("_key").collect().size()).isEqualTo(1);
    assertThat(users.filter(col("_key").eq("user:x")).select("_key").collect().size()).isZero();
    assertThat(server.calls()).doesNotContainKey("SCAN");
  }

  @Test
  void readsAValueOfAHundredMegabytes() throws Exception {
    users(100);
    server.command(
        "EVAL",
        "redis.call('HSET', KEYS[1], 'name', string.rep('$3\\r\\n*1\\r\\n', 12500000), 'age', '7')",
        1,
        "user:big");
    tarn.register("users", redis.hashes("user:*", USER));
    Row big =
        tarn.sql(
                "SELECT length(name) AS length, md5(name) = md5(repeat('$3' || chr(13) || chr(10) || '*1' || chr(13) || chr(10), 12500000)) AS same, age FROM users WHERE length(name) > 100")
            .collect()
            .row(0);
    assertThat(big.longValue("length")).isEqualTo(100_000_000L);
    assertThat(big.toMap()).containsEntry("same", true).containsEntry("age", 7L);
    assertThat(tarn.sql("FROM users").collect().size()).isEqualTo(101);
  }

  @Test
  void aKeyThatIsNamedTwiceIsOneRow() throws Exception {
    users(10);
    Frame users = redis.hashes("user:*", USER, ScanOptions::allowDuplicates);
    assertThat(users.filter(col("_key").in("user:5", "user:5")).collect().size()).isEqualTo(1);
  }

  @Test
  void readsAFrameSeveralTimesInAQuery() throws Exception {
    users(30_000);
    tarn.register("users", redis.hashes("user:*", USER));
    for (int i = 0; i < 5; i++) {
      Row all =
          tarn.sql(
                  "SELECT count(*) AS n, count(DISTINCT name) AS names FROM users WHERE 0 <= (SELECT age FROM users LIMIT 1)")
              .collect()
              .row(0);
      assertThat(all.longValue("n")).isEqualTo(30_000);
      assertThat(all.longValue("names")).isEqualTo(30_000);
      assertThat(
              tarn.sql(
                      "SELECT count(x) AS n FROM (SELECT name AS x FROM users UNION ALL SELECT city FROM users)")
                  .collect()
                  .row(0)
                  .longValue("n"))
          .isEqualTo(30_000);
    }
  }

  @Test
  @Timeout(120) // it would wait for an hour
  void stopsWaitingForAServerWhenItsTimeIsOver() throws Exception {
    try (RedisServer paused = RedisServer.start();
        Redis patient = Redis.open(paused.url() + "?read_timeout=60m", tarn.engine())) {
      Frame none = patient.hashes("none:*", USER).timeout(Duration.ofMillis(300));
      none.collect();
      paused.command("CLIENT", "PAUSE", 3_600_000);
      assertThatThrownBy(none::collect)
          .isInstanceOf(LimitExceeded.class)
          .hasMessageContaining("its time ran out");
    }
  }

  /** So few keys are read by the engine's own thread. */
  @Test
  @Timeout(120) // it would try for an hour
  void stopsTryingToReachAServerWhenItsTimeIsOver() throws Exception {
    users(10);
    String hours = "?connect_timeout=60m&read_timeout=60m&retry_for=60m";
    try (FlakyProxy proxy = FlakyProxy.to(server.port())) {
      proxy.refuse();
      String url = "redis://127.0.0.1:" + proxy.port() + hours;
      try (Redis patient = Redis.open(url, tarn.engine())) {
        Frame user = patient.hashes("user:*", USER).filter(col("_key").eq("user:5"));
        Frame hasty = user.timeout(Duration.ofMillis(300));
        requireTimeRanOut(hasty);
        proxy.accept();
        proxy.freeze();
        requireTimeRanOut(hasty);
        proxy.thaw();
        assertThat(user.collect().size()).isEqualTo(1); // by threads that were interrupted
        proxy.freeze();
        requireTimeRanOut(hasty);
      }
    }
  }

  /** A filter on values asks for indexes before the query runs. */
  @Test
  @Timeout(120) // it would try for an hour
  void stopsAskingForIndexesWhenItsTimeIsOver() throws Exception {
    users(10);
    String hours = "?connect_timeout=60m&read_timeout=60m&retry_for=60m";
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Tarn narrow = Tarn.open(DuckDbOptions.DEFAULT.queries(1));
        Redis patient = narrow.redis("redis://127.0.0.1:" + proxy.port() + hours)) {
      Frame users = patient.hashes("user:*", USER).filter("age = 5");
      Frame hasty = users.timeout(Duration.ofMillis(300));
      proxy.refuse();
      requireTimeRanOut(hasty);
      proxy.accept();
      proxy.freeze();
      requireTimeRanOut(hasty);
      for (Callable<?> asking :
          List.<Callable<?>>of(
              hasty::explain,
              hasty::explainAnalyze,
              () -> narrow.plan(hasty),
              () -> narrow.analyze(hasty),
              () -> patient.advise(hasty))) {
        assertThatThrownBy(asking::call)
            .isInstanceOf(LimitExceeded.class)
            .hasMessageMatching("Cannot (explain|analyze) the query: its time ran out\\. .*");
      }
      requireInterruptible(users::collect, "run");
      requireInterruptible(users::explain, "explain");
      proxy.thaw();
      assertThat(users.explain()).contains("tarn rows");
      assertThat(users.collect().size()).isEqualTo(1); // the one thread is free again
    }
  }

  private static void requireInterruptible(Callable<?> work, String verb) throws Exception {
    var ended = new FutureTask<>(() -> catchThrowable(work::call));
    Thread thread = Thread.ofPlatform().start(ended);
    Thread.sleep(300);
    thread.interrupt();
    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isInstanceOf(LimitExceeded.class)
        .hasMessage("Cannot %s the query: its thread was interrupted. Run it again.", verb);
  }

  private static void requireTimeRanOut(Frame frame) {
    assertThatThrownBy(frame::collect)
        .isInstanceOf(LimitExceeded.class)
        .hasMessageContaining("its time ran out");
  }

  /** Where a server allows few connections they would leave none to whoever finds the keys. */
  @Test
  void readersButTheFirstConnectWhenThereAreKeys() throws Exception {
    var connections = new AtomicLong();
    try (var slow = ReplayServer.start()) {
      slow.handle("INFO", words -> "run_id:1\r\n")
          .handle("HMGET", words -> List.of("7"))
          .handle(
              "SCAN",
              words -> {
                LockSupport.parkNanos(300_000_000);
                connections.set(slow.commands().stream().filter(HashScanTest::isFirst).count());
                return List.of("0", List.of("user:1"));
              });
      try (Redis many = Redis.open(slow.url() + "?protocol=2", tarn.engine())) {
        Schema age = Schema.of("age", BIGINT);
        assertThat(many.hashes("user:*", age, o -> o.connections(8)).collect().size()).isEqualTo(1);
      }
      assertThat(slow.unknown()).isEmpty();
      assertThat(connections.get()).isBetween(1L, 3L);
    }
  }

  private static boolean isFirst(List<String> command) {
    return command.getFirst().equals("CLIENT");
  }

  @Test
  void getsOnWithFewerConnectionsThanItWants() throws Exception {
    users(5_000);
    server.command("CONFIG", "SET", "maxclients", 3);
    try {
      for (int i = 0; i < 20; i++) {
        try (Redis fresh = Redis.open(server.url() + "?retry_for=4s", tarn.engine())) {
          assertThat(fresh.hashes("user:*", USER, o -> o.connections(8)).collect().size())
              .isEqualTo(5_000);
        }
      }
    } finally {
      server.command("CONFIG", "SET", "maxclients", 1000);
    }
  }

  @Test
  void namesTheValueThatIsNoneOfItsType() throws Exception {
    users(10);
    server.command("HSET", "user:17", "age", "abc");
    assertThatThrownBy(() -> redis.hashes("user:*", USER).collect())
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot read 'abc' as BIGINT. Give the column another type, or say onBadValue(SET_NULL) or onBadValue(SKIP_ROW). [redis hashes user:* user:17 age]");
    assertThat(redis.hashes("user:*", USER, o -> o.onBadValue(BadValue.SKIP_ROW)).collect().size())
        .isEqualTo(10);
    Frame skipping =
        redis.hashes("user:*", USER, o -> o.onBadValue(BadValue.SKIP_ROW).rowIndex("row"));
    assertThat(skipping.agg(count().as("n")).collect().stream().toList().toString())
        .isEqualTo("[{n=10}]");
    assertThat(skipping.select("_key").collect().size()).isEqualTo(10);
    assertThat(skipping.select("name", "row").collect().schema().names())
        .containsExactly("name", "row");
    assertThat(redis.hashes("user:*", USER, o -> o.onBadValue(BadValue.SET_NULL)).collect().size())
        .isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TIMESTAMP_NS | 9999-12-31 | 2262-04-11T23:47:16.854775806",
        "TIMESTAMP_S | 2024-01-01T10:00:00.6 | +294247-01-10T04:00:54",
        "TIMESTAMP_MS | 2024-01-01T10:00:00.0006 | -290308-12-22T00:00:00.001",
        "TIMESTAMP | +300000-01-01T00:00 | +294247-01-10T04:00:54.775806",
        "TIMESTAMP WITH TIME ZONE | +300000-01-01T00:00Z | -290308-12-22T00:00Z",
        "DATE | +999999999-01-01 | +5881580-07-10",
        "DATE | -999999999-01-01 | -5877641-06-25",
        "TIMESTAMP[] | [\"+300000-01-01T00:00\"] | [\"+294246-01-10T04:00:54\"]",
        "JSON | \"\\ud800\" | \"\\ud83d\\ude00\"",
        "JSON | {\"\\ude00\\ud83d\":1} | {\"\\\\ud800\":1}",
        "VARCHAR[] | [\"\\ud800\"] | [\"\\ud83d\\ude00\"]",
        "JSON[] | [[\"\\ud800\"]] | [[\"x\"]]",
      })
  void whatTheEngineWouldRefuseIsABadValue(String type, String bad, String good) {
    server.command("HSET", "user:1", "v", good);
    Schema schema = new Schema(List.of(new Field("v", DataType.parse(type))));
    assertThat(redis.hashes("user:*", schema).collect().row(0).isNull("v")).isFalse();
    server.command("HSET", "user:1", "v", bad);
    assertThatThrownBy(() -> redis.hashes("user:*", schema).collect())
        .isInstanceOf(BadData.class)
        .hasMessageStartingWith("Cannot read '" + bad + "' as " + schema.fields().getFirst().type())
        .hasMessageEndingWith("[redis hashes user:* user:1 v]");
    Frame nulls = redis.hashes("user:*", schema, o -> o.onBadValue(BadValue.SET_NULL));
    assertThat(nulls.collect().row(0).isNull("v")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INTERVAL | INTERVAL is no type that text can be read as. Read it as VARCHAR and cast it.",
        "INTERVAL[] | INTERVAL is no type that text can be read as. Read it as VARCHAR and cast it.",
        "STRUCT(a MAP(VARCHAR, BIT[])) | BIT is no type that text can be read as. Read it as VARCHAR and cast it.",
        "MAP(INTEGER[], VARCHAR) | the keys of a map are names of members, which are no INTEGER[]. Read it as JSON and cast it."
      })
  void namesTheColumnThatCannotBeRead(String type, String why) {
    Schema schema = new Schema(List.of(new Field("spans", DataType.parse(type))));
    assertThatThrownBy(() -> redis.hashes("user:*", schema))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot read column spans from Redis: " + why);
  }

  @Test
  void jsonInOtherEncodingsIsABadValue() {
    Schema schema = Schema.of("v", DataType.JSON);
    for (String bad : List.of("\ufeff{\"a\":1}", "{\0}\0", "1\0")) {
      server.command("HSET", "user:1", "v", bad);
      assertThatThrownBy(() -> redis.hashes("user:*", schema).collect())
          .isInstanceOf(BadData.class)
          .hasMessageContaining("as JSON. Give the column another type");
    }
  }

  @Test
  void stopsWhenTheQueryHasEnough() throws Exception {
    users(50_000);
    var reports = new ArrayList<ScanReport>();
    assertThat(
            redis.hashes("user:*", USER, o -> o.onReport(reports::add)).limit(5).collect().size())
        .isEqualTo(5);
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().rows()).isLessThan(10_000);
    assertThat(reports.getFirst().complete()).isFalse();
  }

  @Test
  void saysWhatItSendsAndWhatItCannotUse() throws Exception {
    users(10);
    Frame users = redis.hashes("user:*", USER);
    assertThat(users.filter("_key LIKE 'user:1%' AND age > 3").explain())
        .contains("filters pushed: prefix(\"_key\", 'user:1')")
        .contains("SCAN MATCH user:1* TYPE hash")
        .contains("not used: \"age\" > 3");
    assertThat(users.filter(col("_key").eq("user:7")).explain())
        .contains("1 key read by name, no SCAN");
    assertThat(users.limit(3).explain()).contains("SCAN MATCH user:* TYPE hash until 3 rows");
  }
}
