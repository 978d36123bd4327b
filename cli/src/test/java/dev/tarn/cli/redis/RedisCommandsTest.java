package dev.tarn.cli.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.CommandRun;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.testkit.redis.ReplayServer;
import dev.tarn.testkit.redis.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisCommandsTest {

  private static RedisServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = RedisServer.start(RedisOptions.PLAIN.password("s3cret"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void fill() {
    server.command("FLUSHALL");
    for (int i = 0; i < 20; i++) {
      server.command("HSET", "user:" + i, "name", "n" + i, "age", 20 + i, "zip", "0050" + i % 10);
    }
    server.command("SET", "count:a", "5");
  }

  /** A command as it is typed, and words behind it that have spaces in them. */
  private static CommandRun run(String line, String... more) {
    Stream<String> words = Stream.concat(Arrays.stream(line.split(" ")), Arrays.stream(more));
    return CommandRun.of(
        Stream.concat(words, Stream.of("--redis", server.url())).toArray(String[]::new));
  }

  private static String done(String line, String... more) {
    CommandRun run = run(line, more);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.out();
  }

  private static String fails(int status, String line, String... more) {
    CommandRun run = run(line, more);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).hasLineCount(1).doesNotContain("s3cret");
    return run.err().strip();
  }

  @Test
  void whatContradictsItselfIsRefused() {
    assertThat(fails(2, "redis scan user:* --no-key --key-column id"))
        .contains("Give --no-key or --key-column.");
    assertThat(
            fails(
                2,
                "redis write x: --key id --ttl 1h --ttl-column s",
                "--from",
                "SELECT 1 AS id, 2 AS s"))
        .contains("a key has one time to live");
  }

  @Test
  void scanPrintsKeysAsRows() {
    assertThat(
            done(
                "redis scan user:* --schema name:VARCHAR,age:BIGINT"
                    + " --columns name,age --format csv",
                "--where",
                "_key IN ('user:3', 'user:4') AND age > 23"))
        .isEqualTo("name,age\nn4,24\n");
    assertThat(done("redis scan user:* --limit 3 --format ndjson"))
        .hasLineCount(3)
        .contains("\"zip\":\"0050");
    assertThat(done("redis scan count:* --format csv")).isEqualTo("_key,value\ncount:a,5\n");
    assertThat(
            done(
                "redis scan user:7 --type hashes --schema age:DECIMAL(10,2)"
                    + " --no-key --ttl-column ttl --format json"))
        .isEqualTo("[{\"ttl\":null,\"age\":27.00}]\n");
  }

  @Test
  void scanReadsDatesAsTheyAreWritten() {
    server.command("HSET", "day:1", "day", "24.12.2025", "at", "1700000000", "ms", "1500");
    String dates =
        done(
            "redis scan day:* --schema day:DATE,at:TIMESTAMP,ms:TIMESTAMP --no-key --format csv"
                + " --date-format day=dd.MM.uuuu --epoch at=seconds --epoch ms=MILLIS");
    assertThat(dates)
        .isEqualTo("day,at,ms\n2025-12-24,2023-11-14 22:13:20,1970-01-01 00:00:01.5\n");
    assertThat(done("redis scan day:* --epoch at=seconds --format csv"))
        .as("columns that are found out")
        .contains("2023-11-14 22:13:20");
  }

  @Test
  void whatIsWrongWithDatesIsSaid() {
    assertThat(fails(2, "redis scan user:* --epoch age"))
        .isEqualTo(
            "Cannot read --epoch age: it names no column, or nothing for it. Write it as ts=millis.");
    assertThat(fails(2, "redis scan user:* --epoch age=weeks"))
        .isEqualTo(
            "Cannot read --epoch: Cannot read dates as 'weeks' since 1970: there is no such unit. Use days, seconds, millis, micros or nanos.");
    assertThat(fails(2, "redis scan user:* --date-format =dd"))
        .endsWith("Write it as day=dd.MM.uuuu.");
    assertThat(fails(2, "redis scan user:* --date-format age=b"))
        .startsWith("Cannot read --date-format: Cannot read dates by 'b': ");
    assertThat(fails(1, "redis scan user:* --schema age:BIGINT --epoch age=days"))
        .startsWith("Cannot read column age as epoch: it is BIGINT.");
    assertThat(fails(1, "redis scan user:* --schema since:DATE --epoch sinc=days"))
        .isEqualTo(
            "Cannot read dates of column sinc: [redis hashes user:*] has _key, since. Did you mean since?");
  }

  @Test
  void scanReadsDocumentsByPaths() throws Exception {
    try (var documents = ReplayServer.start()) {
      documents
          .handle("INFO", words -> "run_id:1\r\n")
          .handle("TYPE", words -> new Reply.Simple("ReJSON-RL"))
          .handle("SCAN", words -> List.of("0", List.of("doc:1")))
          .handle("JSON.GET", words -> "{\"$.address.city\":[\"Oslo\"],\"$.tags[0]\":[\"a\"]}");
      String scan =
          "redis scan doc:* --type json --schema city:VARCHAR,tag:VARCHAR --format csv"
              + " --path city=$.address.city --path tag=$.tags[0] --redis ";
      CommandRun run = CommandRun.of((scan + documents.url()).split(" "));
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("_key,city,tag\ndoc:1,Oslo,a\n");
      assertThat(documents.unknown()).isEmpty();
    }
    assertThat(fails(2, "redis scan user:* --path age"))
        .endsWith("Write it as city=$.address.city.");
    assertThat(fails(1, "redis scan user:* --schema age:BIGINT --path age=$.age"))
        .contains("only JSON documents have such");
  }

  @Test
  void scanKeepsDuplicatesAndUsesIndexesAsSaid() {
    assertThat(done("redis scan user:* --duplicates --format csv")).hasLineCount(21);
    assertThat(
            done(
                "redis scan user:* --schema age:BIGINT --index-up-to 0.5 --columns age --format csv",
                "--where",
                "age > 37"))
        .hasLineCount(3);
    assertThat(fails(2, "redis scan user:* --index-up-to 2"))
        .isEqualTo("Cannot read --index-up-to 2: it is no number from 0 to 1. Write it as 0.1.");
    assertThat(fails(2, "redis scan user:* --index-up-to 0.1 --index none"))
        .endsWith("Give --index none or --index-up-to.");
  }

  @Test
  void scanAggregatesTimeSeries() throws Exception {
    try (ReplayServer replies = temperatures()) {
      CommandRun run =
          CommandRun.of(
              "redis",
              "scan",
              "temp:*",
              "--aggregate",
              "avg",
              "--bucket",
              "1m",
              "--schema",
              "floor:BIGINT",
              "--format",
              "csv",
              "--redis",
              replies.url());
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .startsWith("_key,time,value,floor\n")
          .endsWith(",30.5,3\n")
          .hasLineCount(2);
      assertThat(replies.commands())
          .filteredOn(words -> words.getFirst().equals("TS.RANGE"))
          .containsExactly(
              List.of(
                  "TS.RANGE", "temp:1", "-", "+", "COUNT", "1000", "AGGREGATION", "avg", "60000"));
    }
  }

  private static ReplayServer temperatures() throws Exception {
    return ReplayServer.start()
        .handle("INFO", words -> "run_id:1\r\n")
        .handle("TYPE", words -> new Reply.Simple("TSDB-TYPE"))
        .handle("SCAN", words -> List.of("0", List.of("temp:1")))
        .handle("TS.INFO", words -> List.of("labels", List.of(List.of("floor", "3"))))
        .handle("TS.RANGE", words -> List.of(List.of(60_000, new Reply.Simple("30.5"))));
  }

  @Test
  void whatIsWrongWithAnAggregateIsSaid() {
    assertThat(fails(2, "redis scan temp:* --aggregate avg"))
        .isEqualTo(
            "Cannot aggregate time series: --bucket is missing. Give --aggregate avg --bucket 1m, say.");
    assertThat(fails(2, "redis scan temp:* --bucket 1m"))
        .startsWith("Cannot aggregate time series: --aggregate is missing.");
    assertThat(fails(2, "redis scan temp:* --aggregate avg --bucket soon"))
        .startsWith("Cannot read --bucket soon: ");
    assertThat(fails(2, "redis scan temp:* --aggregate median --bucket 1m"))
        .startsWith("Cannot aggregate time series by 'median': there is no such function.");
    assertThat(fails(2, "redis scan user:* --type hashes --aggregate avg --bucket 1m"))
        .startsWith("Cannot aggregate hashes: the server does it for time series only.");
  }

  @Test
  void scanWritesFilesAndReports() {
    Path file = folder.resolve("users.parquet");
    CommandRun run = run("redis scan user:* --report", "--output", file.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("20 rows written to ");
    assertThat(run.err()).contains("redis hashes user:*: 20 rows of 20 keys");
    assertThat(file).exists();
  }

  @Test
  void inferSaysWhatColumnsThereAre() {
    assertThat(done("redis infer user:*"))
        .contains("redis hashes user:*: 20 keys")
        .contains("20 begin with a zero or a plus sign");
    assertThat(done("redis infer user:* --as-schema").strip().split(","))
        .containsExactlyInAnyOrder("name:VARCHAR", "age:BIGINT", "zip:VARCHAR");
    assertThat(done("redis infer user:* --format ndjson"))
        .contains("\"column\":\"age\",\"type\":\"BIGINT\",\"sampled\":20,\"whole\":true");
  }

  @Test
  void adviseMeasures() {
    assertThat(done("redis advise user:*")).contains("redis hashes user:* on Redis", "batch");
    assertThat(done("redis advise user:* --format ndjson"))
        .contains("\"matching\":20,\"rows\":20,", "\"indexes\":null");
    server.command("RPUSH", "queue:1", "a", "b", "c");
    assertThat(done("redis advise queue:*"))
        .contains("redis lists queue:* on Redis", "about 1 of 22, 3 rows");
  }

  @Test
  void adviseNamesTheIndexOfAQuery() {
    String query = "FROM redis_hashes('user:*', schema := {age: 'BIGINT'}) WHERE age = ?";
    assertThat(done("redis advise --param 3", "--query", query))
        .contains("redis hashes user:*", "FT.CREATE user_idx ON HASH PREFIX 1 user:");
    assertThat(done("redis advise --param 3 --format ndjson", "--query", query))
        .contains("\"verdict\":\"create\"", "\"missing\":[\"age NUMERIC\"]");
    assertThat(CommandRun.of("redis", "advise").err()).contains("either a pattern of keys, or");
  }

  @Test
  void writeMakesKeysOfRows() {
    String from = "SELECT i AS id, 'name' || i AS name FROM range(3) t(i)";
    assertThat(done("redis write made: --key id --ttl 1h", "--from", from))
        .startsWith("made:*: 3 rows, 3 keys written in ");
    assertThat(server.text("HGET", "made:2", "name")).isEqualTo("name2");
    assertThat((Long) server.command("TTL", "made:2")).isBetween(3500L, 3600L);
    assertThat(done("redis write made: --key id --if-exists keep --format ndjson", "--from", from))
        .contains("\"written\":0,\"kept\":3");
    CommandRun again = run("redis write made: --key id --if-exists fail", "--from", from);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.out()).contains("3 failed");
    assertThat(
            done(
                "redis write set: --type sets --key k",
                "--from",
                "SELECT 'a' AS k, unnest(['x', 'y']) AS m"))
        .contains("2 rows, 1 keys written");
    assertThat(server.command("SCARD", "set:a")).isEqualTo(2L);
    assertThat(fails(2, "redis write x:", "--from", from)).contains("--key");
    assertThat(fails(2, "redis write x: --key id --if-exists x", "--from", from))
        .startsWith("Cannot read --if-exists x: ");
  }

  @Test
  void benchMeasuresWithKeysOfItsOwnAndRemovesThem() throws Exception {
    Path svg = folder.resolve("bench.svg");
    String out = done("bench redis --generate 2000 --runs 1 --format csv", "--svg", svg.toString());
    assertThat(out.lines()).hasSize(15);
    assertThat(out).contains("connections,8 connections,2000,").contains("columns,keys alone,2000");
    assertThat(Files.readString(svg)).startsWith("<?xml").contains("</svg");
    assertThat(server.command("DBSIZE")).isEqualTo(21L);
    assertThat(done("bench redis user:* --runs 1")).contains("batch size 10,000");
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    assertThat(fails(2, "redis scan user:* --type tables"))
        .isEqualTo(
            "Cannot read --type tables: there is no such type. Use hashes, strings, json, sets, lists, sorted-sets, streams, time-series.");
    assertThat(fails(2, "redis scan user:* --schema name"))
        .isEqualTo(
            "Cannot read --schema: 'name' is no name and type. Write it as name:VARCHAR,price:DECIMAL(10,2).");
    assertThat(fails(2, "redis scan user:* --on-bad-value x"))
        .startsWith("Cannot read --on-bad-value x: ");
    assertThat(fails(2, "bench redis")).startsWith("Cannot measure: there are no keys to scan.");
    assertThat(fails(1, "redis scan none:*")).contains("no key matches");
    assertThat(fails(1, "redis scan user:* --columns nme")).contains("Did you mean name?");
    assertThat(fails(1, "redis scan user:* --schema name:BIGINT")).startsWith("Cannot read 'n");
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() {
    CommandRun run =
        CommandRun.of(
            "redis", "infer", "x*", "--redis", "redis://u:hidden@127.0.0.1:1?retry_for=10ms");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("Cannot reach Redis: ").doesNotContain("hidden");
  }

  @Test
  void aCommandWithoutItsNamePrintsHelp() {
    CommandRun run = CommandRun.of("redis");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("scan", "infer", "advise");
    assertThat(CommandRun.of("redis", "scan", "--help").out()).contains("--on-bad-value");
  }
}
