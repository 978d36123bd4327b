package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.IndexAdvice.Use;
import dev.tarn.redis.IndexAdvice.Verdict;
import dev.tarn.testkit.redis.CommandLog;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which index would have helped a query; one that is made as advised is used. */
class QueryAdviceTest extends SearchTest {

  private static final Schema USER =
      Schema.of("name", VARCHAR, "age", BIGINT, "city", VARCHAR, "amount", DOUBLE);

  private static final List<String> CITIES = List.of("Oslo", "Paris", "Rome", "Bergen");

  private static Map<String, Map<String, String>> users() {
    var users = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 2000; i++) {
      users.put(
          "user:" + i,
          Map.of(
              "name", "n" + i, "age", "" + i % 100, "city", CITIES.get(i % 4), "amount", i + ".5"));
    }
    return users;
  }

  private static void write() throws Exception {
    var commands = new ArrayList<Object[]>();
    users()
        .forEach((key, fields) -> {
          var words = new ArrayList<Object>(List.of("HSET", key));
          fields.forEach((field, value) -> words.addAll(List.of(field, value)));
          commands.add(words.toArray());
        });
    try (var client = server.client()) {
      client.pipeline(commands);
    }
  }

  private Frame users(String index) {
    return redis.hashes("user:*", USER, o -> index.isEmpty() ? o : o.index(index));
  }

  private Use only(Frame query) {
    return redis.advise(query).uses().stream().reduce((a, b) -> null).orElseThrow();
  }

  private static List<String> rows(Frame frame) {
    return frame.collect().stream().map(Row::toString).sorted().toList();
  }

  private static void make(IndexAdvice.Proposed index) throws Exception {
    server.command((Object[]) index.command().replace("'", "").split(" "));
    add(index.name(), users());
  }

  private static Frame oldOfOslo(Frame users) {
    return users.filter(col("age").gt(90).and(col("city").eq("Oslo")).and(col("name").ne("n0")));
  }

  @Test
  void readsOnlyTheFieldsThatTheFiltersName() throws Exception {
    write();
    var wide = new ArrayList<Field>(USER.fields());
    for (int i = 0; i < 50; i++) {
      wide.add(new Field("f" + i, i % 2 == 0 ? BIGINT : VARCHAR));
    }
    Frame users = redis.hashes("user:*", new Schema(wide));
    try (CommandLog log = server.record()) {
      IndexAdvice.Proposed index = only(oldOfOslo(users)).index().orElseThrow();
      assertThat(index.fields()).extracting(IndexField::name).containsExactly("age", "city");
      assertThat(log.commands("HMGET"))
          .isNotEmpty()
          .allSatisfy(words ->
              assertThat(words.subList(2, words.size())).containsExactlyInAnyOrder("age", "city"));
    }
  }

  @Test
  void theIndexOfAQuerysFiltersIsUsedOnceItIsMade() throws Exception {
    write();
    Use advised = only(oldOfOslo(users("")));
    IndexAdvice.Proposed index = advised.index().orElseThrow();

    assertThat(advised.verdict()).isEqualTo(Verdict.CREATE);
    assertThat(index.command())
        .isEqualTo("FT.CREATE user_idx SCHEMA age NUMERIC city TAG SEPARATOR ','");
    assertThat(index.filters()).containsExactlyInAnyOrder("\"age\" > 90", "\"city\" = 'Oslo'");
    assertThat(advised.missing()).isEqualTo(index.fields());
    assertThat(advised.share().orElseThrow()).isBetween(0.005, 0.05);
    assertThat(advised.gain().orElseThrow()).isBetween(10.0, 200.0);
    assertThat(advised.reasons())
        .containsExactly("left to the engine: name: only = and IN are looked for among its tags");
    assertThat(advised.toString())
        .startsWith("redis hashes user:*: an index would pay\n  FT.CREATE user_idx")
        .contains("FT.ADDHASH user_idx KEY 1", "not indexed yet: age as NUMERIC, city as TAG");

    make(index);
    Frame helped = oldOfOslo(users(index.name()));
    assertThat(helped.explain()).contains("FT.SEARCH user_idx");
    assertThat(rows(helped)).isEqualTo(rows(oldOfOslo(users("")))).hasSize(40);
    assertThat(only(helped).verdict()).isEqualTo(Verdict.IN_USE);
  }

  @Test
  void theIndexOfAnAggregateAnswersItOnceItIsMade() throws Exception {
    write();
    Frame sums = sums(users(""));
    Use advised = only(sums);
    IndexAdvice.Proposed index = advised.index().orElseThrow();

    assertThat(index.aggregates()).isTrue();
    assertThat(index.fields())
        .extracting(IndexField::name)
        .containsExactly("age", "city", "amount");
    make(index);
    Frame helped = sums(users(index.name()));
    server.forgetCalls();
    assertThat(rows(helped)).isEqualTo(rows(sums));
    assertThat(server.calls()).containsKey("FT.AGGREGATE");
    assertThat(helped.explain()).contains("FT.AGGREGATE user_idx");
    assertThat(only(helped).verdict()).isEqualTo(Verdict.IN_USE);
    assertThat(only(helped).filters()).containsExactly("\"age\" >= 50");
  }

  private static Frame sums(Frame users) {
    return users.filter(col("age").ge(50)).groupBy("city").agg(sum("amount").as("total"), count());
  }

  @Test
  void ofAnIndexThatIsThereOnlyTheOtherFieldsAreMissing() throws Exception {
    write();
    server.command("FT.CREATE", "ages", "SCHEMA", "age", "NUMERIC");
    add("ages", users());
    Use advised = only(users("ages").filter(col("city").eq("Oslo").or(col("age").eq(7))));
    assertThat(advised.verdict()).isEqualTo(Verdict.CREATE);
    assertThat(advised.index().orElseThrow().name()).isEqualTo("user_idx");
    assertThat(advised.missing()).containsExactly(IndexField.tag("city"));
  }

  @Test
  void anIndexThatIsUsedIsReplacedWhereAnotherFindsFarFewer() throws Exception {
    write();
    server.command("FT.CREATE", "ages", "SCHEMA", "age", "NUMERIC");
    add("ages", users());
    Frame old = users("ages").filter(col("age").lt(50));
    assertThat(only(old).verdict()).isEqualTo(Verdict.IN_USE);

    Use few = only(old.filter(col("name").in("n3", "n4")));
    assertThat(few.verdict()).isEqualTo(Verdict.CREATE);
    assertThat(few.index().orElseThrow().fields())
        .containsExactly(IndexField.tag("name"), IndexField.numeric("age"));
    assertThat(few.missing()).containsExactly(IndexField.tag("name"));

    Use half = only(old.filter(col("city").in("Oslo", "Paris", "Rome")));
    assertThat(half.verdict()).isEqualTo(Verdict.IN_USE);
  }

  @Test
  void noIndexPaysWhereMostRowsMatchOrNoneIsLookedFor() throws Exception {
    write();
    Use many = only(users("").filter(col("age").ge(2)));
    assertThat(many.verdict()).isEqualTo(Verdict.NONE);
    assertThat(many.share().orElseThrow()).isBetween(0.9, 1.0);
    assertThat(many.reasons()).anyMatch(why -> why.startsWith("too many rows match: about 9"));
    assertThat(many.toString()).startsWith("redis hashes user:*: no index would pay\n  too many");

    Use like = only(users("").filter("name LIKE '%7%'"));
    assertThat(like.verdict()).isEqualTo(Verdict.NONE);
    assertThat(like.reasons())
        .containsExactly(
            "left to the engine: only comparisons of fields with constants are looked for");
    assertThat(only(users("")).reasons()).containsExactly("nothing is filtered");
    assertThat(only(users("").filter(col("_key").eq("user:1"))).reasons())
        .containsExactly("its keys are read by name");
    assertThat(only(redis.hashes("user:*", USER, ScanOptions::withoutIndex)).reasons())
        .containsExactly("the options say so");
    assertThat(only(redis.sets("s:*")).reasons())
        .containsExactly("only hashes and JSON documents are indexed");
  }

  @Test
  void eachUseOfKeysIsAdvisedOnAndNothingElse() throws Exception {
    write();
    server.command("HSET", "other:1", "n", "1");
    tarn.register("u", users(""));
    tarn.register("o", redis.hashes("other:*", Schema.of("n", BIGINT), ScanOptions::withoutKey));
    IndexAdvice advice =
        redis.advise(tarn.sql("SELECT * FROM u JOIN o ON u.age = o.n WHERE u.age = 3 AND n < 5"));
    assertThat(advice.uses())
        .extracting(Use::source)
        .containsExactlyInAnyOrder("redis hashes user:*", "redis hashes other:*");
    assertThat(advice.toString()).contains("\n\n");

    assertThatThrownBy(() -> redis.advise(tarn.sql("SELECT 1")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Cannot advise on the query: it reads no keys of ");
  }

  @Test
  void explainNamesTheIndexThatIsMissing() throws Exception {
    write();
    assertThat(users("").filter(col("age").eq(3)).explain())
        .contains(
            "one that would find them: FT.CREATE user_idx SCHEMA age NUMERIC, FT.ADDHASH for each hash, and index(\"user_idx\")");
    assertThat(users("none").filter(col("age").eq(3)).explain())
        .contains("there is no index none", "FT.CREATE none SCHEMA age NUMERIC");
    assertThat(users("").filter("name LIKE '%7%'").explain()).doesNotContain("would find them");
    Frame documents = redis.json("doc:*", USER).filter(col("age").eq(3));
    assertThat(documents.explain()).doesNotContain("would find them");
    assertThat(only(documents).reasons())
        .containsExactly("version 1 of the search module indexes hashes alone");
  }

  @Test
  void aServerWithoutTheModuleIsAdvisedOnToo() throws Exception {
    try (RedisServer plain = RedisServer.start();
        Redis other = Redis.open(plain.url(), tarn.engine())) {
      for (int i = 0; i < 100; i++) {
        plain.command("HSET", "a b:" + i, "age", i, "old", i % 2 == 0 ? "yes" : "no");
      }
      Schema schema = Schema.of("age", BIGINT, "old", dev.tarn.type.DataType.BOOLEAN);
      Frame query = other.hashes("a b:*", schema).filter(col("age").lt(5).and(col("old").eq(true)));
      Use advised = other.advise(query).uses().getFirst();
      assertThat(advised.index().orElseThrow().call())
          .isEqualTo(
              "redis.createIndex(\"a_b_idx\", \"a b:\", IndexField.numeric(\"age\"), IndexField.tag(\"old\"))");
      assertThat(advised.index().orElseThrow().command())
          .isEqualTo(
              "FT.CREATE a_b_idx ON HASH PREFIX 1 'a b:' SCHEMA age AS age NUMERIC old AS old TAG SEPARATOR ','");
      assertThat(advised.reasons())
          .contains("the server has no search module, which is to be loaded first");
      assertThat(advised.share().orElseThrow()).isEqualTo(0.03);
    }
  }
}
