package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An index of version 1 is looked at again only after something that could have changed one. */
class IndexGenerationTest extends SearchTest {

  private static final Schema USER = Schema.of("age", BIGINT, "roles", VARCHAR);

  private final List<ScanReport> reports = new ArrayList<>();

  private void users(String separator) throws Exception {
    create("users", separator);
    var documents = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 200; i++) {
      documents.put("user:" + i, Map.of("age", "" + i % 100, "roles", "reader|writer;" + i % 100));
    }
    add("users", documents);
  }

  private static void create(String index, String separator) {
    server.command(
        "FT.CREATE", index, "SCHEMA", "age", "NUMERIC", "roles", "TAG", "SEPARATOR", separator);
  }

  private static void addAgain(String index) {
    for (int i = 0; i < 200; i++) {
      server.command("FT.ADDHASH", index, "user:" + i, 1);
    }
  }

  private Frame seven(Redis of) {
    return of.hashes("user:*", USER, o -> o.index("users").onReport(reports::add))
        .filter(col("age").eq(7));
  }

  private static long looks() {
    return server.calls().getOrDefault("FT.INFO", 0L);
  }

  private String askedAgain(Frame frame) {
    assertThat(frame.collect().size()).isEqualTo(2);
    return reports.getLast().index();
  }

  @Test
  void isNotLookedAtWhileNothingIsDoneToIndexes() throws Exception {
    users(",");
    Frame seven = seven(redis);
    assertThat(askedAgain(seven)).isEqualTo("users");
    long before = looks();
    server.command("HSET", "user:3", "age", "77");
    server.command("FT.ADDHASH", "users", "user:3", 1, "REPLACE");
    server.command("DEL", "user:4");
    assertThat(askedAgain(seven)).isEqualTo("users");
    assertThat(looks()).isEqualTo(before);
  }

  @Test
  void isLookedAtAfterWhatCouldHaveChangedIt() throws Exception {
    users(",");
    Frame seven = seven(redis);
    assertThat(askedAgain(seven)).isEqualTo("users");
    List<Runnable> changes =
        List.of(
            () -> server.command("FT.DEL", "users", "user:3"),
            () -> create("others", ","),
            () -> server.command("FT.DROP", "others", "KEEPDOCS"),
            () -> server.command("CONFIG", "RESETSTAT"),
            () -> {
              server.command("SET", "some", "1");
              server.command("RENAME", "some", "other");
            });
    for (Runnable change : changes) {
      change.run();
      long before = looks();
      assertThat(askedAgain(seven)).isEqualTo("users");
      assertThat(looks()).isGreaterThan(before);
    }
  }

  @Test
  void oneThatTakesThePlaceOfAnotherIsNoticed() throws Exception {
    users("|");
    Frame writers =
        redis
            .hashes("user:*", USER, o -> o.index("users").onReport(reports::add))
            .filter(col("roles").eq("reader|writer;7"));
    assertThat(askedAgain(writers)).isEqualTo("users");
    server.command("FT.DROP", "users", "KEEPDOCS");
    create("users", ";");
    addAgain("users");
    assertThat(askedAgain(writers)).isEqualTo("users, given up: the index has changed");
  }

  @Test
  void oneThatIsRenamedIsNoticed() throws Exception {
    users("|");
    create("later", ";");
    addAgain("later");
    Frame writers =
        redis
            .hashes("user:*", USER, o -> o.index("users").onReport(reports::add))
            .filter(col("roles").eq("reader|writer;7"));
    assertThat(askedAgain(writers)).isEqualTo("users");
    server.command("RENAME", "idx:later", "idx:users");
    assertThat(askedAgain(writers)).startsWith("users, given up");
  }

  @Test
  void whoMayNotAskForItLooksEachTime() throws Exception {
    users(",");
    server.command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-info");
    try (Redis mine = Redis.open(server.url("reader", "secret"), tarn.engine())) {
      Frame seven = seven(mine);
      assertThat(askedAgain(seven)).isEqualTo("users");
      long before = looks();
      assertThat(askedAgain(seven)).isEqualTo("users");
      assertThat(looks()).isEqualTo(before + 1);
    }
  }

  @Test
  void aServerThatFollowsAnotherIsAskedEachTime() throws Exception {
    users(",");
    Frame seven = seven(redis);
    assertThat(askedAgain(seven)).isEqualTo("users");
    server.command("REPLICAOF", "127.0.0.1", "1"); // nobody: it keeps what it has
    try {
      long before = looks();
      assertThat(askedAgain(seven)).isEqualTo("users");
      assertThat(askedAgain(seven)).isEqualTo("users");
      assertThat(looks()).isEqualTo(before + 2);
    } finally {
      server.command("REPLICAOF", "NO", "ONE");
    }
  }
}
