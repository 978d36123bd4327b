package dev.tarn.redis;

import static dev.tarn.lake.Options.cursor;
import static dev.tarn.lake.Options.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.CommitConflict;
import dev.tarn.lake.Dataset;
import dev.tarn.streams.ConsumeReport;
import dev.tarn.streams.StreamConsumer;
import dev.tarn.testkit.ChildProcess;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each entry of a stream is in the dataset once, whoever consumes it and dies. */
class StreamConsumerTest extends RedisTest {

  private static final Schema SCHEMA = Schema.of("_id", DataType.VARCHAR, "n", DataType.BIGINT);

  @TempDir Path folder;
  @TempDir Path ofChildren;

  private Dataset events;

  @Override
  Tarn openTarn() {
    return Tarn.open(folder);
  }

  @BeforeEach
  void createDataset() {
    events = tarn.create("events", SCHEMA);
  }

  private static void add(int from, int to) throws Exception {
    try (var client = server.client()) {
      var commands = new ArrayList<Object[]>();
      for (int i = from; i < to; i++) {
        commands.add(new Object[] {"XADD", "events", "*", "n", i});
      }
      client.pipeline(commands);
    }
  }

  private StreamConsumer consumer(int rows) {
    return consumer(tarn, redis, events.name(), rows);
  }

  private static StreamConsumer consumer(Tarn tarn, Redis redis, String to, int rows) {
    return tarn.consume(
        redis.stream("events"), tarn.dataset(to), o -> o.rows(rows).every(Duration.ofMillis(20)));
  }

  private void assertOnce(long count) {
    assertThat(
            tarn.sql("SELECT count(*) AS c, count(DISTINCT n) AS d, max(n) AS m FROM events")
                .collect()
                .row(0)
                .toMap())
        .isEqualTo(Map.of("c", count, "d", count, "m", count - 1));
    assertThat(pending()).isZero();
  }

  /** Entries that the group was given, and has not acknowledged. */
  private static long pending() {
    return (Long) ((List<?>) server.command("XPENDING", "events", "tarn")).getFirst();
  }

  @Test
  void appendsWhatIsThereAndGoesOn() throws Exception {
    add(0, 5000);
    try (StreamConsumer consumer = consumer(2000)) {
      assertThat(consumer.drain().rows()).isEqualTo(5000);
    }
    assertOnce(5000);
    add(5000, 6000);
    try (StreamConsumer consumer = consumer(2000)) {
      assertThat(consumer.drain()).isEqualTo(new ConsumeReport(1000, 1, 0, 0));
      assertThat(consumer.drain().rows()).isEqualTo(1000);
    }
    assertOnce(6000);
  }

