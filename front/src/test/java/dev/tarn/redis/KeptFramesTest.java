package dev.tarn.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.redis.Await;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A frame that is kept comes back with its types and values, whatever Parquet makes of them. */
class KeptFramesTest extends RedisTest {

  private static final Duration HOUR = Duration.ofHours(1);

  /** Types, and values of them as SQL; a null is added to each. */
  private static final Map<String, List<String>> VALUES = new TreeMap<>();

  private static void values(String type, String... values) {
    VALUES.put(type, List.of(values));
  }

  static {
    values("BOOLEAN", "true", "false");
    values("TINYINT", "'-128'", "127");
    values("SMALLINT", "'-32768'", "32767");
    values("INTEGER", "'-2147483648'", "2147483647");
    values("BIGINT", "'-9223372036854775808'", "9223372036854775807");
    values(
        "HUGEINT",
        "9007199254740993",
        "'-170141183460469231731687303715884105728'",
        "'170141183460469231731687303715884105727'");
    values("UTINYINT", "0", "255");
    values("USMALLINT", "0", "65535");
    values("UINTEGER", "0", "4294967295");
    values("UBIGINT", "0", "'18446744073709551615'");
    values("UHUGEINT", "0", "'340282366920938463463374607431768211455'");
    values("FLOAT", "'nan'", "'-inf'", "'-0.0'", "'1.4e-45'", "'3.4028235e38'");
    values("DOUBLE", "'nan'", "'inf'", "'-0.0'", "'4.9e-324'", "'1.7976931348623157e308'");
    values("VARCHAR", "''", "'NULL'", "'it''s \"x\", [1]'", "'\uD83C\uDF32'", "'a' || chr(0)");
    values("BLOB", "''", "'\\x00\\xFF'");
    values("BIT", "'0'", "'0101'", "repeat('01', 50)");
    values("DATE", "'infinity'", "'-infinity'", "'5877642-06-25 (BC)'", "'5881580-07-10'");
    values("TIME", "'00:00:00.000001'", "'24:00:00'");
    values("TIME_NS", "'23:59:59.123456789'", "'24:00:00'");
    values("TIMETZ", "'24:00:00+15:59:59'", "'23:59:59.123456-15:59:59'", "'12:00:00+05:30'");
    values(
        "TIMESTAMP",
        "'infinity'",
        "'-infinity'",
        "'290309-12-22 (BC) 00:00:00'",
        "'294247-01-10 04:00:54.775806'");
    values("TIMESTAMP_S", "'infinity'", "'-infinity'", "'2020-01-02 03:04:05'");
    values("TIMESTAMP_MS", "'infinity'", "'-infinity'", "'2020-01-02 03:04:05.678'");
    values(
        "TIMESTAMP_NS",
        "'infinity'",
        "'-infinity'",
        "'1677-09-22 00:00:00'",
        "'2262-04-11 23:47:16.854775806'");
    values("TIMESTAMPTZ", "'infinity'", "'-infinity'", "'2020-01-02 03:04:05.678901+02'");
    values(
        "INTERVAL",
        "'1 year 14 days 00:00:00.000001'",
        "'-13 months 40 days -04:05:06.000007'",
        "'25:00:00'",
        "to_months(2147483647)",
        "to_days(-2147483647)",
        "to_microseconds(9223372036854775807)",
        "to_microseconds(-9223372036854775807)",
        "'0 days'");
    values(
        "UUID", "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'");
    values("JSON", "'{\"a\": [1, null]}'", "'null'");
    values("\"NULL\"", "NULL");
    values("DECIMAL(4,1)", "'-999.9'", "999.9");
    values("DECIMAL(18,0)", "'-999999999999999999'");
    values("DECIMAL(38,0)", "'99999999999999999999999999999999999999'");
    values("DECIMAL(38,38)", "'-0.99999999999999999999999999999999999999'");
    values("ENUM('a', 'b''c', 'NULL', 'x, \"y\"')", "'a'", "'b''c'", "'NULL'", "'x, \"y\"'");
    values("BIGINT[]", "[]", "[1, NULL]");
    values("BIGINT[2]", "[1, NULL]", "[NULL, NULL]");
    values("HUGEINT[]", "[]", "[9007199254740993, NULL]");
    values("UHUGEINT[2][]", "[[9007199254740993, NULL], NULL]", "[]");
    values("BIT[][2]", "[['01'::BIT], NULL]");
    values("ENUM('it''s', '[', 'NULL')[]", "['it''s', '[', 'NULL', NULL]");
    values(
        "STRUCT(\"a \"\"b\" HUGEINT, t VARCHAR, \"B\" INTERVAL[])",
        "{'a \"b': 9007199254740993, 't': 'NULL, ''x'': {\"y\"}', 'B': [INTERVAL '1 microsecond']}",
        "{'a \"b': NULL, 't': NULL, 'B': NULL}");
    values("MAP(HUGEINT, ENUM('x', ''))", "MAP {9007199254740993: 'x', 1: '', 2: NULL}", "MAP {}");
    values(
        "STRUCT(s TIMESTAMP_S, m TIMESTAMP_MS[], z TIMETZ)",
        "{'s': TIMESTAMP '2020-01-01', 'm': ['infinity'::TIMESTAMP_MS], 'z': '12:00:00+05:30'::TIMETZ}");
    values("BIGNUM", "'123456789012345678901234567890123456789012345678901234567890'", "'-1'");
    values("VARIANT", "42", "{'a': [1, NULL]}");
    values("GEOMETRY", "'POINT (1 2)'", "'POINT EMPTY'");
  }

