package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.redis.RecordedInfo.attribute;
import static dev.tarn.redis.RecordedInfo.flat;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.VectorOptions.Algorithm;
import dev.tarn.redis.VectorOptions.Metric;
import dev.tarn.redis.VectorOptions.Precision;
import dev.tarn.redis.scan.KeyType;
import dev.tarn.testkit.SharedData;
import dev.tarn.testkit.redis.RedisError;
import dev.tarn.testkit.redis.Reply;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes of version 2, by replies that RediSearch 2.10 gave, and some made after them. */
class RecordedIndexTest extends ReplayTest {

  private static final Schema USER = Schema.of("age", BIGINT, "status", VARCHAR);

  @BeforeEach
  void answer() {
    server
        .handle("DBSIZE", words -> 1_000_000L)
        .handle("TYPE", words -> new Reply.Simple("hash"))
        .handle("SCAN", words -> List.of("0", List.of("user:1", "user:2", "user:3")))
        .handle("HMGET", words -> words.stream().skip(2).map(w -> value(words)).toList());
  }

  private static String value(List<String> hmget) {
    return hmget.get(1).replaceAll("\\D", "");
  }

  /** What FT.INFO says of an index of hashes with a number and a tag. */
  private static Map<String, Object> info(String prefix, int indexing) {
    Map<String, Object> info =
        RecordedInfo.of(
            "idx",
            List.of(prefix),
            100_000,
            attribute("age", "NUMERIC"),
            attribute("status", "TAG", "SEPARATOR", ","));
    info.put("indexing", (long) indexing);
    return info;
  }

  private void index(String prefix) {
    server
        .handle("FT._LIST", words -> List.of("idx"))
        .handle("FT.INFO", words -> flat(info(prefix, 0)))
        .handle("FT.SEARCH", words -> found(words, "user:7"));
  }

  /** All sampled keys are there; a query finds some. */
  private static List<Object> found(List<String> words, String... keys) {
    if (words.contains("INKEYS")) {
      return List.of(Long.parseLong(words.get(words.indexOf("INKEYS") + 1)));
    }
    var reply = new ArrayList<Object>(List.of((long) keys.length));
    if (!words.get(words.indexOf("LIMIT") + 2).equals("0")) {
      reply.addAll(List.of(keys));
    }
    return reply;
  }

