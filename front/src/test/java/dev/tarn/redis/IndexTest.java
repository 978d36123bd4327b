package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.CommandLog;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Indexes of a real server, of version 1. */
class IndexTest extends SearchTest {

  private static final Schema USER =
      Schema.of("name", VARCHAR, "age", BIGINT, "status", VARCHAR, "score", DOUBLE);

  private static void createUsers() {
    server.command(
        "FT.CREATE",
        "users",
        "SCHEMA",
        "age",
        "NUMERIC",
        "status",
        "TAG",
        "name",
        "TEXT",
        "score",
        "NUMERIC");
  }

  private void users(int count) throws Exception {
    createUsers();
    var documents = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < count; i++) {
      documents.put(
          "user:" + i,
          Map.of(
              "name",
              "name" + i,
              "age",
              "" + i % 100,
              "status",
              i % 4 == 0 ? "active" : "away, " + i,
              "score",
              i + ".5"));
    }
    add("users", documents);
  }

  private Frame indexed(List<ScanReport> reports) {
    return redis.hashes("user:*", USER, o -> o.index("users").onReport(reports::add));
  }

  private static List<String> keys(Frame frame) {
    return frame.select("_key").sort("_key").collect().stream()
        .map(row -> row.text("_key"))
        .toList();
  }

  @Test
  void readsOnlyTheKeysThatTheIndexFinds() throws Exception {
    users(1000);
    var reports = new ArrayList<ScanReport>();
    Expr filter = col("age").gt(97).and(col("status").eq("active"));
    server.forgetCalls();
    assertThat(keys(indexed(reports).filter(col("age").eq(96).and(col("status").eq("active")))))
        .hasSize(10);
    assertThat(reports.getFirst().keys()).isEqualTo(10);
    assertThat(reports.getFirst().scanCalls()).isZero();
    assertThat(reports.getFirst().index()).isEqualTo("users");
    assertThat(indexed(reports).filter(filter).explain())
        .contains("filters pushed: ")
        .contains(
            "FT.SEARCH users '@age:[(97 +inf] @status:{active}' NOCONTENT LIMIT 0 1000 · 0 of 1,000 keys")
        .doesNotContain("SCAN MATCH");
  }

  @Test
  void saysWhyItDoesNotUseAnIndex() throws Exception {
    users(100);
    Frame users = redis.hashes("user:*", USER);
    Frame indexed = indexed(new ArrayList<>());
    assertThat(users.filter(col("age").eq(3)).explain())
        .contains("SCAN MATCH user:* TYPE hash")
        .contains("version 1 of the search module does not list its indexes; name one by index(…)");
    assertThat(indexed.filter(col("name").eq("name1")).explain())
        .contains("no index used: name: users has it as no TAG");
    assertThat(indexed.filter(col("score").gt(3)).explain()).contains("loses infinite numbers");
    assertThat(indexed.filter(col("status").like("a%")).explain()).contains("SCAN MATCH");
    assertThat(indexed.filter(col("age").ge(0)).explain())
        .contains("too many keys match: FT.SEARCH users '@age:[0 +inf]'");
    assertThat(
            redis
                .hashes("user:*", USER, o -> o.index("users").withoutIndex())
                .filter(col("age").eq(3))
                .explain())
        .contains("no index used: the options say so");
    assertThat(
            redis.hashes("user:*", USER, o -> o.index("none")).filter(col("age").eq(3)).explain())
        .contains("no index used: there is no index none");
  }

  @Test
  void keysThatItDoesNotHaveAreNoticed() throws Exception {
    users(50);
    for (int i = 0; i < 50; i++) {
      server.command("HSET", "user:later:" + i, "age", 7);
    }
    var reports = new ArrayList<ScanReport>();
    assertThat(keys(indexed(reports).filter(col("age").eq(7)))).hasSize(51);
    assertThat(reports.getFirst().index()).isEmpty();
    assertThat(indexed(reports).filter(col("age").eq(7)).explain())
        .contains("no index used: users does not have 50 of 100 keys that were looked at");
  }

  @Test
  void keysThatHaveGoneSinceMakeNoRows() throws Exception {
    users(200);
    var reports = new ArrayList<ScanReport>();
    Frame users = indexed(reports);
    assertThat(keys(users.filter(col("age").lt(3)))).hasSize(6);
    server.command("DEL", "user:1");
    server.command("HSET", "user:2", "age", 50);
    server.command("PEXPIRE", "user:100", 1);
    server.command("DEL", "user:101");
    server.command("SET", "user:101", "no hash");
    while (!Long.valueOf(0).equals(server.command("EXISTS", "user:100"))) {
      Thread.onSpinWait();
    }
    assertThat(keys(users.filter(col("age").lt(3)))).containsExactly("user:0", "user:102");
    assertThat(reports.getLast().index()).isEqualTo("users");
    assertThat(reports.getLast().vanished()).isEqualTo(2);
    assertThat(reports.getLast().otherType()).isEqualTo(1);
  }

  @Test
  void anIndexThatGoesMeanwhileIsGivenUpForTheScan() throws Exception {
    users(300);
    var reports = new ArrayList<ScanReport>();
    Frame users = indexed(reports).filter(col("age").eq(5));
    assertThat(keys(users)).hasSize(3);
    server.command("FT.DROP", "users", "KEEPDOCS");
    assertThat(keys(users)).hasSize(3);
    assertThat(reports.getLast().index()).startsWith("users, given up: Unknown Index name");
    assertThat(reports.getLast().scanCalls()).isPositive();
  }

  @Test
  void anIndexThatIsMadeAnewOfOtherFieldsIsGivenUpForTheScan() throws Exception {
    users(300);
    var reports = new ArrayList<ScanReport>();
    Frame users = indexed(reports);
    Frame five = users.filter(col("age").eq(5));
    Frame away = users.filter(col("status").eq("active")).agg(count().as("n"));
    assertThat(keys(five)).hasSize(3);
    assertThat(away.collect().toString()).contains("75");
    server.command("FT.DROP", "users", "KEEPDOCS");
    server.command("FT.CREATE", "users", "SCHEMA", "age", "TAG", "status", "TEXT");
    for (int i = 0; i < 300; i++) {
      server.command("FT.ADDHASH", "users", "user:" + i, 1);
    }
    assertThat(keys(five)).hasSize(3);
    assertThat(reports.getLast().index()).isEqualTo("users, given up: the index has changed");
    assertThat(away.collect().toString()).contains("75");
  }

  @Test
  void anIndexThatIsMadeAnewAndHasNotMostOfItsDocumentsYetIsGivenUp() throws Exception {
    users(300);
    var reports = new ArrayList<ScanReport>();
    Frame five = indexed(reports).filter(col("age").eq(5));
    assertThat(keys(five)).hasSize(3);
    server.command("FT.DROP", "users", "KEEPDOCS");
    createUsers();
    for (int i = 0; i < 100; i++) {
      server.command("FT.ADDHASH", "users", "user:" + i, 1);
    }
    assertThat(keys(five)).hasSize(3);
    assertThat(reports.getLast().index()).isEqualTo("users, given up: the index has changed");
  }

  @Test
  void aFieldThatIsAddedIsUsedWhenItIsKnown() throws Exception {
    users(300);
    var reports = new ArrayList<ScanReport>();
    Frame named = indexed(reports).filter(col("name").eq("name7"));
    Frame five = indexed(reports).filter(col("age").eq(5));
    assertThat(keys(five)).hasSize(3);
    assertThat(keys(named)).containsExactly("user:7");
    server.command("FT.ALTER", "users", "SCHEMA", "ADD", "later", "NUMERIC");
    assertThat(keys(five)).hasSize(3);
    assertThat(reports.getLast().index()).isEqualTo("users, given up: the index has changed");
    assertThat(keys(named)).containsExactly("user:7");
    try (Redis other = Redis.open(server.url(), tarn.engine())) {
      Frame users = other.hashes("user:*", USER, o -> o.index("users").onReport(reports::add));
      assertThat(keys(users.filter(col("age").eq(5)))).hasSize(3);
      assertThat(reports.getLast().index()).isEqualTo("users");
    }
  }

  @Test
  void hostileTextsReachTheServerEscapedAndFindNothingElse() throws Exception {
    var texts = new ArrayList<String>();
    Seeds.each(
        Seeds.rounds(40, 2000),
        random -> {
          var text = new StringBuilder();
          for (int i = 0; i <= random.nextInt(12); i++) {
            text.append("{}[]()|\"'\\*%~@$-=>:;.,!? ax1".charAt(random.nextInt(28)));
          }
          texts.add(text.toString());
        });
    texts.addAll(List.of("% ,", "% , ", "% , ,", "%,", "%, ", ", % ,", "x, % ,", "% ,x"));
    texts.addAll(List.of("x} | @age:[-inf +inf]", "x) | (*", "*", "active} @status:{*", "\\"));
    users(20);
    var documents = new LinkedHashMap<String, Map<String, String>>();
    var number = new AtomicInteger();
    texts.forEach(t -> documents.put("user:h" + number.incrementAndGet(), Map.of("status", t)));
    add("users", documents);
    Frame users = redis.hashes("user:*", USER, o -> o.index("users").indexUpTo(1));
    try (CommandLog log = server.record()) {
      for (String text : texts) {
        List<String> expected =
            documents.entrySet().stream()
                .filter(each -> each.getValue().containsValue(text))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        assertThat(keys(users.filter(col("status").eq(text)))).as(text).isEqualTo(expected);
      }
      for (List<String> command : log.commands("FT.SEARCH")) {
        assertThat(command.get(2))
            .matches("\\*|(@status:\\{([A-Za-z0-9_]|\\\\[ -~&&[^\\\\]])+\\} ?)+");
      }
    }
  }

  /** Version 1 says that the keys it has found when its time is up are all. */
  @Test
  void answersThatAShortTimeOutCutOffAreNotTakenForWhole() throws Exception {
    try (RedisServer hasty =
            RedisServer.start(
                RedisOptions.PLAIN.line(
                    "loadmodule " + RedisServer.SEARCH_MODULE + " SAFEMODE TIMEOUT 5"));
        Redis impatient = Redis.open(hasty.url(), tarn.engine())) {
      hasty.command("FT.CREATE", "i", "SCHEMA", "r", "TAG");
      int keys = 60_000;
      var commands = new ArrayList<Object[]>();
      for (int i = 0; i < keys; i++) {
        commands.add(new Object[] {"HSET", "k:" + i, "r", "r" + i % 4});
        commands.add(new Object[] {"FT.ADDHASH", "i", "k:" + i, "1"});
      }
      try (var client = hasty.client()) {
        client.pipeline(commands);
      }
      Schema tags = Schema.of("r", VARCHAR);
      for (int i = 0; i < 5; i++) {
        assertThat(
                impatient
                    .hashes("k:*", tags, o -> o.index("i"))
                    .filter(col("r").eq("r1"))
                    .collect()
                    .size())
            .isEqualTo(keys / 4);
        try {
          assertThat(impatient.search("i", "@r:{r1}", tags).collect().size()).isEqualTo(keys / 4);
        } catch (LimitExceeded e) {
          assertThat(e).hasMessageContaining("so long that it may be cut off");
        }
      }
    }
  }

  @Test
  void readsWhatAQueryOfOnesOwnFinds() throws Exception {
    users(1000);
    Frame found = redis.search("users", "@age:[10 19] @status:{active}", USER);
    assertThat(found.collect().size()).isEqualTo(20);
    assertThat(keys(found.filter(col("_key").in("user:12", "user:13")))).containsExactly("user:12");
    assertThat(found.limit(3).collect().size()).isEqualTo(3);
    assertThat(found.explain())
        .contains(
            "FT.SEARCH users '@age:[10 19] @status:{active}' NOCONTENT LIMIT 0 2000 · 20 keys");
    tarn.redis(server.url());
    assertThat(
            tarn
                .sql(
                    "SELECT sum(age) AS n FROM redis_search('users', '@age:[10 11]', schema := {age: 'BIGINT'})")
                .collect()
                .stream()
                .map(row -> row.value("n").toString()))
        .containsExactly("210");
    assertThatThrownBy(() -> redis.search("users", "@age:[10", USER).collect())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(
            "Cannot search users for @age:[10: the server answered: Syntax error");
    assertThat(redis.search("users", "@age:[10 19]").schema().toString())
        .contains("_key VARCHAR", "age BIGINT", "status VARCHAR");
    assertThat(
            tarn
                .sql("SELECT sum(age) AS n FROM redis_search('users', '@age:[10 11]')")
                .collect()
                .stream()
                .map(row -> row.value("n").toString()))
        .containsExactly("210");
    assertThatThrownBy(() -> redis.search("users", "@age:[-5 -1]"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(
            "Cannot find out the columns of what @age:[-5 -1] finds in users: it finds nothing.");
    assertThatThrownBy(() -> redis.search("users", "@age:[10"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("Syntax error");
    assertThatThrownBy(() -> redis.search("none", "*", USER))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Cannot search none: there is no such index.");
  }

  @Test
  void dropsAnIndexAndLeavesItsKeys() throws Exception {
    users(5);
    assertThat(redis.index("users").orElseThrow().fields())
        .extracting(IndexField::name)
        .containsExactly("age", "status", "name", "score");
    redis.dropIndex("users");
    assertThat(redis.index("users")).isEmpty();
    assertThat(server.command("DBSIZE")).isEqualTo(5L);
    assertThatThrownBy(() -> redis.indexes())
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot list indexes: version 1 of the search module does not. Ask for one by its name.");
    assertThatThrownBy(() -> redis.createIndex("u", "user:", IndexField.numeric("age")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("indexes of version 1 of the search module follow no keys");
    IndexField vectors =
        IndexField.vector(
            "v",
            VectorOptions.Algorithm.HNSW,
            VectorOptions.Precision.FLOAT32,
            2,
            VectorOptions.Metric.L2);
    assertThatThrownBy(() -> redis.createIndex("u", "user:", IndexField.numeric("age"), vectors))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot create index u: version 1 of the search module has no vectors, which field v is of. Use a server with version 2.4 or later.");
  }
}
