package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.matches;
import static dev.tarn.Columns.nearest;
import static dev.tarn.Columns.within;
import static dev.tarn.redis.RecordedInfo.attribute;
import static dev.tarn.redis.RecordedInfo.flat;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BLOB;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.testkit.SharedData;
import dev.tarn.testkit.redis.RedisError;
import dev.tarn.testkit.redis.Reply;
import dev.tarn.type.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conditions that indexes of version 2 tell, by replies that RediSearch 2.10 gave, and some made
 * after them.
 */
class RecordedConditionsTest extends ReplayTest {

  private static final Schema ITEM =
      Schema.of("name", VARCHAR, "age", BIGINT, "v", BLOB, "w", BLOB, "h", BLOB);

  /** As floats of 32 bits, the lowest byte first: {@code 00 00 20 40 00 00 48 41}. */
  private static final float[] VECTOR = {2.5f, 12.5f};

  @BeforeEach
  void answer() {
    server
        .handle("DBSIZE", words -> 1_000_000L)
        .handle("TYPE", words -> new Reply.Simple("hash"))
        .handle("SCAN", words -> List.of("0", List.of("item:1", "item:2", "item:3")))
        .handle(
            "HMGET", words -> words.stream().skip(2).map(w -> words.get(1).substring(5)).toList())
        .handle("FT._LIST", words -> List.of("items"))
        .handle("FT.INFO", words -> info())
        .handle("FT.SEARCH", this::found);
  }

  private static List<Object> info() {
    return flat(
        RecordedInfo.of(
            "items",
            List.of("item:"),
            3,
            attribute("name", "TEXT", "WEIGHT", "1"),
            attribute("age", "NUMERIC"),
            vector("v", "FLOAT32"),
            vector("w", "FLOAT64"),
            vector("h", "FLOAT16")));
  }

  private static List<Object> vector(String name, String type) {
    return attribute(
        name, "VECTOR", "algorithm", "FLAT", "data_type", type, "dim", 2L, "distance_metric", "L2");
  }

  /** Items 1 and 3; the first is nearer. */
  private Object found(List<String> words) {
    if (words.contains("INKEYS")) {
      return List.of(Long.parseLong(words.get(words.indexOf("INKEYS") + 1)));
    }
    boolean counts = words.get(words.indexOf("LIMIT") + 2).equals("0");
    if (counts) {
      return List.of(2L);
    }
    return words.contains("RETURN")
        ? List.of(
            2L, "item:1", List.of("__distance", "0.5"), "item:3", List.of("__distance", "1.25e-05"))
        : List.of(2L, "item:1", "item:3");
  }

  private static Map<String, Object> rows(Frame frame, String column) {
    return frame.collect().stream()
        .collect(Collectors.toMap(row -> row.text("_key"), row -> row.value(column)));
  }

  private List<List<String>> searches() {
    return server.commands().stream()
        .filter(words -> words.getFirst().equals("FT.SEARCH") && !words.contains("INKEYS"))
        .toList();
  }

  @Test
  void asksForTheNearest() throws Exception {
    try (Redis redis = redis(2)) {
      Frame items = redis.hashes("item:*", ITEM).filter(nearest("v", VECTOR, 5));
      assertThat(rows(items, "name"))
          .containsOnly(Map.entry("item:1", "1"), Map.entry("item:3", "3"));
      assertThat(searches().getLast())
          .containsExactly(
              "FT.SEARCH",
              "items",
              "*=>[KNN 5 @v $vector AS __distance]",
              "PARAMS",
              "2",
              "vector",
              "\0\0 @\0\0HA",
              "SORTBY",
              "__distance",
              "NOCONTENT",
              "LIMIT",
              "0",
              "5",
              "DIALECT",
              "2",
              "TIMEOUT",
              "20000");
      assertThat(items.explain())
          .contains("redis hashes item:* where nearest(v, 2 numbers, 5)")
          .contains("PARAMS 2 vector '<2 numbers>' SORTBY __distance NOCONTENT LIMIT 0 5");
    }
  }