  @Test
  void readsWhatOthersWereGivenAndDidNotCommit() throws Exception {
    add(0, 100);
    server.command("XGROUP", "CREATE", "events", "tarn", "0");
    server.command("XREADGROUP", "GROUP", "tarn", "dead", "COUNT", 30, "STREAMS", "events", ">");
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      add(100, 200);
      server.command("XREADGROUP", "GROUP", "tarn", "dead", "COUNT", 30, "STREAMS", "events", ">");
      consumer.drain();
    }
    assertOnce(200);
  }

  @Test
  void takesOverWhatAnotherWasGivenWhileItStoodBy() throws Exception {
    add(0, 10);
    try (StreamConsumer consumer = consumer(1000)) {
      Thread running = Thread.ofPlatform().start(consumer::run);
      await(() -> events.frame().collect().size() == 10);
      server
          .client()
          .pipeline(
              List.of(
                  new Object[] {"MULTI"},
                  new Object[] {"XADD", "events", "*", "n", 10},
                  new Object[] {
                    "XREADGROUP", "GROUP", "tarn", "dead", "COUNT", 9, "STREAMS", "events", ">"
                  },
                  new Object[] {"EXEC"}));
      await(() -> events.frame().collect().size() == 11);
      consumer.stop();
      running.join();
    }
    assertOnce(11);
  }

  private static void await(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void goesOnWhereAGroupWasMadeAnew() throws Exception {
    add(0, 500);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      server.command("XGROUP", "DESTROY", "events", "tarn");
      add(500, 600);
      assertThat(consumer.drain().rows()).isEqualTo(600);
    }
    assertOnce(600);
  }

  @Test
  void aGroupMadeAnewBeginsWhereTheDatasetIs() throws Exception {
    add(0, 5000);
    try (StreamConsumer consumer = consumer(5000)) {
      consumer.drain();
      server.command("XGROUP", "DESTROY", "events", "tarn");
      server.forgetCalls();
      assertThat(consumer.drain().rows()).isEqualTo(5000);
      assertThat(server.calls()).containsEntry("XREADGROUP", 1L);
    }
    assertOnce(5000);
  }

  /** On a small stack, which as many calls within each other do not fit in. */
  @Test
  void passesOverWhatTheDatasetHasHoweverMuch() throws Exception {
    add(0, 10_000);
    try (StreamConsumer consumer = consumer(10_000)) {
      consumer.drain();
    }
    server.command("XGROUP", "DESTROY", "events", "tarn");
    server.command("XGROUP", "CREATE", "events", "tarn", "0");
    add(10_000, 10_001);
    try (StreamConsumer consumer = consumer(1)) {
      var failure = new AtomicReference<Throwable>();
      var thread = new Thread(null, consumer::drain, "small stack", 512 << 10);
      thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
      thread.start();
      thread.join();
      assertThat(failure.get()).isNull();
      assertThat(consumer.report().rows()).isEqualTo(1);
    }
    assertOnce(10_001);
  }

  @Test
  void endsWhereWhatTheGroupWasGivenIsDeleted() throws Exception {
    add(0, 10);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      server.command("XADD", "events", "*", "n", 10);
      server.command("XREADGROUP", "GROUP", "tarn", "dead", "STREAMS", "events", ">");
      server.command("XTRIM", "events", "MAXLEN", 0);
      assertThat(consumer.drain().rows()).isEqualTo(10);
      add(10, 20);
      assertThat(consumer.drain().rows()).isEqualTo(20);
    }
    assertThat(tarn.sql("FROM events").collect().size()).isEqualTo(20);
  }

  @Test
  void leavesTheGroupUnlessEntriesArePendingAtIt() throws Exception {
    add(0, 10);
    for (int i = 0; i < 3; i++) {
      try (StreamConsumer consumer = consumer(1000)) {
        consumer.drain();
      }
    }
    assertThat((List<?>) server.command("XINFO", "CONSUMERS", "events", "tarn")).isEmpty();
    server.command("XADD", "events", "*", "n", "abc");
    try (StreamConsumer consumer = consumer(1000)) {
      assertThatThrownBy(consumer::drain).isInstanceOf(BadData.class);
    }
    assertThat((List<?>) server.command("XINFO", "CONSUMERS", "events", "tarn")).hasSize(1);
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void aStreamMadeAnewWithLowerIdsIsNotTakenForTheOld() throws Exception {
    server.command("XADD", "events", "5000-0", "n", 0);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      server.command("DEL", "events");
      server.command("XADD", "events", "1-0", "n", 1);
      server.command("XADD", "events", "2-0", "n", 2);
      assertThatThrownBy(consumer::drain)
          .isInstanceOf(BadData.class)
          .hasMessage(
              "Cannot append entries to [events]: it is at 5000-0, and the stream's last id is 2-0, so the stream was made anew or has lost its end. Consume with another group, which begins at the first entry, or give entries later ids. [redis stream events]");
      server.command("XGROUP", "CREATE", "events", "tarn", "0");
      server.command("XREADGROUP", "GROUP", "tarn", "dead", "STREAMS", "events", ">");
      assertThatThrownBy(consumer::drain).isInstanceOf(BadData.class);
    }
    assertThat(pending()).as("not acknowledged").isEqualTo(2);
    server.command("XGROUP", "DESTROY", "events", "tarn");
    try (StreamConsumer consumer =
        tarn.consume(redis.stream("events"), tarn.dataset("events"), o -> o.group("anew"))) {
      assertThat(consumer.drain().rows()).isEqualTo(2);
    }
    assertThat(tarn.sql("FROM events").collect().size()).isEqualTo(3);
  }

  @Test
  void anEmptyStreamMadeAnewWaitsForItsFirstEntry() throws Exception {
    add(0, 10);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      server.command("DEL", "events");
      assertThat(consumer.drain().rows()).isEqualTo(10);
      add(10, 20);
      assertThat(consumer.drain().rows()).isEqualTo(20);
      assertOnce(20);
      server.command("DEL", "events");
      var failure = new AtomicReference<Throwable>();
      Thread running =
          Thread.ofPlatform()
              .daemon()
              .uncaughtExceptionHandler((t, e) -> failure.set(e))
              .start(consumer::run);
      await(() -> server.command("EXISTS", "events").equals(1L));
      server.command("XADD", "events", "1-0", "n", 20);
      assertThat(running.join(Duration.ofSeconds(30))).as("ends").isTrue();
      assertThat(failure.get())
          .isInstanceOf(BadData.class)
          .hasMessageContaining("the stream's last id is 1-0");
    }
    assertThat(events.frame().collect().size()).isEqualTo(20);
  }

  @Test
  void anEntryWithoutARequiredFieldIsMalformed() throws Exception {
    events = tarn.create("strict", SCHEMA, required("n"));
    add(0, 10);
    server.command("XADD", "events", "*", "m", "1");
    try (StreamConsumer consumer = consumer(1000)) {
      assertThatThrownBy(consumer::drain)
          .isInstanceOf(BadData.class)
          .hasMessageContaining("it has no field n. Say skipMalformed(…)");
    }
    assertThat(tarn.sql("FROM strict").collect().size()).isEqualTo(10);
  }

  @Test
  void keepsItsCursorAsVersionsExpireAndRollsItBack() throws Exception {
    add(0, 100);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      events.compact();
      events.delete(dev.tarn.Columns.col("n").lt(0));
      events.append(tarn.sql("SELECT 'other' AS _id, 100::BIGINT AS n"));
      events.expireSnapshots(Duration.ZERO);
      assertThat(events.cursor("redis:events:tarn")).isPresent();
      add(101, 200);
      consumer.drain();
      assertOnce(200);
      long before = events.history().getLast().parent().orElseThrow();
      events.rollbackTo(before);
      consumer.drain();
      assertOnce(200);
    }
  }

  @Test
  void readsAgainWhatIsRolledBack() throws Exception {
    add(0, 100);
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
      long before = events.history().getLast().snapshot();
      add(100, 200);
      consumer.drain();
      events.rollbackTo(before);
      consumer.drain();
      assertOnce(200);
    }
  }

  @Test
  void appendsNothingAfterACursorThatWasRolledBack() throws Exception {
    Frame row = tarn.sql("SELECT '1-0' AS _id, 1::BIGINT AS n");
    long before = events.append(row).snapshot();
    events.append(row, cursor("s", Optional.empty(), "5"));
    events.rollbackTo(before);
    assertThatThrownBy(() -> events.append(row, cursor("s", Optional.of("5"), "9")))
        .isInstanceOf(CommitConflict.class);
    events.append(row, cursor("s", Optional.empty(), "6"));
    assertThat(events.cursor("s")).contains("6");
  }

  @Test
  void failsOrSkipsWhatIsMalformed() throws Exception {
    add(0, 10);
    server.command("XADD", "events", "*", "n", "abc");
    add(10, 20);
    try (StreamConsumer consumer = consumer(1000)) {
      assertThatThrownBy(consumer::drain)
          .isInstanceOf(BadData.class)
          .hasMessageContaining("'abc' of field n is no BIGINT. Say skipMalformed(…)");
    }
    assertThat(tarn.sql("SELECT * FROM events").collect().size()).isEqualTo(10);
    var skipped = new ArrayList<EntryRows.Malformed>();
    try (StreamConsumer consumer =
        tarn.consume(
            redis.stream("events"), tarn.dataset("events"), o -> o.skipMalformed(skipped::add))) {
      assertThat(consumer.drain()).isEqualTo(new ConsumeReport(10, 1, 1, 0));
    }
    assertThat(skipped).hasSize(1);
    assertOnce(20);
  }

  @Test
  void appendsOnceThroughKills() throws Exception {
    int added = 0;
    var random = new Random(Seeds.first());
    int kills = Seeds.rounds(10, 400);
    var children = new ArrayList<ChildProcess>();
    try {
      for (int kill = 0; kill < kills; kill++) {
        add(added, added += 200 + random.nextInt(500));
        while (children.size() < 2) {
          children.add(
              ChildProcess.start(ofChildren, Consumer.class, server.url(), folder.toString()));
        }
        ChildProcess victim = children.removeFirst();
        victim.await("commit");
        long end = System.nanoTime() + random.nextInt(100) * 1_000_000L;
        while (System.nanoTime() < end) {
          add(added, ++added);
        }
        victim.kill();
      }
    } finally {
      for (ChildProcess child : children) {
        child.kill();
      }
    }
    try (StreamConsumer consumer = consumer(1000)) {
      consumer.drain();
    }
    assertOnce(added);
  }

  /** Consumes in small commits until it is killed. */
  static final class Consumer {
    private Consumer() {}

    public static void main(String[] arguments) {
      try (Tarn tarn = Tarn.open(Path.of(arguments[1]));
          Redis redis = Redis.open(arguments[0], tarn.engine());
          StreamConsumer consumer = consumer(tarn, redis, "events", 50)) {
        while (true) {
          long before = consumer.report().commits() + consumer.report().conflicts();
          consumer.drain();
          if (consumer.report().commits() + consumer.report().conflicts() > before) {
            System.out.println("commit");
          }
        }
      }
    }
  }
}