  private static List<String> keys(Frame frame) {
    return frame.select("_key").sort("_key").collect().stream()
        .map(row -> row.text("_key"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsWhatAServerSaysOfItsIndexes(int protocol) throws Exception {
    server.recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"));
    try (Redis redis = redis(protocol)) {
      RedisIndex users = redis.index("users_idx").orElseThrow();
      RedisIndex documents = redis.index("docs_idx").orElseThrow();
      assertThat(redis.indexes()).containsExactlyInAnyOrder(users, documents);
      assertThat(users.keyType()).contains(KeyType.HASH);
      assertThat(users.prefixes()).containsExactly("user:");
      assertThat(users.documents()).isEqualTo(6);
      assertThat(users.failures()).isEqualTo(1);
      assertThat(users.isComplete()).isFalse();
      assertThat(users.fields())
          .contains(
              IndexField.text("name").kept(),
              IndexField.numeric("age").kept(),
              IndexField.tag("status").separator('|'),
              IndexField.numeric("amount"),
              IndexField.geo("home"));
      assertThat(documents.keyType()).contains(KeyType.JSON);
      assertThat(documents.prefixes()).containsExactly("doc:", "article:");
      assertThat(documents.isComplete()).isTrue();
      assertThat(documents.fields()).contains(IndexField.numeric("price").at("$.price"));
      assertThat(documents.fields().get(2).separator()).isEqualTo(Optional.empty());
      assertThat(redis.hashes("user:*", USER).filter(col("age").gt(30)).explain())
          .contains(
              "no index used: users_idx could not take 1 documents; docs_idx is of no hashes");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void findsDocumentsByTheirPaths(int protocol) throws Exception {
    server
        .recorded(SharedData.path("redis-replies/search-2.10-json-2.4.jsonl"))
        .handle("FT.SEARCH", words -> found(words, "doc:1"))
        .handle("TYPE", words -> new Reply.Simple("ReJSON-RL"))
        .handle("SCAN", words -> List.of("0", List.of("doc:1", "doc:2")))
        .handle(
            "JSON.GET",
            words -> "{\"$.price\":[12.5],\"$.title\":[\"Red shoes\"],\"$.missing\":[]}");
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(protocol)) {
      Frame documents =
          redis.json(
              "doc:*",
              Schema.of("title", VARCHAR, "price", DOUBLE, "missing", BIGINT),
              o -> o.onReport(reports::add));
      Frame some = documents.filter(col("price").between(5, 12.5));
      assertThat(some.explain())
          .contains(
              "FT.SEARCH docs_idx '@price:[5 12.5]' NOCONTENT LIMIT 0 2000 TIMEOUT 20000 · 1 of 3 keys");
      assertThat(some.collect().stream().map(row -> row.text("title")))
          .containsExactly("Red shoes");
      assertThat(reports.getLast().index()).isEqualTo("docs_idx");
    }
  }

  /** An index has them under the paths that it was made with. */
  @Test
  void findsDocumentsByWhatLiesDeeper() throws Exception {
    Map<String, Object> info =
        RecordedInfo.of(
            "idx",
            List.of("doc:"),
            100_000,
            List.of("identifier", "$.n.x", "attribute", "x", "type", "NUMERIC"),
            List.of("identifier", "$['n'].y", "attribute", "why", "type", "NUMERIC"),
            List.of("identifier", "$.n[*]", "attribute", "all", "type", "NUMERIC"));
    info.put("index_definition", List.of("key_type", "JSON", "prefixes", List.of("doc:")));
    server
        .handle("FT._LIST", words -> List.of("idx"))
        .handle("FT.INFO", words -> flat(info))
        .handle("FT.SEARCH", words -> found(words, "doc:7"))
        .handle("TYPE", words -> new Reply.Simple("ReJSON-RL"))
        .handle("SCAN", words -> List.of("0", List.of("doc:1", "doc:2")))
        .handle("JSON.GET", words -> "{\"$.n.x\":[7],\"$.n.y\":[8],\"$.x\":[9]}");
    Schema schema = Schema.of("a", BIGINT, "b", BIGINT, "x", BIGINT);
    try (Redis redis = redis(2)) {
      Frame documents = redis.json("doc:*", schema, o -> o.path("a", "$.n.x").path("b", "$.n.y"));
      Frame some = documents.filter(col("a").eq(7).and(col("b").gt(2)));
      assertThat(some.explain()).contains("FT.SEARCH idx '@x:[7 7] @why:[(2 +inf]' NOCONTENT");
      assertThat(keys(some)).containsExactly("doc:7");
      assertThat(documents.filter(col("x").eq(9)).explain())
          .contains("x: idx has it as no NUMERIC");
    }
  }

  @Test
  void findsTheIndexThatCoversThePattern() throws Exception {
    index("user:");
    try (Redis redis = redis(2)) {
      Frame users = redis.hashes("user:*", USER);
      assertThat(keys(users.filter(col("age").eq(7)))).containsExactly("user:7");
      assertThat(redis.hashes("use*", USER).filter(col("age").eq(7)).explain())
          .contains(
              "no index used: idx does not cover use*", "would find them: redis.createIndex(");
      assertThat(redis.hashes("user:x*", USER).filter(col("age").eq(7)).collect().size()).isZero();
    }
    try (Redis other = Redis.open(server.url() + "/1", tarn.engine())) {
      assertThat(other.hashes("user:*", USER).filter(col("age").eq(7)).explain())
          .contains("no index used: indexes are of database 0");
    }
  }

  @Test
  void anIndexThatIsNotReadyIsNotUsed() throws Exception {
    index("user:");
    server.handle("FT.INFO", words -> flat(info("user:", 1)));
    try (Redis redis = redis(2)) {
      assertThat(redis.hashes("user:*", USER).filter(col("age").eq(7)).explain())
          .contains("no index used: idx is not ready yet");
    }
  }

  @Test
  void anIndexThatPassesOverOldKeysIsNoticed() throws Exception {
    index("user:");
    server.handle(
        "FT.SEARCH", words -> words.contains("INKEYS") ? List.of(1L) : found(words, "user:7"));
    try (Redis redis = redis(2)) {
      assertThat(keys(redis.hashes("user:*", USER).filter(col("age").eq(2))))
          .containsExactly("user:2");
    }
  }

  @Test
  void aPartOfTheKeysIsNoticed() throws Exception {
    index("user:");
    List<List<Object>> partial =
        List.of(List.of(2L, "user:7"), List.of(2L, 7L), List.of("nonsense"), List.of());
    for (List<Object> reply : partial) {
      server.handle(
          "FT.SEARCH", words -> words.contains("0") && isKeys(words) ? reply : found(words, "x"));
      scansInstead();
    }
  }

  private static boolean isKeys(List<String> words) {
    return !words.contains("INKEYS") && !words.get(words.indexOf("LIMIT") + 2).equals("0");
  }

  @Test
  void anIndexThatHasChangedSinceIsNoticed() throws Exception {
    index("user:");
    var calls = new AtomicInteger();
    server.handle("FT.INFO", words -> flat(info("user:", calls.getAndIncrement())));
    scansInstead();
  }

  /** The index would find another key than the three of the scan. */
  private void scansInstead() {
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(2)) {
      Frame users = redis.hashes("user:*", USER, o -> o.onReport(reports::add));
      assertThat(keys(users.filter(col("age").eq(2)))).containsExactly("user:2");
    }
    assertThat(reports.getLast().index()).startsWith("idx, given up: ");
  }

  @Test
  void aWarningIsNoticed() throws Exception {
    index("user:");
    server.handle(
        "FT.SEARCH",
        words -> {
          var reply = new LinkedHashMap<String, Object>();
          List<Object> found = found(words, "user:7");
          reply.put("results", found.size() > 1 ? List.of(Map.of("id", "user:7")) : List.of());
          reply.put("total_results", found.getFirst());
          reply.put("warning", isKeys(words) ? List.of("Timeout limit was reached") : List.of());
          return reply;
        });
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(3)) {
      Frame users = redis.hashes("user:*", USER, o -> o.onReport(reports::add));
      assertThat(keys(users.filter(col("age").eq(2)))).containsExactly("user:2");
    }
    assertThat(reports.getLast().index()).isEqualTo("idx, given up: Timeout limit was reached");
  }

  @Test
  void manyKeysComeByACursor() throws Exception {
    index("user:");
    var counted = new AtomicInteger();
    server
        .handle("DBSIZE", words -> 100_000_000L)
        // most of those that were counted at first have gone when they were read
        .handle(
            "FT.SEARCH",
            words ->
                words.contains("INKEYS")
                    ? found(words)
                    : List.of(counted.getAndIncrement() == 0 ? 300_000L : 30L))
        .handle("FT.AGGREGATE", words -> page(0))
        .handle("FT.CURSOR", words -> page(Integer.parseInt(words.get(3))));
    var reports = new ArrayList<ScanReport>();
    try (Redis redis = redis(2)) {
      Frame users =
          redis
              .hashes("user:*", USER, o -> o.onReport(reports::add).indexUpTo(1))
              .filter(col("age").ge(0));
      assertThat(users.collect().size()).isEqualTo(30);
      assertThat(reports.getLast().index()).isEqualTo("idx");
      assertThat(users.explain())
          .contains("FT.AGGREGATE idx '@age:[0 +inf]' LOAD 1 @__key WITHCURSOR COUNT 10000");
      server.handle("FT.CURSOR", words -> new RedisError("Cursor not found"));
      assertThat(users.collect().size()).isEqualTo(10);
      assertThat(reports.getLast().index()).isEqualTo("idx, given up: Cursor not found");
    }
  }

  /** Three pages of ten keys. */
  private static List<Object> page(int page) {
    var rows = new ArrayList<Object>(List.of(1L));
    IntStream.range(page * 10, (page + 1) * 10)
        .forEach(i -> rows.add(List.of("__key", "user:" + i)));
    return List.of(rows, page == 2 ? 0L : page + 1L);
  }

  @Test
  void aServerWithoutTheModuleIsAskedOnce() throws Exception {
    try (Redis redis = redis(2)) {
      Frame users = redis.hashes("user:*", USER).filter(col("age").eq(2));
      for (int i = 0; i < 3; i++) {
        assertThat(keys(users)).containsExactly("user:2");
      }
      assertThat(users.explain()).contains("no index used: the server has no search module");
    }
    assertThat(server.commands().stream().filter(c -> c.getFirst().startsWith("FT."))).hasSize(2);
  }

  @Test
  void createsAndDropsIndexes() throws Exception {
    index("user:");
    server
        .handle("FT.CREATE", words -> new Reply.Simple("OK"))
        .handle("FT.DROPINDEX", words -> new Reply.Simple("OK"));
    try (Redis redis = redis(2)) {
      redis.createIndex(
          "u", "user:", IndexField.numeric("age").kept(), IndexField.tag("status").separator('|'));
      redis.createIndex("d", "doc:", IndexField.text("title").at("$.title"));
      redis.createIndex(
          "v",
          "item:",
          IndexField.vector("near", Algorithm.FLAT, Precision.FLOAT32, 3, Metric.L2).at("v"),
          IndexField.numeric("age"));
      redis.createIndex(
          "w",
          "doc:",
          IndexField.vector("v", Algorithm.HNSW, Precision.FLOAT64, 1536, Metric.COSINE).at("$.v"));
      redis.dropIndex("u");
      redis.dropIndexAndKeys("d");
    }
    assertThat(server.commands().stream().map(words -> String.join(" ", words)))
        .contains(
            "FT.CREATE u ON HASH PREFIX 1 user: SCHEMA age AS age NUMERIC SORTABLE status AS status TAG SEPARATOR |",
            "FT.CREATE d ON JSON PREFIX 1 doc: SCHEMA $.title AS title TEXT",
            "FT.CREATE v ON HASH PREFIX 1 item: SCHEMA v AS near VECTOR FLAT 6 TYPE FLOAT32 DIM 3 DISTANCE_METRIC L2 age AS age NUMERIC",
            "FT.CREATE w ON JSON PREFIX 1 doc: SCHEMA $.v AS v VECTOR HNSW 6 TYPE FLOAT64 DIM 1536 DISTANCE_METRIC COSINE",
            "FT.DROPINDEX u",
            "FT.DROPINDEX d DD");
  }

  @Test
  void vectorsThatNoIndexCanHaveAreRefused() {
    assertThatThrownBy(
            () -> IndexField.vector("v", Algorithm.FLAT, Precision.FLOAT32, 0, Metric.IP))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("Cannot index vectors of 0 numbers. Give 1 at least.");
    IndexField vectors = IndexField.vector("v", Algorithm.FLAT, Precision.FLOAT32, 2, Metric.IP);
    assertThatThrownBy(vectors::kept)
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot keep the values of field v to sort by: vectors have no order. Leave out kept().");
  }

  /** As RediSearch 2.10 says it, in lists and in maps; before, it told no more than the type. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void saysWhichVectorsAnIndexHas(int protocol) {
    Map<String, Object> flat = vector("v", "FLAT", "FLOAT32", 3L, "L2");
    Map<String, Object> graph = vector("w", "HNSW", "FLOAT64", 1536L, "COSINE");
    graph.put("M", 16L);
    graph.put("ef_construction", 200L);
    Map<String, Object> halves = vector("h", "FLAT", "FLOAT16", 2L, "IP");
    Map<String, Object> untold = new LinkedHashMap<>();
    List.of("identifier", "attribute").forEach(name -> untold.put(name, "u"));
    untold.put("type", "VECTOR");
    List<Map<String, Object>> all = List.of(flat, graph, halves, untold);
    Map<String, Object> info = info("item:", 0);
    if (protocol == 3) {
      all.forEach(one -> one.put("flags", List.of()));
      info.put("attributes", all);
      info.put("index_definition", Map.of("key_type", "HASH", "prefixes", List.of("item:")));
    } else {
      info.put("attributes", all.stream().map(RecordedInfo::flat).toList());
    }
    server
        .handle("FT._LIST", words -> List.of("idx"))
        .handle("FT.INFO", words -> protocol == 3 ? info : flat(info));
    try (Redis redis = redis(protocol)) {
      List<IndexField> fields = redis.indexes().getFirst().fields();
      assertThat(fields.subList(0, 2))
          .containsExactly(
              IndexField.vector("v", Algorithm.FLAT, Precision.FLOAT32, 3, Metric.L2),
              IndexField.vector("w", Algorithm.HNSW, Precision.FLOAT64, 1536, Metric.COSINE));
      assertThat(fields.get(2).type()).isEqualTo(IndexField.Type.OTHER);
      assertThat(fields.get(3).type()).isEqualTo(IndexField.Type.VECTOR);
      assertThat(fields.get(3).vectors()).isEmpty();
    }
  }

  private static Map<String, Object> vector(
      String name, String algorithm, String number, long dimensions, String metric) {
    var attribute = new LinkedHashMap<String, Object>();
    attribute.put("identifier", name);
    attribute.put("attribute", name);
    attribute.put("type", "VECTOR");
    attribute.put("algorithm", algorithm);
    attribute.put("data_type", number);
    attribute.put("dim", dimensions);
    attribute.put("distance_metric", metric);
    return attribute;
  }

  /**
   * The index finds user:2 and no other key; once it has changed it finds none, whatever is asked.
   * The second query is asked while the index is known as it was, the third when it is not.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anIndexThatChangesBetweenTwoQueriesLosesNoRows(int protocol) throws Exception {
    List<Object> other =
        List.of(List.of("identifier", "other", "attribute", "age", "type", "NUMERIC"));
    List<Object> more =
        List.of(attribute("age", "NUMERIC"), attribute("status", "TAG"), attribute("name", "TEXT"));
    Map<String, Map<String, Object>> changes = new LinkedHashMap<>();
    changes.put("dropped and made of other keys", info("user:1", 0));
    changes.put("dropped and made of another field", with("attributes", other));
    changes.put("altered, and looking for keys", with("attributes", more));
    changes.get("altered, and looking for keys").put("indexing", 1L);
    changes.put("looking for keys", info("user:", 1));
    changes.put("made anew, passing over the keys that there are", with("num_docs", 3L));
    changes.put("failing", with("hash_indexing_failures", 1L));
    for (Map.Entry<String, Map<String, Object>> change : changes.entrySet()) {
      var reports = new ArrayList<ScanReport>();
      index("user:");
      server.handle("FT.SEARCH", words -> found(words, "user:2"));
      try (Redis redis = redis(protocol);
          Redis fresh = redis(protocol)) {
        Frame two =
            redis.hashes("user:*", USER, o -> o.onReport(reports::add)).filter(col("age").eq(2));
        assertThat(keys(two)).containsExactly("user:2");
        assertThat(reports.getLast().index()).isEqualTo("idx");
        server
            .handle("FT.INFO", words -> flat(change.getValue()))
            .handle("FT.SEARCH", words -> List.of(0L));
        assertThat(keys(two)).as(change.getKey()).containsExactly("user:2");
        assertThat(reports.getLast().index())
            .as(change.getKey())
            .isEqualTo("idx, given up: the index has changed");
        Frame again =
            fresh.hashes("user:*", USER, o -> o.onReport(reports::add)).filter(col("age").eq(2));
        assertThat(keys(again)).as(change.getKey()).containsExactly("user:2");
        assertThat(reports.getLast().index()).as(change.getKey()).isEmpty();
      }
    }
  }

  private static Map<String, Object> with(String name, Object value) {
    Map<String, Object> info = info("user:", 0);
    info.put(name, value);
    return info;
  }
}