  @Test
  void doublesAreAskedForAsDoubles() throws Exception {
    try (Redis redis = redis(2)) {
      Frame items = redis.hashes("item:*", ITEM).filter(nearest("w", new float[] {2, -4}, 5));
      assertThat(rows(items, "name")).containsOnlyKeys("item:1", "item:3");
      assertThat(searches().getLast())
          .containsSequence("*=>[KNN 5 @w $vector AS __distance]", "PARAMS", "2", "vector")
          .contains("\0\0\0\0\0\0\0@\0\0\0\0\0\0\20\uFFFD");
    }
  }

  @Test
  void distancesAreTheScores() throws Exception {
    try (Redis redis = redis(2)) {
      Frame items =
          redis
              .hashes("item:*", ITEM, o -> o.scoreColumn("far"))
              .filter(nearest("v", VECTOR, 2))
              .sort("far");
      assertThat(rows(items, "far"))
          .containsOnly(Map.entry("item:1", 0.5), Map.entry("item:3", 1.25e-05));
      assertThat(searches().getLast()).containsSequence("SORTBY", "__distance", "RETURN", "1");
    }
    var attributes = Map.of("__distance", "0.75");
    var result = new LinkedHashMap<String, Object>();
    result.put("id", "item:2");
    result.put("extra_attributes", attributes);
    result.put("values", List.of());
    server.handle(
        "FT.SEARCH",
        words ->
            words.contains("INKEYS")
                ? Map.of("results", List.of(), "total_results", 3L, "warning", List.of())
                : Map.of("results", List.of(result), "total_results", 1L, "warning", List.of()));
    try (Redis redis = redis(3)) {
      Frame items =
          redis.hashes("item:*", ITEM, o -> o.scoreColumn("far")).filter(nearest("v", VECTOR, 2));
      assertThat(rows(items, "far")).containsOnly(Map.entry("item:2", 0.75));
    }
  }

  @Test
  void otherFiltersDoNotChangeWhichAreNearest() throws Exception {
    try (Redis redis = redis(2)) {
      Frame items = redis.hashes("item:*", ITEM);
      Frame old = items.filter(nearest("v", VECTOR, 5)).filter(col("age").gt(2));
      assertThat(rows(old, "name")).containsOnlyKeys("item:3");
      assertThat(searches().getLast()).contains("*=>[KNN 5 @v $vector AS __distance]");
      Frame red = items.filter(matches("name", "red")).filter(nearest("v", VECTOR, 5));
      assertThat(rows(red, "name")).hasSize(2);
      assertThat(searches().getLast()).contains("(@name:(red))=>[KNN 5 @v $vector AS __distance]");
    }
  }

  @Test
  void vectorsThatCannotBeAskedForAreRefused() throws Exception {
    try (Redis redis = redis(2)) {
      Frame wider = redis.hashes("item:x*", ITEM).filter(nearest("v", VECTOR, 5));
      assertThatThrownBy(wider::collect)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(
              "no index can tell: items has other keys than item:x*, which may be nearer");
      Frame halves = redis.hashes("item:*", ITEM).filter(nearest("h", VECTOR, 5));
      assertThatThrownBy(halves::collect)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("no index can tell: h: items has it as no VECTOR");
      Frame shorter = redis.hashes("item:*", ITEM).filter(nearest("v", new float[1], 5));
      assertThatThrownBy(shorter::collect)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(
              "no index can tell: v: items has vectors of 2 numbers, and that has 1. Make one");
      Frame places = redis.hashes("item:*", ITEM).filter(within("name", 1, 2, 3));
      assertThatThrownBy(places::collect)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("no index can tell: name: items has it as no GEO");
      server.handle(
          "FT.SEARCH",
          words ->
              words.contains("INKEYS")
                  ? found(words)
                  : new RedisError(
                      "Error parsing vector similarity query: query vector blob size"));
      Frame other = redis.hashes("item:*", ITEM).filter(nearest("v", VECTOR, 5));
      assertThatThrownBy(other::collect)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith(
              "Cannot search items for *=>[KNN 5 @v $vector AS __distance]: the server answered: Error parsing vector");
    }
  }

