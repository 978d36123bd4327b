package dev.tarn.cli.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.CommandRun;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  private static CommandRun run(String... args) {
    return CommandRun.of(
        Stream.concat(Arrays.stream(args), Stream.of("--redis", server.url()))
            .toArray(String[]::new));
  }

  private static String done(String... args) {
    CommandRun run = run(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.out();
  }

  private static String fails(int status, String... args) {
    CommandRun run = run(args);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).hasLineCount(1).doesNotContain("s3cret");
    return run.err().strip();
  }

  @Test
  void whatContradictsItselfIsRefused() {
    assertThat(fails(2, "redis", "scan", "user:*", "--no-key", "--key-column", "id"))
        .contains("Give --no-key or --key-column.");
    assertThat(
            fails(
                2,
                "redis",
                "write",
                "x:",
                "--from",
                "SELECT 1 AS id, 2 AS s",
                "--key",
                "id",
                "--ttl",
                "1h",
                "--ttl-column",
                "s"))
        .contains("a key has one time to live");
  }

  @Test
  void scanPrintsKeysAsRows() {
    assertThat(
            done(
                "redis",
                "scan",
                "user:*",
                "--schema",
                "name:VARCHAR,age:BIGINT",
                "--columns",
                "name,age",
                "--where",
                "_key IN ('user:3', 'user:4') AND age > 23",
                "--format",
                "csv"))
        .isEqualTo("name,age\nn4,24\n");
    assertThat(done("redis", "scan", "user:*", "--limit", "3", "--format", "ndjson"))
        .hasLineCount(3)
        .contains("\"zip\":\"0050");
    assertThat(done("redis", "scan", "count:*", "--format", "csv"))
        .isEqualTo("_key,value\ncount:a,5\n");
    assertThat(
            done(
                "redis",
                "scan",
                "user:7",
                "--type",
                "hashes",
                "--schema",
                "age:DECIMAL(10,2)",
                "--no-key",
                "--ttl-column",
                "ttl",
                "--format",
                "json"))
        .isEqualTo("[{\"ttl\":null,\"age\":27.00}]\n");
  }

  @Test
  void scanWritesFilesAndReports() {
    Path file = folder.resolve("users.parquet");
    CommandRun run = run("redis", "scan", "user:*", "--output", file.toString(), "--report");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("20 rows written to ");
    assertThat(run.err()).contains("redis hashes user:*: 20 rows of 20 keys");
    assertThat(file).exists();
  }

  @Test
  void inferSaysWhatColumnsThereAre() {
    assertThat(done("redis", "infer", "user:*"))
        .contains("redis hashes user:*: 20 keys")
        .contains("20 begin with a zero or a plus sign");
    assertThat(done("redis", "infer", "user:*", "--as-schema").strip().split(","))
        .containsExactlyInAnyOrder("name:VARCHAR", "age:BIGINT", "zip:VARCHAR");
    assertThat(done("redis", "infer", "user:*", "--format", "ndjson"))
        .contains("\"column\":\"age\",\"type\":\"BIGINT\",\"sampled\":20,\"whole\":true");
  }

  @Test
  void adviseMeasures() {
    assertThat(done("redis", "advise", "user:*")).contains("redis hashes user:* on Redis", "batch");
    assertThat(done("redis", "advise", "user:*", "--format", "ndjson"))
        .contains("\"matching\":20,", "\"indexes\":null");
  }

  @Test
  void adviseNamesTheIndexOfAQuery() {
    String query = "FROM redis_hashes('user:*', schema := {age: 'BIGINT'}) WHERE age = ?";
    assertThat(done("redis", "advise", "--query", query, "--param", "3"))
        .contains("redis hashes user:*", "FT.CREATE user_idx ON HASH PREFIX 1 user:");
    assertThat(done("redis", "advise", "--query", query, "--param", "3", "--format", "ndjson"))
        .contains("\"verdict\":\"create\"", "\"missing\":[\"age NUMERIC\"]");
    assertThat(CommandRun.of("redis", "advise").err()).contains("either a pattern of keys, or");
  }

  @Test
  void writeMakesKeysOfRows() {
    String from = "SELECT i AS id, 'name' || i AS name FROM range(3) t(i)";
    assertThat(done("redis", "write", "made:", "--from", from, "--key", "id", "--ttl", "1h"))
        .startsWith("made:*: 3 rows, 3 keys written in ");
    assertThat(server.text("HGET", "made:2", "name")).isEqualTo("name2");
    assertThat((Long) server.command("TTL", "made:2")).isBetween(3500L, 3600L);
    assertThat(
            done(
                "redis",
                "write",
                "made:",
                "--from",
                from,
                "--key",
                "id",
                "--if-exists",
                "keep",
                "--format",
                "ndjson"))
        .contains("\"written\":0,\"kept\":3");
    CommandRun again =
        run("redis", "write", "made:", "--from", from, "--key", "id", "--if-exists", "fail");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.out()).contains("3 failed");
    assertThat(
            done(
                "redis",
                "write",
                "set:",
                "--type",
                "sets",
                "--from",
                "SELECT 'a' AS k, unnest(['x', 'y']) AS m",
                "--key",
                "k"))
        .contains("2 rows, 1 keys written");
    assertThat(server.command("SCARD", "set:a")).isEqualTo(2L);
    assertThat(fails(2, "redis", "write", "x:", "--from", from)).contains("--key");
    assertThat(fails(2, "redis", "write", "x:", "--from", from, "--key", "id", "--if-exists", "x"))
        .startsWith("Cannot read --if-exists x: ");
  }

  @Test
  void benchMeasuresWithKeysOfItsOwnAndRemovesThem() throws Exception {
    Path svg = folder.resolve("bench.svg");
    String out =
        done(
            "bench",
            "redis",
            "--generate",
            "2000",
            "--runs",
            "1",
            "--svg",
            svg.toString(),
            "--format",
            "csv");
    assertThat(out.lines()).hasSize(15);
    assertThat(out).contains("connections,8 connections,2000,").contains("columns,keys alone,2000");
    assertThat(Files.readString(svg)).startsWith("<?xml").contains("</svg");
    assertThat(server.command("DBSIZE")).isEqualTo(21L);
    assertThat(done("bench", "redis", "user:*", "--runs", "1")).contains("batch size 10,000");
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    assertThat(fails(2, "redis", "scan", "user:*", "--type", "tables"))
        .isEqualTo(
            "Cannot read --type tables: there is no such type. Use hashes, strings, json, sets, lists, sorted-sets, streams, time-series.");
    assertThat(fails(2, "redis", "scan", "user:*", "--schema", "name"))
        .isEqualTo(
            "Cannot read --schema: 'name' is no name and type. Write it as name:VARCHAR,price:DECIMAL(10,2).");
    assertThat(fails(2, "redis", "scan", "user:*", "--on-bad-value", "x"))
        .startsWith("Cannot read --on-bad-value x: ");
    assertThat(fails(2, "bench", "redis")).startsWith("Cannot measure: there are no keys to scan.");
    assertThat(fails(1, "redis", "scan", "none:*")).contains("no key matches");
    assertThat(fails(1, "redis", "scan", "user:*", "--columns", "nme"))
        .contains("Did you mean name?");
    assertThat(fails(1, "redis", "scan", "user:*", "--schema", "name:BIGINT"))
        .startsWith("Cannot read 'n");
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
