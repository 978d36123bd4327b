package dev.tarn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.testkit.redis.RedisError;
import dev.tarn.testkit.redis.Reply;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes to a server that answers what a real one only answers at bad moments. */
class ScriptedWritesTest extends ReplayTest {

  private final AtomicReference<WriteReport> report = new AtomicReference<>();
  private Redis redis;

  @BeforeEach
  void open() {
    redis = Redis.open(server.url(), tarn.engine());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private WriteReport write(Frame rows, RedisSink sink) {
    rows.write(sink.onReport(report::set).reportFailures());
    return report.get();
  }

  @Test
  void theLastRowOfAKeyWinsAlsoAfterAPassingError() {
    var asked = new AtomicInteger();
    server.handle(
        "HSET",
        words ->
            asked.getAndIncrement() == 0
                ? new RedisError("LOADING Redis is loading the dataset in memory")
                : Long.valueOf(0));
    Frame rows = tarn.sql("SELECT 'k' AS id, i AS v FROM range(5) t(i)");
    write(rows, redis.toHashes("").key("id").ifExists(IfExists.MERGE));
    assertThat(report.get().failures()).isEmpty();
    assertThat(sent("HSET").getLast()).isEqualTo(List.of("HSET", "k", "v", "4"));
    assertThat(sent("HSET")).contains(List.of("HSET", "k", "v", "0"));
  }

  @Test
  void aKeyWhoseTransactionWasNoneIsUncertain() {
    var begun = new AtomicInteger();
    var denied = new RedisError("NOPERM this user has no permissions to run the 'multi' command");
    server.handle("MULTI", words -> begun.getAndIncrement() == 0 ? new Reply.Simple("OK") : denied);
    server.handle(
        "EXEC", words -> begun.get() == 1 ? List.of() : new RedisError("ERR EXEC without MULTI"));
    server.handle("UNLINK", words -> 1L);
    server.handle("HSET", words -> 1L);
    write(tarn.sql("SELECT 'k' AS id, 1 AS v"), redis.toHashes("").key("id"));
    assertThat(report.get().uncertain()).isEqualTo(1);
    assertThat(report.get().failures().getFirst().reason())
        .startsWith("it was not written as a whole: NOPERM");
  }

  /** Nor is it sent again: a worker may have taken what was pushed, and the key with it. */
  @Test
  void aListThatIsNotThereTellsNothing() {
    server.handle("EXISTS", words -> 0L);
    server.handle("RPUSH", words -> new Reply.Truncated(""));
    server.handle("EVAL", words -> new Reply.Truncated(""));
    Frame rows = tarn.sql("SELECT 'jobs' AS id, 1 AS v");
    for (IfExists mode : List.of(IfExists.MERGE, IfExists.KEEP, IfExists.FAIL)) {
      write(rows, redis.toLists("").key("id").ifExists(mode));
      assertThat(report.get().uncertain()).as("%s", mode).isEqualTo(1);
      assertThat(report.get().written()).as("%s", mode).isZero();
    }
    assertThat(sent("RPUSH")).hasSize(1);
    assertThat(sent("EVAL")).hasSize(2);
  }

  @Test
  void jsonKeepsItsDigits() {
    server.handle("JSON.SET", words -> new Reply.Simple("OK"));
    String text = "{\"a\":1.10,\"b\":12345678901234567890,\"c\":[1e2,-0.0]}";
    Frame rows = tarn.sql("SELECT 1 AS id, '%s'::JSON AS doc".formatted(text));
    write(rows, redis.toJson("doc:").key("id").ifExists(IfExists.MERGE));
    assertThat(server.commands().toString()).contains(text);
  }

  /** What was removed for it stays so. */
  @Test
  void aKeyOfWhichOneCommandFailedIsUncertain() {
    takeDocuments();
    server.handle("EXEC", words -> List.of(1L, new RedisError("ERR expected value at line 1")));
    Frame row = tarn.sql("SELECT 1 AS id, 2 AS v");
    WriteReport found = write(row, redis.toJson("").key("id"));
    assertThat(found.failed()).isZero();
    assertThat(found.failures())
        .singleElement()
        .hasToString("1: uncertain: it was not written as a whole: ERR expected value at line 1");
  }

  private void takeDocuments() {
    server.handle("MULTI", words -> new Reply.Simple("OK"));
    server.handle("EXEC", words -> List.of(1L, new Reply.Simple("OK")));
    server.handle("UNLINK", words -> new Reply.Simple("QUEUED"));
    server.handle("JSON.SET", words -> new Reply.Simple("QUEUED"));
  }

  /** The row is the first of 127 levels, a list that holds the text the second. */
  @Test
  void countsTheLevelsOfTheWholeDocument() {
    takeDocuments();
    String rows =
        "SELECT i AS id, %s AS doc FROM (SELECT i, (repeat('[', i) || repeat(']', i))::JSON AS json FROM range(126, 128) t(i))";
    WriteReport found = write(tarn.sql(rows.formatted("json")), redis.toJson("doc:").key("id"));
    assertThat(found.written()).isEqualTo(1);
    assertThat(found.failures()).singleElement().asString().startsWith("doc:127: ");
    found = write(tarn.sql(rows.formatted("[json]")), redis.toJson("list:").key("id"));
    assertThat(found.failures())
        .hasSize(2)
        .allMatch(failure -> failure.reason().contains("more than 127 levels"));
  }

  /** Numbers of 64 bits, and those that a double has all digits of. */
  @Test
  void writesNoNumberThatWouldNotBeKept() {
    takeDocuments();
    List<String> kept =
        List.of(
            "18446744073709551615",
            "-9223372036854775808",
            "0.1",
            "1e300",
            "100000000000000000000");
    List<String> lost =
        List.of(
            "1e400",
            "1e-400",
            "1e99999999999",
            "18446744073709551617",
            "1234567890123456.78",
            "0.30000000000000004441");
    for (String number : kept) {
      Frame row = tarn.sql("SELECT '%1$s' AS id, '[%1$s]'::JSON AS a".formatted(number));
      assertThat(write(row, redis.toJson("").key("id")).failures()).isEmpty();
      assertThat(sent("JSON.SET").getLast().getLast()).isEqualTo("{\"a\":[" + number + "]}");
    }
    int before = sent("JSON.SET").size();
    for (String number : lost) {
      Frame row = tarn.sql("SELECT 1 AS id, '[%s]'::JSON AS a".formatted(number));
      assertThat(write(row, redis.toJson("").key("id")).failures().getFirst().reason())
          .isEqualTo(
              "the number %s in column a would not be kept, for RedisJSON has integers of 64 bits and doubles: cast it to VARCHAR or DOUBLE",
              number);
    }
    Frame typed =
        tarn.sql(
            """
            SELECT 1 AS id, 1234567890123456.78::DECIMAL(18, 2) AS a
            UNION ALL SELECT 2, 1234567890123456.50\
            """);
    assertThat(write(typed, redis.toJson("").key("id")).failures())
        .singleElement()
        .asString()
        .startsWith("1: the number 1234567890123456.78 in column a ");
    Frame huge = tarn.sql("SELECT 1 AS id, 170141183460469231731687303715884105727 AS a");
    assertThat(write(huge, redis.toJson("").key("id")).failed()).isEqualTo(1);
    assertThat(sent("JSON.SET")).hasSize(before + 1);
    Frame floating =
        tarn.sql("SELECT 3 AS id, 0.1::FLOAT AS f, 1e22::DOUBLE AS d, 'nan'::DOUBLE AS n");
    assertThat(write(floating, redis.toJson("").key("id")).written()).isEqualTo(1);
    assertThat(sent("JSON.SET").getLast().getLast())
        .isEqualTo("{\"f\":0.1,\"d\":1.0E22,\"n\":\"NaN\"}");
  }

  @Test
  void jsonThatTheServerWouldRefuseReplacesNothing() {
    takeDocuments();
    Frame rows =
        tarn.sql(
            """
            SELECT unnest([1, 2, 3]) AS id,
                   unnest(['{"a": 1}', repeat('[', 200) || repeat(']', 200), '[2]'])::JSON AS doc\
            """);
    WriteReport found = write(rows, redis.toJson("doc:").key("id"));
    assertThat(found.failures())
        .singleElement()
        .asString()
        .contains("doc:2")
        .contains("127 levels");
    assertThat(found.written()).isEqualTo(2);
    assertThat(server.commands().toString()).contains("doc:1", "doc:3").doesNotContain("doc:2");
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() {
    var busy = new AtomicInteger(3);
    server.handle(
        "HSET",
        words ->
            busy.getAndDecrement() > 0
                ? new RedisError("BUSY Redis is busy running a script")
                : Long.valueOf(1));
    Frame rows = tarn.sql("SELECT i AS id, i AS v FROM range(20) t(i)");
    WriteReport found = write(rows, redis.toHashes("k:").key("id").ifExists(IfExists.MERGE));
    assertThat(found.written()).isEqualTo(20);
    IntStream.range(0, 20)
        .forEach(i ->
            assertThat(sent("HSET")).contains(List.of("HSET", "k:" + i, "v", String.valueOf(i))));
  }
}