  @Test
  void aPartOfTheRowsIsAnError() throws Exception {
    server.handle(
        "FT.SEARCH",
        words -> {
          Object found = found(words);
          return found.equals(List.of(2L, "item:1", "item:3")) ? List.of(2L, "item:1") : found;
        });
    try (Redis redis = redis(2)) {
      Frame red = redis.hashes("item:*", ITEM).filter(matches("name", "red"));
      assertThatThrownBy(red::collect)
          .isInstanceOf(LimitExceeded.class)
          .hasMessageStartingWith(
              "Cannot read [redis hashes item:* where matches(name, 'red')]: the index items may not have answered with all: it sent 1 of 2 keys.");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void findsDocumentsByTheirWords(int protocol) throws Exception {
    server
        .recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"))
        .handle("FT.SEARCH", this::foundDocuments)
        .handle("TYPE", words -> new Reply.Simple("ReJSON-RL"))
        .handle("SCAN", words -> List.of("0", List.of("doc:1", "doc:2")))
        .handle("JSON.GET", words -> "{\"$.price\":[12.5],\"$.title\":[\"Red shoes\"]}");
    try (Redis redis = redis(protocol)) {
      Frame documents = redis.json("doc:*", Schema.of("title", VARCHAR, "price", DOUBLE));
      Frame red = documents.filter(matches("title", "red \"shoes, red\"").and(col("price").gt(5)));
      assertThat(rows(red, "title")).containsOnly(Map.entry("doc:1", "Red shoes"));
      assertThat(searches().getLast())
          .contains("docs_idx", "@title:(red \"shoes red\") @price:[5 +inf]");
      assertThatThrownBy(() -> documents.filter(within("title", 1, 2, 3)).collect())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(
              "no index can tell: users_idx is of no JSON documents; title: docs_idx has it as no GEO. Make one of doc:* with title as GEO by createIndex(…)");
    }
  }

  private Object foundDocuments(List<String> words) {
    Object found = found(words);
    return found instanceof List<?> list && list.size() > 1 ? List.of(1L, "doc:1") : found;
  }

  @Test
  void indexesAreOfTheFirstDatabase() throws Exception {
    server.recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"));
    server.answer("OK", "SELECT", "1");
    try (Redis second = Redis.open(server.url() + "/1", tarn.engine())) {
      assertThatThrownBy(() -> second.search("users_idx", "*", Schema.of("age", DOUBLE)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("indexes are of database 0, and this is database 1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsRecordedScores(int protocol) throws Exception {
    server.recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"));
    String users = "@name:(lee|fox)";
    Map<Integer, Object> recorded =
        Map.of(
            2,
            List.of(2L, "user:1", "3", "user:2", "3"),
            3,
            Map.of(
                "results",
                List.of(
                    Map.of("id", "user:1", "score", 3.0, "values", List.of()),
                    Map.of("id", "user:2", "score", 3.0, "values", List.of())),
                "total_results",
                2L,
                "warning",
                List.of()));
    server.handle("FT.SEARCH", words -> recorded.get(protocol));
    try (Redis redis = redis(protocol)) {
      Frame found =
          redis.search("users_idx", users, Schema.of("age", DOUBLE), o -> o.scoreColumn("score"));
      assertThat(rows(found.select("_key", "score"), "score"))
          .containsOnly(Map.entry("user:1", 3.0), Map.entry("user:2", 3.0));
      assertThat(searches().getLast()).containsSequence(users, "WITHSCORES", "NOCONTENT");
    }
  }
}
