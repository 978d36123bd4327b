package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.Frame;
import dev.tarn.error.Unavailable;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.Await;
import dev.tarn.testkit.redis.FlakyProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections break at any byte of a write: its report is true, and nothing is there twice. */
@SuppressWarnings("EnumOrdinal") // any of them will do
class WriteOverBadNetworkTest extends RedisTest {

  private static final int KEYS = 2000;
  private static final int OF_KEY = 3;

  /** Elements of a list of 4 MB. */
  private static final int LARGE = 40_000;

  private enum Kind {
    HASHES,
    STRINGS,
    LISTS,
    STREAMS,
    SETS
  }

  @Test
  void reportsWhatIsThere() {
    Frame rows =
        tarn.sql("SELECT i %% %d AS k, i AS v FROM range(%d) t(i)".formatted(KEYS, KEYS * OF_KEY));
    Frame single = tarn.sql("SELECT i AS k, i AS v FROM range(" + KEYS + ") t(i)");
    Seeds.each(Seeds.rounds(40, 1000), random -> round(random, rows, single));
  }

  private void round(Random random, Frame rows, Frame single) throws Exception {
    server.command("FLUSHALL");
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    IfExists mode = IfExists.values()[random.nextInt(IfExists.values().length)];
    boolean there = random.nextInt(3) == 0;
    boolean oneRow = kind == Kind.HASHES || kind == Kind.STRINGS;
    int before = there ? prepare(kind) : 0;
    var reports = new ArrayList<WriteReport>();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky = Redis.open("redis://127.0.0.1:" + proxy.port(), tarn.engine())) {
      var direction = FlakyProxy.Direction.values()[random.nextInt(2)];
      var end = FlakyProxy.End.values()[random.nextInt(2)];
      proxy.cut(direction, end, random.nextLong(), 200, 60_000, 1 + random.nextInt(6));
      (oneRow ? single : rows)
          .write(sink(flaky, kind).key("k").ifExists(mode).reportFailures().onReport(reports::add));
    }
    WriteReport report = reports.getFirst();
    check(kind, mode, oneRow ? 1 : OF_KEY, before, report);
  }

  /** An emptied key is none: that it is not there does not tell that nothing was added. */
  @ParameterizedTest
  @Timeout(60)
  @CsvSource({"LPOP, ''", "SPOP, retry_for=0", "ZPOPMIN, retry_for=0"})
  void workersGetNothingTwice(String taking, String query) throws Exception {
    Frame rows = tarn.sql("SELECT i % 50 AS k, i AS score, i AS v FROM range(5000) t(i)");
    var reports = new ArrayList<WriteReport>();
    List<String> taken = new CopyOnWriteArrayList<>();
    var over = new AtomicBoolean();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky =
            Redis.open("redis://127.0.0.1:" + proxy.port() + "?" + query, tarn.engine())) {
      proxy.delay(FlakyProxy.Direction.TO_CLIENT, Duration.ofMillis(100));
      Thread worker = Thread.ofPlatform().start(() -> work(taking, over, taken));
      RedisSink sink =
          switch (taking) {
            case "LPOP" -> flaky.toLists("r:");
            case "SPOP" -> flaky.toSets("r:");
            default -> flaky.toSortedSets("r:");
          };
      Frame written = taking.equals("ZPOPMIN") ? rows : rows.drop("score");
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                RedisSink merging = sink.key("k").ifExists(IfExists.MERGE).reportFailures();
                try {
                  written.write(merging.onReport(reports::add));
                } catch (Unavailable atOnce) {
                  assertThat(query).isNotEmpty();
                }
              });
      while (taken.isEmpty()) {
        LockSupport.parkNanos(1_000_000);
      }
      proxy.cutNow(); // what was taken was not acknowledged yet
      writer.join();
      over.set(true);
      worker.join();
    }
    WriteReport report = reports.getFirst();
    assertThat(report.uncertain()).isPositive();
    assertThat(taken).as("%s", report).doesNotHaveDuplicates();
    assertThat((long) taken.size())
        .as("%s", report)
        .isBetween(100 * report.written(), 100 * (report.written() + report.uncertain()));
  }

  private static void work(String taking, AtomicBoolean over, List<String> taken) {
    boolean last = false;
    while (!last) {
      last = over.get();
      for (int i = 0; i < 50; i++) {
        if (server.text(taking, "r:" + i, 1000) instanceof List<?> some) {
          int step = taking.equals("ZPOPMIN") ? 2 : 1; // it tells the scores as well
          for (int n = 0; n < some.size(); n += step) {
            taken.add(some.get(n).toString());
          }
        }
      }
    }
  }

  /** All is sent, and the last answers are waited for. */
  @Test
  @Timeout(60)
  void endsWhereNobodyAnswersAtItsEnd() throws Exception {
    var reports = new ArrayList<WriteReport>();
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky =
            Redis.open("redis://127.0.0.1:" + proxy.port() + "?retry_for=0", tarn.engine())) {
      proxy.delay(FlakyProxy.Direction.TO_CLIENT, Duration.ofMillis(300));
      RedisSink sink = flaky.toStrings("r:").key("k").onReport(reports::add);
      var written =
          new FutureTask<>(
              () -> catchThrowable(() -> tarn.sql("SELECT 1 AS k, 2 AS v").write(sink)));
      Thread.ofPlatform().start(written);
      Await.until("it is written", () -> server.command("DBSIZE").equals(1L));
      proxy.cutNow();
      assertThat(written.get())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("0 keys are written, 0 failed, 1 are uncertain");
    }
    assertThat(reports.getFirst().complete()).isFalse();
  }

  /** Larger than what is in flight at a time, so that it goes in parts; and then nobody answers. */
  @Test
  void aLargeKeyIsWholeOrNotThere() {
    Frame rows =
        tarn.sql(
            "SELECT i // %d AS k, repeat('x', 100) || i AS v FROM range(%d) t(i)"
                .formatted(LARGE, 4 * LARGE));
    Seeds.each(Seeds.rounds(12, 200), random -> largeRound(random, rows));
  }

  private void largeRound(Random random, Frame rows) throws Exception {
    server.command("FLUSHALL");
    var reports = new ArrayList<WriteReport>();
    int retryFor = random.nextInt(2);
    long old = random.nextInt(2);
    for (int i = 0; i < 4 * old; i++) {
      server.command("RPUSH", "r:" + i, "old");
    }
    try (FlakyProxy proxy = FlakyProxy.to(server.port());
        Redis flaky =
            Redis.open(
                "redis://127.0.0.1:" + proxy.port() + "?retry_for=" + retryFor, tarn.engine())) {
      var direction = FlakyProxy.Direction.TO_SERVER;
      proxy.cut(direction, FlakyProxy.End.RESET, random.nextLong(), 100_000, 15_000_000, 2);
      boolean ends = random.nextBoolean();
      Thread refusing =
          Thread.startVirtualThread(() -> {
            while (ends && !Thread.currentThread().isInterrupted()) {
              if (proxy.cuts() > 0) {
                proxy.refuse();
                return;
              }
              LockSupport.parkNanos(1_000_000);
            }
          });
      RedisSink sink = flaky.toLists("r:").key("k").memory(1 << 20);
      try {
        rows.write(sink.reportFailures().onReport(reports::add));
      } catch (Unavailable nobodyAnswers) {
        assertThat(ends || retryFor == 0).as("%s", nobodyAnswers).isTrue();
        assertThat(proxy.cuts()).as("%s", nobodyAnswers).isPositive();
      } finally {
        refusing.interrupt();
        refusing.join();
      }
    }
    WriteReport report = reports.getFirst();
    long whole = 0;
    for (int i = 0; i < 4; i++) {
      long length = (Long) server.command("LLEN", "r:" + i);
      assertThat(length).as("r:%d %s", i, report).isIn(old, (long) LARGE);
      whole += length == LARGE ? 1 : 0;
    }
    assertThat(whole)
        .as("%s", report)
        .isBetween(report.written(), report.written() + report.uncertain());
    assertThat(report.failures())
        .filteredOn(failure -> !failure.uncertain())
        .allMatch(
            failure -> failure.reason().matches(".*so the key is as it was: .*|it was not sent"));
    if (report.complete()) {
      assertThat(report.written() + report.failed() + report.uncertain())
          .as("%s", report)
          .isEqualTo(4);
    }
  }

  private static RedisSink sink(Redis redis, Kind kind) {
    return switch (kind) {
      case HASHES -> redis.toHashes("r:");
      case STRINGS -> redis.toStrings("r:");
      case LISTS -> redis.toLists("r:");
      case STREAMS -> redis.toStreams("r:");
      case SETS -> redis.toSets("r:");
    };
  }

  /** Every second key is there already. */
  private static int prepare(Kind kind) throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < KEYS; i += 2) {
        commands.add(
            switch (kind) {
              case HASHES -> new Object[] {"HSET", "r:" + i, "old", "old"};
              case STRINGS -> new Object[] {"SET", "r:" + i, "old"};
              case LISTS -> new Object[] {"RPUSH", "r:" + i, "old"};
              case STREAMS -> new Object[] {"XADD", "r:" + i, "*", "old", "old"};
              case SETS -> new Object[] {"SADD", "r:" + i, "old"};
            });
      }
      client.pipeline(commands);
    }
    return 1;
  }

  private static void check(Kind kind, IfExists mode, int ofKey, int before, WriteReport report)
      throws Exception {
    String what = kind + " " + mode + " " + before + " " + report;
    long written = 0;
    long untouched = 0;
    for (int i = 0; i < KEYS; i++) {
      int old = before == 1 && i % 2 == 0 ? 1 : 0;
      List<String> values = values(kind, i);
      boolean isOld = values.equals(old == 1 ? List.of("old") : List.of());
      var wanted = new ArrayList<String>();
      if (old == 1 && mode == IfExists.MERGE && kind != Kind.STRINGS) {
        wanted.add("old");
      }
      for (int n = 0; n < ofKey; n++) {
        wanted.add(String.valueOf(i + n * KEYS));
      }
      boolean isNew = values.size() == wanted.size() && values.containsAll(wanted);
      assertThat(isOld || isNew).as("%s r:%d %s", what, i, values).isTrue();
      written += isNew ? 1 : 0;
      untouched += isNew ? 0 : 1;
    }
    assertThat(report.complete()).as(what).isTrue();
    assertThat(report.written() + report.kept() + report.failed() + report.uncertain())
        .as(what)
        .isEqualTo(KEYS);
    assertThat(written).as(what).isBetween(report.written(), report.written() + report.uncertain());
    assertThat(untouched)
        .as(what)
        .isBetween(
            report.kept() + report.failed(), report.kept() + report.failed() + report.uncertain());
    boolean appends = mode == IfExists.MERGE && (kind == Kind.LISTS || kind == Kind.STREAMS);
    if (mode == IfExists.REPLACE || (mode == IfExists.MERGE && !appends)) {
      assertThat(report.written()).as(what).isEqualTo(KEYS);
    }
  }

  private static List<String> values(Kind kind, int i) throws Exception {
    return switch (kind) {
      case HASHES -> list(server.text("HVALS", "r:" + i));
      case STRINGS -> {
        Object value = server.text("GET", "r:" + i);
        yield value == null ? List.of() : List.of(value.toString());
      }
      case LISTS -> list(server.text("LRANGE", "r:" + i, 0, -1));
      case SETS -> list(server.text("SMEMBERS", "r:" + i));
      case STREAMS ->
          list(server.text("XRANGE", "r:" + i, "-", "+")).stream()
              .map(entry -> entry.replaceAll(".*, (\\w+)]]", "$1"))
              .toList();
    };
  }

  private static List<String> list(Object reply) {
    return ((List<?>) reply).stream().map(String::valueOf).toList();
  }
}