  private Frame frame(String type, List<String> values) {
    var rows = new StringBuilder("SELECT 0 AS i, CAST(NULL AS %s) AS v".formatted(type));
    for (int i = 0; i < values.size(); i++) {
      rows.append(" UNION ALL SELECT %d, CAST(%s AS %s)".formatted(i + 1, values.get(i), type));
    }
    return tarn.sql(rows.toString());
  }

  private static List<String> texts(Frame frame) {
    Frame texts = frame.sql("SELECT i, typeof(v), v::VARCHAR AS v FROM this ORDER BY i");
    try (Stream<Row> rows = texts.stream()) {
      return rows.map(Row::toString).toList();
    }
  }

  @Test
  void comesBackWithItsTypesAndValues() {
    var kinds = new HashSet<DataType>();
    VALUES.forEach((type, values) -> {
      Frame frame = frame(type, values);
      redis.store("x", frame, HOUR);
      Frame loaded = redis.load("x").orElseThrow();
      assertThat(loaded.schema()).as(type).isEqualTo(frame.schema());
      assertThat(texts(loaded)).as(type).isEqualTo(texts(frame));
      kinds.add(DataType.parse(type));
    });
    assertThat(kinds).as("every type").containsAll(Set.of(DataType.Simple.values()));
  }

  @Test
  void aSumComesBackExact() {
    redis.store("x", tarn.sql("SELECT sum(9007199254740993) AS \"s, 'x'\""), HOUR);
    Frame loaded = redis.load("x").orElseThrow();
    assertThat(loaded.schema()).isEqualTo(Schema.of("s, 'x'", DataType.HUGEINT));
    assertThat(loaded.collect().value()).hasToString("9007199254740993");
  }

  @Test
  void refusesWhatWouldNotComeBack() {
    Frame union = tarn.sql("SELECT [1::UNION(n HUGEINT, s VARCHAR)] AS u");
    assertThatThrownBy(() -> redis.store("x", union, HOUR))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot keep frame x in Redis: column u is UNION(n HUGEINT, s VARCHAR)[], and UNION(n HUGEINT, s VARCHAR) would not come back from Parquet. Cast the column, to VARCHAR for example.");
    assertThat(redis.load("x")).isEmpty();
  }

  @Test
  void loadsWhatWasStoredWithoutASchema() {
    redis.store("x", tarn.sql("SELECT 7::BIGINT AS a"), HOUR);
    String manifest = String.valueOf(server.text("GET", "tarn:frame:{x}"));
    assertThat(manifest).startsWith("tarn-frame-2 ").endsWith(" STRUCT(a BIGINT)");
    String older = manifest.replaceFirst("-2 ", "-1 ").replaceFirst(" STRUCT.*", "");
    server.command("SET", "tarn:frame:{x}", older);
    assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo(7L);
  }

  @Test
  void whatAnotherStoredMeanwhileStays() throws Exception {
    Frame other = tarn.sql("SELECT 'other' AS a");
    try (var network = new LostAnswer(server.port(), () -> redis.store("x", other, HOUR));
        Redis flaky = Redis.open(network.url(), tarn.engine())) {
      flaky.store("x", tarn.sql("SELECT 'first' AS a"), HOUR);
      assertThat(network.isLost()).isTrue();
    }
    assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo("other");
    assertThat(partsThatStay()).as("parts of the frame that is there").isOne();
  }

  @Test
  void whatWasStoredBeforeEndsSoonAlsoWhereTheAnswerIsLost() throws Exception {
    redis.store("x", tarn.sql("SELECT 'before' AS a"), HOUR);
    try (var network = new LostAnswer(server.port(), () -> {});
        Redis flaky = Redis.open(network.url(), tarn.engine())) {
      flaky.store("x", tarn.sql("SELECT 'now' AS a"), HOUR);
      assertThat(network.isLost()).isTrue();
    }
    assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo("now");
    assertThat(partsThatStay()).as("parts of the frame that is there").isOne();
  }

  /** What was sent over a connection that broke may arrive when it is long over. */
  @Test
  void whatArrivesLateChangesNothing() throws Exception {
    redis.store("x", tarn.sql("SELECT 'before' AS a"), HOUR);
    try (var network = new LateTransaction(server.port());
        Redis flaky = Redis.open(network.url(), tarn.engine())) {
      flaky.store("x", tarn.sql("SELECT 'first' AS a"), HOUR);
      redis.store("x", tarn.sql("SELECT 'other' AS a"), HOUR);
      network.arrive();
    }
    assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo("other");
    assertThat(partsThatStay()).as("parts of the frame that is there").isOne();
  }

