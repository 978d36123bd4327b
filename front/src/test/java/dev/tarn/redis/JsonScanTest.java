package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BOOLEAN;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.JSON;
import static dev.tarn.type.DataType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Row;
import dev.tarn.Tarn;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.testkit.SharedData;
import dev.tarn.testkit.redis.Reply;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By replies that RedisJSON 2.4 gave, and by some that the command reference says it gives. */
class JsonScanTest extends ReplayTest {

  @BeforeEach
  void answer() {
    server.handle("TYPE", words -> new Reply.Simple("ReJSON-RL"));
  }

  private void keys(String... keys) {
    server.handle("SCAN", words -> List.of("0", Arrays.asList(keys)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsDocumentsAsTheyWereRecorded(int protocol) throws Exception {
    server.recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"));
    keys("doc:1", "missing", "user:1");
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(protocol)) {
      Schema three = Schema.of("title", VARCHAR, "price", DOUBLE, "missing", BIGINT);
      assertThat(
              rows(
                  redis
                      .json("*", three, o -> o.keyColumn("k").onReport(reports::add))
                      .filter(dev.tarn.Columns.col("k").eq("doc:1"))))
          .extracting(Row::toString)
          .hasSize(1)
          .first()
          .asString()
          .contains("Red shoes", "12.5", "null");
    }
    assertThat(server.commands())
        .contains(List.of("JSON.GET", "doc:1", "$.title", "$.price", "$.missing"));
    assertThat(server.unknown()).isEmpty();
  }

  private List<Row> read(String reply, Schema schema, Object... command) {
    keys("k");
    server.answer(reply, command);
    try (Redis redis = redis(2)) {
      return rows(redis.json("*", schema));
    }
  }

  @Test
  void readsNumbersExactlyAndNestedValuesAsTheirTypes() {
    Schema schema =
        new Schema(
            List.of(
                new Field("big", BIGINT),
                new Field("exact", DataType.decimal(30, 10)),
                new Field("yes", BOOLEAN),
                new Field("tags", DataType.list(VARCHAR)),
                new Field("n", DataType.struct(new Field("x", BIGINT), new Field("y", DOUBLE))),
                new Field("any", JSON),
                new Field("map", DataType.map(VARCHAR, BIGINT)),
                new Field("none", VARCHAR),
                new Field("gone", VARCHAR)));
    Row row =
        read(
                "{\"$.gone\":[],\"$.big\":[9007199254740993],\"$.exact\":[12345678901234567890.0123456789],"
                    + "\"$.yes\":[true],\"$.tags\":[[\"a,\\\"b\",null,\"\\u00e9\"]],\"$.n\":[{\"x\":1,\"z\":[1]}],"
                    + "\"$.any\":[ \"te\\\"xt\" ],\"$.map\":[{\"a b\":1}],\"$.none\":[null]}",
                schema,
                "JSON.GET",
                "k",
                "$.big",
                "$.exact",
                "$.yes",
                "$.tags",
                "$.n",
                "$.any",
                "$.map",
                "$.none",
                "$.gone")
            .getFirst();
    assertThat(row.longValue("big")).isEqualTo(9_007_199_254_740_993L);
    assertThat(row.decimal("exact")).isEqualTo(new BigDecimal("12345678901234567890.0123456789"));
    assertThat(row.booleanValue("yes")).isTrue();
    assertThat(row.value("tags")).isEqualTo(Arrays.asList("a,\"b", null, "é"));
    assertThat(row.value("n").toString()).contains("1");
    assertThat(row.value("any")).isEqualTo("\"te\\\"xt\"");
    assertThat(row.value("map")).isEqualTo(Map.of("a b", 1L));
    assertThat(row.isNull("none")).isTrue();
    assertThat(row.isNull("gone")).isTrue();
  }

  @Test
  void readsJsonAndBytesWithinNestedValues() {
    Row row =
        read(
                "{\"$.n\":[{\"extra\":{\"b\":[1.10,\"x\"]},\"none\":null}],\"$.any\":[[1,{\"k\":true},\"t\"]],"
                    + "\"$.map\":[{\"a\":{\"b\":1}}],\"$.bytes\":[[\"a\\\\\",\"\\u00e9\\u0000\"]]}",
                new Schema(
                    List.of(
                        new Field(
                            "n",
                            DataType.struct(new Field("extra", JSON), new Field("none", JSON))),
                        new Field("any", DataType.list(JSON)),
                        new Field("map", DataType.map(VARCHAR, JSON)),
                        new Field("bytes", DataType.list(DataType.BLOB)))),
                "JSON.GET",
                "k",
                "$.n",
                "$.any",
                "$.map",
                "$.bytes")
            .getFirst();
    assertThat(row.value("n").toString()).isEqualTo("{extra={\"b\":[1.10,\"x\"]}, none=null}");
    assertThat(row.value("any")).isEqualTo(List.of("1", "{\"k\":true}", "\"t\""));
    assertThat(row.value("map")).isEqualTo(Map.of("a", "{\"b\":1}"));
    assertThat(row.list("bytes").stream().map(b -> new String((byte[]) b, UTF_8)))
        .containsExactly("a\\", "é\0");
  }

  @Test
  void namesMembersInPathsThatCannotMeanAnythingElse() {
    assertThat(
            read(
                "{\"$[\\\"a.b\\\"]\":[1],\"$[\\\"c'] d\\\"]\":[2],\"$[\\\"é\\\"]\":[3],\"$[\\\"1\\\"]\":[4]}",
                Schema.of("a.b", BIGINT, "c'] d", BIGINT, "é", BIGINT, "1", BIGINT),
                "JSON.GET",
                "k",
                "$[\"a.b\"]",
                "$[\"c'] d\"]",
                "$[\"é\"]",
                "$[\"1\"]"))
        .extracting(r -> r.toMap().values().toString())
        .containsExactly("[k, 1, 2, 3, 4]");
  }

  @Test
  void readsTheDocumentWhereAMemberHasNoPath() {
    assertThat(
            read(
                "[{\"x\":{\"a\\\"b\":9},\"a\\\"b\":[1,{\"k\":2}],\"c\\\\\":\"t\",\"d\":3}]",
                Schema.of("a\"b", JSON, "c\\", VARCHAR),
                "JSON.GET",
                "k",
                "$"))
        .extracting(r -> r.toMap().values().toString())
        .containsExactly("[k, [1,{\"k\":2}], t]");
  }

  @Test
  void asksForOneMemberAlone() {
    keys("a", "b");
    server.answer("[-12]", "JSON.GET", "a", "$.n").answer("[]", "JSON.GET", "b", "$.n");
    try (Redis redis = redis(3)) {
      Schema schema = Schema.of("n", BIGINT, "m", BIGINT);
      assertThat(rows(redis.json("*", schema).select("_key", "n").sort("_key")))
          .extracting(r -> r.toMap().toString())
          .containsExactly("{_key=a, n=-12}", "{_key=b, n=null}");
      assertThat(rows(redis.json("*", schema).select("_key"))).hasSize(2);
    }
    assertThat(server.commands().stream().filter(c -> c.getFirst().equals("JSON.GET"))).hasSize(2);
  }

  @Test
  void countsDocumentsThatAreGoneOrOfAnotherType() {
    keys("gone", "text", "new");
    server
        .answer(null, "JSON.GET", "gone", "$.n")
        .answer(new Reply.Raw("-Existing key has wrong Redis type\r\n"), "JSON.GET", "text", "$.n")
        .answer(
            new Reply.Raw("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"),
            "JSON.GET",
            "new",
            "$.n");
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(2)) {
      assertThat(rows(redis.json("*", Schema.of("n", BIGINT), o -> o.onReport(reports::add))))
          .isEmpty();
    }
    assertThat(reports.getFirst().vanished()).isEqualTo(1);
    assertThat(reports.getFirst().otherType()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1.5]", "[\"x\"]", "[[1]]", "[{\"a\":1}]", "no json", "[1"})
  void treatsWhatIsNoneOfItsTypeAsBad(String value) {
    assertThatThrownBy(() -> read(value, Schema.of("n", BIGINT), "JSON.GET", "k", "$.n"))
        .isInstanceOf(BadData.class)
        .hasMessageStartingWith("Cannot read '")
        .hasMessageContaining("as BIGINT")
        .hasMessageEndingWith("[redis JSON documents * k $.n]");
  }

  @Test
  void treatsHalvesOfCharactersAsBad() {
    assertThatThrownBy(
            () -> read("[\"a\\ud800\"]", Schema.of("t", VARCHAR), "JSON.GET", "k", "$.t"))
        .isInstanceOf(BadData.class)
        .hasMessageStartingWith("Cannot read '\"a\\ud800\"' as VARCHAR.")
        .hasMessageEndingWith("[redis JSON documents * k $.t]");
  }

  @Test
  void readsWhatLiesDeeperByItsPath() {
    keys("k");
    server.answer(
        "{\"$.n.x\":[7],\"$.tags[-1]\":[\"b\"],\"$[\\\"a b\\\"].c\":[],\"$.plain\":[true]}",
        "JSON.GET",
        "k",
        "$.n.x",
        "$.tags[-1]",
        "$[\"a b\"].c",
        "$.plain");
    server.answer("[7]", "JSON.GET", "k", "$.n.x");
    Schema schema = Schema.of("x", BIGINT, "tag", VARCHAR, "gone", DOUBLE, "plain", BOOLEAN);
    try (Redis redis = redis(2)) {
      assertThat(
              rows(
                  redis.json(
                      "*",
                      schema,
                      o ->
                          o.path("X", "$.n.x")
                              .path("tag", "$.tags[-1]")
                              .path("gone", "$['a b'].c"))))
          .extracting(Row::toString)
          .containsExactly("{_key=k, x=7, tag=b, gone=null, plain=true}");
    }
    try (Tarn own = Tarn.open()) {
      own.redis(server.url());
      assertThat(
              rows(
                  own.sql(
                      "SELECT x FROM redis_json('*', schema := {x: 'BIGINT', tag: 'VARCHAR'}, paths := {x: '$.n.x', tag: '$.tags[-1]'})")))
          .extracting(Row::toString)
          .containsExactly("{x=7}");
    }
    assertThat(server.unknown()).isEmpty();
  }

  @Test
  void aPathThatCannotBeReadIsSaidAtOnce() {
    Schema two = Schema.of("x", BIGINT, "a\"b", VARCHAR);
    try (Redis redis = redis(2)) {
      for (String path : List.of("$.n.*", "n.x", "$", "$..x", "$[\"a\\\"b\"]")) {
        assertThatThrownBy(() -> redis.json("*", two, o -> o.path("x", path)))
            .isInstanceOf(InvalidRequest.class)
            .hasMessageContaining(path)
            .hasMessageContaining("such as $.address.city");
      }
      assertThatThrownBy(() -> redis.json("*", two, o -> o.path("y", "$.n")))
          .hasMessageContaining("Did you mean x?");
      assertThatThrownBy(() ->
              redis.json(
                  "*",
                  Schema.of("x", BIGINT, "y", BIGINT),
                  o -> o.path("x", "$.n.x").path("y", "$['n'].x")))
          .hasMessageContaining("$.n.x of JSON documents into two columns, x and y");
      assertThatThrownBy(() -> redis.hashes("*", two, o -> o.path("x", "$.n")))
          .hasMessageContaining("only JSON documents");
      keys("k");
      assertThatThrownBy(() -> redis.json("*", two, o -> o.path("x", "$.n.x")).collect())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("together with column a\"b");
    }
  }
}
