package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteTest extends RedisTest {

  private final List<WriteReport> reports = new ArrayList<>();

  private WriteReport write(Frame frame, RedisSink sink) {
    frame.write(sink.onReport(reports::add).reportFailures());
    return reports.getLast();
  }

  private static Map<String, String> hash(String key) throws Exception {
    try (var client = server.client()) {
      return client.textMap("HGETALL", key);
    }
  }

  @Test
  void writesEachRowAsAHash() throws Exception {
    Frame users =
        tarn.sql(
            "SELECT i AS id, 'name' || i AS name, i * 1.5::DOUBLE AS salary FROM range(5000) t(i)");
    WriteReport report = write(users, redis.toHashes("user:").key("id"));
    assertThat(report.written()).isEqualTo(5000);
    assertThat(report.isSuccess()).isTrue();
    assertThat(hash("user:17")).isEqualTo(Map.of("name", "name17", "salary", "25.5"));
    assertThat(redis.hashes("user:*", Schema.of("name", VARCHAR)).collect().size()).isEqualTo(5000);
  }

  @Test
  void replacesMergesKeepsOrFails() throws Exception {
    Frame row = tarn.sql("SELECT 1 AS id, 'new' AS a, NULL::VARCHAR AS b");
    RedisSink sink = redis.toHashes("h:").key("id");
    server.command("HSET", "h:1", "a", "old", "b", "old", "c", "old");
    server.command("EXPIRE", "h:1", 1000);

    assertThat(write(row, sink.ifExists(IfExists.KEEP)).kept()).isEqualTo(1);
    WriteReport failed = write(row, sink.ifExists(IfExists.FAIL));
    assertThat(failed.failures().getFirst())
        .isEqualTo(new WriteReport.Failure("h:1", "it is there already", false));
    assertThat(hash("h:1")).containsEntry("a", "old");
    assertThat(write(row, sink.ifExists(IfExists.MERGE)).written()).isEqualTo(1);
    assertThat(hash("h:1")).isEqualTo(Map.of("a", "new", "c", "old"));
    assertThat((Long) server.command("TTL", "h:1")).isPositive();
    write(row, sink);
    assertThat(hash("h:1")).isEqualTo(Map.of("a", "new"));
    assertThat(server.command("TTL", "h:1")).isEqualTo(-1L);
  }

  @Test
  void appendsAllEntriesOfAStreamOrNone() {
    server.command("XADD", "x:1", "5-0", "v", "old");
    RedisSink sink = redis.toStreams("x:").key("k").id("id").ifExists(IfExists.MERGE);
    Frame late = tarn.sql("SELECT 1 AS k, i || '-0' AS id, i AS v FROM range(4, 8) t(i)");
    assertThat(write(late, sink).failures().getFirst().reason()).contains("equal or smaller");
    assertThat(server.command("XLEN", "x:1")).isEqualTo(1L);
    Frame next = tarn.sql("SELECT 1 AS k, i || '-0' AS id, i AS v FROM range(6, 8) t(i)");
    assertThat(write(next, sink).isSuccess()).isTrue();
    assertThat(server.command("XLEN", "x:1")).isEqualTo(3L);
  }

  @Test
  void reportsThatNobodyWasThere() {
    try (Redis nobody = tarn.redis("redis://127.0.0.1:1?retry_for=0")) {
      RedisSink sink = nobody.toHashes("h:").key("id").onReport(reports::add);
      Frame rows = tarn.sql("SELECT 1 AS id, 2 AS v");
      assertThatThrownBy(() -> rows.write(sink)).isInstanceOf(Unavailable.class);
    }
    assertThat(reports.getLast().isSuccess()).isFalse();
    assertThat(reports.getLast().written()).isZero();
  }

  @Test
  void ordersByAColumnThatIsNamedAsItsOwn() throws Exception {
    Frame rows = tarn.sql("SELECT 1 AS id, 'v' || (9 - i) AS _ROW FROM range(10) t(i)");
    write(rows, redis.toLists("l:").key("id").value("_ROW"));
    try (var client = server.client()) {
      assertThat(client.texts("LRANGE", "l:1", 0, 2)).containsExactly("v9", "v8", "v7");
    }
  }

  @Test
  void givesKeysATimeToLive() {
    Frame rows =
        tarn.sql("SELECT i AS id, 'v' AS v, nullif(i, 3) * 100 AS ttl FROM range(1, 5) t(i)");
    write(rows.drop("ttl"), redis.toStrings("s:").key("id").ttl(Duration.ofMinutes(5)));
    assertThat((Long) server.command("PTTL", "s:2")).isBetween(200_000L, 300_000L);
    for (IfExists mode : IfExists.values()) {
      for (String kind : List.of("h", "s", "l")) {
        String prefix = kind + mode + ":";
        RedisSink sink =
            switch (kind) {
              case "h" -> redis.toHashes(prefix);
              case "s" -> redis.toStrings(prefix);
              default -> redis.toLists(prefix);
            };
        write(rows, sink.key("id").ttlColumn("ttl").ifExists(mode));
        assertThat((Long) server.command("TTL", prefix + "2")).as(prefix).isBetween(190L, 200L);
        assertThat(server.command("TTL", prefix + "3")).as(prefix).isEqualTo(-1L);
      }
    }
    WriteReport report =
        write(
            tarn.sql("SELECT 7 AS id, 'v' AS v, -1 AS ttl"),
            redis.toHashes("h:").key("id").ttlColumn("ttl"));
    assertThat(report.failures().getFirst().reason())
        .isEqualTo("a time to live of -1 seconds is none");
  }

  /** Redis would find out after it has removed the old value. */
  @Test
  void refusesATimeThatNoKeyCanLive() throws Exception {
    var most = Duration.ofSeconds(Long.MAX_VALUE / 4000);
    Frame row = tarn.sql("SELECT 1 AS id, 'new' AS v");
    for (Duration time :
        List.of(
            most.plusNanos(1),
            Duration.ofMillis(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> redis.toHashes("h:").ttl(time))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Cannot write to Redis with a time to live of %s. Give 2,305,843,009,213,693 s or less.",
              time);
      assertThatThrownBy(() -> redis.store("x", row, time))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith("Cannot keep frame x in Redis for ");
      assertThatThrownBy(() -> redis.keys(row, "v").expire(time))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith("Cannot let keys expire in ");
    }
    for (IfExists mode : IfExists.values()) {
      server.command("FLUSHALL");
      row.write(redis.toHashes("h:").key("id").ttl(most).ifExists(mode));
      row.write(redis.toStrings("s:").key("id").ttl(most).ifExists(mode));
      assertThat((Long) server.command("TTL", "h:1")).isPositive();
      assertThat((Long) server.command("TTL", "s:1")).isPositive();
    }
    redis.store("x", row, most);
    assertThat(redis.load("x").orElseThrow().collect().size()).isEqualTo(1);
    server.command("SET", "new", "1");
    assertThat(redis.keys(row, "v").expire(most)).isEqualTo(1);
  }

  @Test
  void gathersRowsOfAKey() throws Exception {
    Frame rows =
        tarn.sql("SELECT i % 7 AS k, i AS v, i / 2.0::DOUBLE AS score FROM range(7000) t(i)");
    write(rows.select("k", "v"), redis.toLists("l:").key("k"));
    write(rows.select("k", "v"), redis.toSets("s:").key("k"));
    write(rows, redis.toSortedSets("z:").key("k"));
    write(rows.select("k", "v"), redis.toStreams("x:").key("k"));
    try (var client = server.client()) {
      assertThat(client.texts("LRANGE", "l:3", 0, 2)).containsExactly("3", "10", "17");
      assertThat(client.command("LLEN", "l:3")).isEqualTo(1000L);
      assertThat(client.command("SCARD", "s:3")).isEqualTo(1000L);
      assertThat(client.texts("ZRANGE", "z:3", 0, 1, "WITHSCORES"))
          .containsExactly("3", "1.5", "10", "5");
      assertThat(client.command("XLEN", "x:3")).isEqualTo(1000L);
      assertThat(client.text("XRANGE", "x:3", "-", "+", "COUNT", 1).toString())
          .endsWith("[v, 3]]]");
    }
    write(rows.select("k", "v"), redis.toLists("l:").key("k").ifExists(IfExists.MERGE));
    assertThat(server.command("LLEN", "l:3")).isEqualTo(2000L);
    write(rows.select("k", "v").limit(7), redis.toLists("l:").key("k"));
    assertThat(server.command("LLEN", "l:3")).isEqualTo(1L);
  }

  @Test
  void writesEntriesByTheirIds() throws Exception {
    Frame rows = tarn.sql("SELECT 'x' AS k, (5 + i) || '-1' AS id, i AS v FROM range(10) t(i)");
    write(rows, redis.toStreams("").key("k").id("id"));
    assertThat(server.text("XRANGE", "x", "14", "14").toString()).isEqualTo("[[14-1, [v, 9]]]");
    WriteReport again = write(rows, redis.toStreams("").key("k").id("id").ifExists(IfExists.MERGE));
    assertThat(again.failures().getFirst().reason()).contains("equal or smaller");
    WriteReport wrong =
        write(
            tarn.sql("SELECT 'x' AS k, unnest(['5-1', '4-1']) AS id, 1 AS v"),
            redis.toStreams("").key("k").id("id"));
    assertThat(wrong.failed()).isEqualTo(1);
    assertThat(server.command("XLEN", "x")).isEqualTo(10L);
  }

  @Test
  void sendsLargeKeysInPartsOfOneTransaction() throws Exception {
    Frame rows = tarn.sql("SELECT 'big' AS k, repeat('x', 100) || i AS v FROM range(100000) t(i)");
    RedisSink sink = redis.toLists("").key("k").memory(8 << 20);
    assertThat(write(rows, sink).written()).isEqualTo(1);
    assertThat(server.command("LLEN", "big")).isEqualTo(100_000L);
    assertThat(write(rows, sink).written()).isEqualTo(1);
    assertThat(server.command("LLEN", "big")).isEqualTo(100_000L);
    assertThat(write(rows, sink.ifExists(IfExists.KEEP)).kept()).isEqualTo(1);
    assertThat(write(rows, sink.ifExists(IfExists.FAIL)).failed()).isEqualTo(1);
    assertThat(server.command("LLEN", "big")).isEqualTo(100_000L);
    server.command("DEL", "big");
    assertThat(write(rows, sink.ifExists(IfExists.FAIL)).written()).isEqualTo(1);
    assertThat(server.command("LLEN", "big")).isEqualTo(100_000L);
  }

  @Test
  void namesKeysThatCannotBeWritten() {
    Frame rows = tarn.sql("SELECT i AS id, 1 AS v FROM range(3) t(i)");
    server.command("SET", "u:1", "text");
    RedisSink sink = redis.toHashes("u:").key("id").ifExists(IfExists.MERGE);
    assertThatThrownBy(() -> rows.write(sink))
        .isInstanceOf(BadData.class)
        .hasMessage(
            "Cannot write 1 of 3 keys: u:1: WRONGTYPE Operation against a key holding the wrong kind of value. The others are written; onReport tells more, reportFailures() makes it no error. [redis hashes u:]");
    assertThatThrownBy(() -> rows.write(sink.ttl(Duration.ofHours(1))))
        .isInstanceOf(BadData.class)
        .hasMessageContaining("u:1: WRONGTYPE");
    assertThat(server.command("TTL", "u:1")).isEqualTo(-1L);
    WriteReport nulls =
        write(
            tarn.sql("SELECT nullif(i, 1) AS id, 1 AS v FROM range(3) t(i)"),
            redis.toHashes("n:").key("id"));
    assertThat(nulls.written()).isEqualTo(2);
    assertThat(nulls.failures().getFirst().toString())
        .isEqualTo("row 2: column id, of the key, is null");
    assertThatThrownBy(() -> rows.write(redis.toHashes("u:").key("nope")))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> rows.write(redis.toHashes("u:"))).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void takesKeysAndValuesOfAnyBytes() throws Exception {
    byte[] hostile = "a\r\n$3\r\nDEL\r\n*1\r\n{\"'\\\0\u00e4".getBytes(UTF_8);
    String hex = java.util.HexFormat.of().formatHex(hostile);
    Frame row =
        tarn.sql(
            "SELECT unhex('"
                + hex
                + "') AS id, unhex('"
                + hex
                + "ff') AS \"f\"\"\r\n$1\", ''::VARCHAR AS empty, repeat('x', 20000000) AS big");
    for (IfExists mode : IfExists.values()) {
      server.command("FLUSHALL");
      assertThat(write(row, redis.toHashes("").key("id").ifExists(mode)).written()).isEqualTo(1);
      assertThat(server.command("HSTRLEN", hostile, "big")).isEqualTo(20_000_000L);
      assertThat(server.command("HSTRLEN", hostile, "empty")).isEqualTo(0L);
      assertThat((byte[]) server.command("HGET", hostile, "f\"\r\n$1"))
          .startsWith(hostile)
          .hasSize(hostile.length + 1);
      assertThat(server.command("DBSIZE")).isEqualTo(1L);
    }
  }

  @Test
  void saysWhatAServerDenies() {
    server.command("ACL", "SETUSER", "app", "on", ">secret", "~app:*", "+@all", "-eval");
    try (Redis app = Redis.open(server.url("app", "secret"), tarn.engine())) {
      Frame rows = tarn.sql("SELECT i AS id, 1 AS v FROM range(3) t(i)");
      assertThat(write(rows, app.toHashes("app:").key("id")).written()).isEqualTo(3);
      WriteReport denied = write(rows, app.toHashes("other:").key("id").ttl(Duration.ofHours(1)));
      assertThat(denied.failed()).isEqualTo(3);
      assertThat(denied.failures().getFirst().reason()).startsWith("NOPERM");
      assertThatThrownBy(() -> rows.write(app.toHashes("other:").key("id")))
          .isInstanceOf(Unavailable.class);
    }
    server.command("CONFIG", "SET", "maxmemory", "1");
    try {
      Frame rows = tarn.sql("SELECT i AS id, 1 AS v FROM range(3) t(i)");
      for (IfExists mode : IfExists.values()) {
        WriteReport full = write(rows, redis.toHashes("full:").key("id").ifExists(mode));
        assertThat(full.failures()).hasSize(3).allMatch(f -> f.reason().startsWith("OOM"));
      }
    } finally {
      server.command("CONFIG", "SET", "maxmemory", "0");
    }
    assertThat(server.command("EXISTS", "full:1")).isEqualTo(0L);
  }

  /**
   * What would be one transaction would be done command by command: the old value could be gone.
   */
  @Test
  void touchesNoKeyWhereTransactionsAreDenied() throws Exception {
    server.command(
        "ACL", "SETUSER", "plain", "on", ">secret", "~*", "+@read", "+@write", "+@connection");
    server.command("HSET", "h:1", "old", "old");
    server.command("RPUSH", "l:1", "old");
    Frame rows = tarn.sql("SELECT i AS id, 1 AS v, nullif(i, 2) AS w FROM range(3) t(i)");
    Frame large = tarn.sql("SELECT 1 AS id, repeat('x', 100) || i AS v FROM range(40000) t(i)");
    try (Redis plain = Redis.open(server.url("plain", "secret"), tarn.engine())) {
      RedisSink hashes = plain.toHashes("h:").key("id").onReport(reports::add);
      assertThatThrownBy(() -> rows.write(hashes.reportFailures()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("it denies MULTI and EXEC, by which a key is written in one step")
          .hasMessageContaining("NOPERM")
          .hasMessageContaining("Grant +@transaction.");
      assertThat(reports.getLast().failed()).isEqualTo(3);
      assertThat(reports.getLast().complete()).isFalse();
      Frame withNull = rows.filter("id = 2");
      assertThatThrownBy(() -> withNull.write(hashes.ifExists(IfExists.MERGE)))
          .isInstanceOf(Unavailable.class);
      assertThatThrownBy(() ->
              large.write(plain.toLists("l:").key("id").memory(1 << 20).onReport(reports::add)))
          .isInstanceOf(Unavailable.class);
      assertThat(reports.getLast().failed()).isEqualTo(1);
      assertThat(hash("h:1")).isEqualTo(Map.of("old", "old"));
      assertThat(server.command("LLEN", "l:1")).isEqualTo(1L);
      assertThatThrownBy(() -> plain.store("x", rows, Duration.ofHours(1)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("NOPERM");
      assertThat(server.command("DBSIZE")).isEqualTo(2L);
      rows.drop("w").write(hashes.ifExists(IfExists.MERGE));
      assertThat(reports.getLast().written()).isEqualTo(3);
    }
  }

  @Test
  void keepsSeveralColumnsOfAKeyApart() {
    Frame rows = tarn.sql("SELECT unnest(['a', 'a:b']) AS x, unnest(['b:c', 'c']) AS y, 1 AS v");
    WriteReport report = write(rows, redis.toHashes("").key("x", "y"));
    assertThat(report.written()).isEqualTo(1);
    assertThat(report.failures().getFirst().reason()).contains("contains the separator");
    assertThat(write(rows, redis.toHashes("").key("x", "y").separator("|")).written()).isEqualTo(2);
    assertThat(Schema.of("v", BIGINT).size()).isEqualTo(1);
  }
}