  /** Between reading the manifest and its exchange. */
  @Test
  void whatOthersDoMeanwhileIsSeen() throws Exception {
    for (String meanwhile : List.of("DEL tarn:frame:{x}", "PEXPIRE tarn:frame:{x} 1000000")) {
      redis.store("x", tarn.sql("SELECT 'before' AS a"), HOUR);
      Runnable change = () -> server.command((Object[]) meanwhile.split(" "));
      try (var network = new Preceded(server.port(), change);
          Redis watched = Redis.open(network.url(), tarn.engine())) {
        watched.store("x", tarn.sql("SELECT 'now' AS a"), HOUR);
      }
      assertThat(redis.load("x").orElseThrow().collect().value()).isEqualTo("now");
      assertThat(partsThatStay()).as("parts of the frame that is there").isOne();
    }
  }

  @Test
  void whatWasNotDoneInTimeIsAFailure() throws Exception {
    Frame frame = tarn.sql("SELECT 'first' AS a");
    Runnable undo = () -> server.command("DEL", "tarn:frame:{x}");
    try (var network = new LostAnswer(server.port(), undo);
        Redis flaky = Redis.open(network.url() + "?retry_for=0", tarn.engine())) {
      assertThatThrownBy(() -> flaky.store("x", frame, HOUR))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("Cannot keep frame x in Redis: Redis at 127.0.0.1:")
          .hasMessageEndingWith(". Store it again.");
    }
    assertThat(redis.load("x")).isEmpty();
  }

  /** How many parts stay longer than for those who read a version that is replaced. */
  private static long partsThatStay() {
    String manifest = String.valueOf(server.text("GET", "tarn:frame:{x}"));
    String current = manifest.split(" ", -1)[1];
    var stay =
        ((List<?>) server.text("KEYS", "tarn:frame:{x}:*"))
            .stream().filter(key -> (Long) server.command("TTL", key) > 600).toList();
    assertThat(stay).allMatch(key -> key.toString().contains(current));
    return stay.size();
  }

  /** Hands on all that goes to a server and comes from it, and does something about one store. */
  private abstract static class Network implements AutoCloseable {
    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicBoolean stored = new AtomicBoolean();

    Network(int target) throws IOException {
      this.target = target;
      Thread.startVirtualThread(this::accept);
    }

    String url() {
      return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** The first transaction that sets something is about to be handed on. */
    void transaction(Socket client) throws IOException {}

    /** Whether an answer is handed on; else the connection breaks. */
    boolean answer() {
      return true;
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listener.accept();
          Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
          Thread.startVirtualThread(() -> pump(client, there, some -> request(client, some)));
          Thread.startVirtualThread(() -> pump(there, client, some -> answer()));
        }
      } catch (IOException closed) {
        // as wanted
      }
    }

    private boolean request(Socket client, String some) throws IOException {
      if (some.contains("SET\r\n") && some.contains("EXEC\r\n") && !stored.getAndSet(true)) {
        transaction(client);
      }
      return true;
    }

    private interface Watcher {
      boolean goesOn(String some) throws IOException;
    }

    private static void pump(Socket from, Socket to, Watcher watcher) {
      byte[] buffer = new byte[1 << 20];
      try (from;
          to) {
        for (int count = from.getInputStream().read(buffer);
            count >= 0 && watcher.goesOn(new String(buffer, 0, count, ISO_8859_1));
            count = from.getInputStream().read(buffer)) {
          to.getOutputStream().write(buffer, 0, count);
        }
      } catch (IOException broken) {
        // for the other side as well
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** Loses the answer: something else is done, and then the connection breaks. */
  private static final class LostAnswer extends Network {
    private final Runnable meanwhile;
    private final AtomicBoolean executes = new AtomicBoolean();
    private volatile boolean lost;

    LostAnswer(int target, Runnable meanwhile) throws IOException {
      super(target);
      this.meanwhile = meanwhile;
    }

    boolean isLost() {
      return lost;
    }

    @Override
    void transaction(Socket client) {
      executes.set(true);
    }

    @Override
    boolean answer() {
      if (!executes.getAndSet(false)) {
        return true;
      }
      lost = true;
      meanwhile.run();
      return false;
    }
  }

  /** The connection breaks, and what was sent over it arrives when it is told to. */
  private static final class LateTransaction extends Network {
    private final CountDownLatch told = new CountDownLatch(1);

    LateTransaction(int target) throws IOException {
      super(target);
    }

    @Override
    void transaction(Socket client) throws IOException {
      client.close();
      try {
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Returns when the server has done it, whoever hears of that. */
    void arrive() throws InterruptedException {
      long before = executed();
      told.countDown();
      Await.until("it arrives", () -> executed() > before);
    }

    private static long executed() {
      return server.calls().getOrDefault("EXEC", 0L);
    }
  }

  /** Something else is done before. */
  private static final class Preceded extends Network {
    private final Runnable first;

    Preceded(int target, Runnable first) throws IOException {
      super(target);
      this.first = first;
    }

    @Override
    void transaction(Socket client) {
      first.run();
    }
  }
}
