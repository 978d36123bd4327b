package dev.tarn.redis;

import static dev.tarn.Columns.asc;
import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.BadData;
import dev.tarn.testkit.Seeds;
import dev.tarn.testkit.redis.RedisOptions;
import dev.tarn.testkit.redis.RedisServer;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first groups of an order come from the search module, and are those of the engine. */
class TopByIndexTest extends SalesTest {

  /** Texts that a server may compare otherwise than the engine; those with NUL come last. */
  private static final List<String> TEXTS =
      List.of("", " ", "R1", "é", "\uFFFD", "😀", "1", "0", "(null)", "r1\0b", "r1\0", "r1\0aa");

  private int documents;

  private void sale(String... fieldsAndValues) throws Exception {
    add("i", Map.of("s:" + documents++, fields(fieldsAndValues)));
  }

  private static Map<String, String> fields(String... fieldsAndValues) {
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      fields.put(fieldsAndValues[i], fieldsAndValues[i + 1]);
    }
    return fields;
  }

  /** Regions r1, r2, …, of so many documents. */
  private void regions(int... counts) throws Exception {
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < counts.length; i++) {
      for (int k = 0; k < counts[i]; k++) {
        all.put("s:" + documents++, fields("region", "r" + i, "amount", "1", "qty", "" + k));
      }
    }
    add("i", all);
  }

  private static List<String> ordered(Frame frame) {
    return frame.collect().stream().map(Row::toString).toList();
  }

  /** How many aggregates were asked for; all rows were read where it is below 0. */
  private long asked(Frame frame) {
    server.forgetCalls();
    frame.collect();
    Map<String, Long> calls = server.calls();
    return calls.containsKey("HMGET") ? -1 : calls.getOrDefault("FT.AGGREGATE", 0L);
  }

  private void same(UnaryOperator<Frame> query, long asked) {
    assertThat(ordered(query.apply(indexed()))).isEqualTo(ordered(query.apply(inMemory())));
    assertThat(asked(query.apply(indexed()))).isEqualTo(asked);
  }

  @Test
  void explainShowsTheCommand() throws Exception {
    index();
    sale("region", "eu", "amount", "1");
    Frame groups =
        indexed()
            .groupBy("region")
            .agg(count().as("n"), sum("amount").as("s"), sum("qty").as("q"), max("qty").as("m"));
    Frame counts = indexed().groupBy("region").agg(count().as("n"));
    assertThat(counts.sort(desc("n")).limit(7, 3).explain())
        .contains(
            "FT.AGGREGATE i '*' LOAD 1 @region GROUPBY 1 @region REDUCE COUNT 0 AS __t_n"
                + " SORTBY 2 @__t_n DESC MAX 11 LIMIT 0 11");
    assertThat(
            indexed()
                .groupBy("region")
                .agg(sum("amount").as("s"))
                .sort(desc("s"), asc("region"))
                .limit(2)
                .explain())
        .contains(
            "APPLY '(format(\"%s\",@__t_s_amount-@__t_s_amount)==\"0\")' AS __t_o"
                + " SORTBY 4 @__t_o ASC @__t_s_amount DESC MAX 1002 LIMIT 0 1002");
    assertThat(groups.filter(col("n").gt(1)).sort(desc("n")).limit(2).explain())
        .contains("FT.AGGREGATE")
        .doesNotContain("SORTBY");
    for (Frame all :
        List.of(
            counts.sort("n").limit(3),
            counts.sort(desc("n")).limit(100_001),
            counts.sort(desc("n")).limit(Long.MAX_VALUE),
            counts.sort(desc("n"), asc("region")).limit(Long.MAX_VALUE - 500),
            counts.sort(desc("n")),
            groups.sort(desc("n")).limit(3),
            groups.sort(desc("s").nullsFirst()).limit(3),
            counts.sort(asc("region").nullsFirst()).limit(3))) {
      assertThat(all.explain()).contains("FT.AGGREGATE").doesNotContain("SORTBY");
    }
    for (Frame first :
        List.of(
            groups.sort("s").limit(3),
            groups.sort(desc("q")).limit(3),
            groups.sort(desc("m")).limit(3),
            counts.sort(desc("region")).limit(3))) {
      assertThat(first.explain()).contains("SORTBY");
    }
  }

  @Test
  void theLargestGroupsComeByThemselves() throws Exception {
    index();
    regions(3, 9, 1, 7, 4, 4, 2, 1);
    same(f -> f.groupBy("region").agg(count().as("n")).sort(desc("n")).limit(2), 1);
    same(
        f ->
            f.groupBy("region")
                .agg(max("amount").as("m"), count().as("n"))
                .sort(desc("n"), asc("region"))
                .limit(2, 1),
        1);
    tarn.register("sales", indexed());
    server.forgetCalls();
    assertThat(
            ordered(
                tarn.sql(
                    "SELECT region FROM sales GROUP BY region ORDER BY count(*) DESC LIMIT 1")))
        .containsExactly("{region=r1}");
    assertThat(server.calls()).containsEntry("FT.AGGREGATE", 1L).doesNotContainKey("HMGET");
  }

  @Test
  void aGroupOfNullIsAmongTheFirstWhereItIsLargeAndNotWhereItIsSmall() throws Exception {
    index();
    regions(5, 4, 4, 2, 1);
    sale("amount", "1");
    UnaryOperator<Frame> top =
        f ->
            f.groupBy("region")
                .agg(count().as("n"), max("amount").as("m"))
                .sort(desc("n"))
                .limit(1);
    same(top, 1);
    for (int i = 0; i < 6; i++) {
      sale("amount", "1");
    }
    same(top, 2);
  }

  /** Where each document is looked at it is taken for one that is gone. */
  @Test
  void aDocumentWithoutTheFieldsIsOfAGroupThatIsNotTakenThen() throws Exception {
    index();
    regions(5, 4, 3, 2, 1);
    sale("qty", "100");
    sale("kind", "x");
    UnaryOperator<Frame> sums = f -> f.groupBy("region").agg(sum("qty").as("q"), count().as("n"));
    same(f -> sums.apply(f).sort(desc("q")).limit(1), -1);
    same(f -> sums.apply(f).sort("q").limit(1), 1);
    same(f -> sums.apply(f.filter(col("qty").ge(0))).sort(desc("q")).limit(1), 1);
    same(f -> sums.apply(f).sort(desc("n")).limit(1), -1);
  }

  /** They are counted to the group of null. */
  @Test
  void documentsThatAreGoneMakeNoGroupLarge() throws Exception {
    index();
    int gone = documents;
    for (int i = 0; i < 9; i++) {
      sale("region", "gone", "amount", "1");
    }
    regions(5, 4, 3, 2, 2);
    sale("amount", "1");
    for (int i = 0; i < 9; i++) {
      server.command("DEL", "s:" + (gone + i));
    }
    same(f -> f.groupBy("region").agg(count().as("n")).sort(desc("n"), asc("region")).limit(2), -1);
    same(f -> f.groupBy("region").agg(count().as("n")).sort("n").limit(1), -1);
    same(f -> f.groupBy("region").agg(sum("qty").as("q")).sort(desc("q")).limit(2), 1);
    same(f -> f.groupBy("region").agg(count().as("n")).sort("region").limit(2), 1);
    same(
        f ->
            f.filter(col("amount").gt(0))
                .groupBy("region")
                .agg(count().as("n"))
                .sort(desc("n"))
                .limit(3),
        1);
  }

  /** Infinite and of both signs they make a sum that no order has a place for. */
  @Test
  void aSumThatIsNoNumberIsSeenWhereverItStands() throws Exception {
    index();
    for (int i = 0; i < 40; i++) {
      sale("region", "r" + i, "amount", "" + i);
    }
    sale("region", "x", "amount", "inf");
    sale("region", "x", "amount", "-inf");
    UnaryOperator<Frame> sums = f -> f.groupBy("region").agg(sum("amount").as("s"));
    same(f -> sums.apply(f).sort(desc("s")).limit(3), -1);
    same(f -> sums.apply(f).sort("s").limit(3), -1);
    same(
        f ->
            f.filter(col("amount").lt(30))
                .filter(col("amount").gt(-5))
                .groupBy("region")
                .agg(sum("amount").as("s"))
                .sort(desc("s"))
                .limit(3),
        2);
  }

  @Test
  void whatTheServerTakesForTheSameIsLookedAtMoreClosely() throws Exception {
    index();
    for (int i = 0; i < 40; i++) {
      sale("region", "r" + i, "amount", "-" + (i + 1), "qty", "1");
      sale("region", "n" + i, "qty", "1");
    }
    sale("region", "p", "amount", "3");
    UnaryOperator<Frame> groups =
        f -> f.groupBy("region").agg(sum("amount").as("s"), max("amount").as("m"));
    same(f -> groups.apply(f).sort(desc("m")).limit(1), 1);
    same(f -> groups.apply(f).sort(desc("m")).limit(3), 2);
    same(f -> groups.apply(f).sort(asc("m"), asc("region")).limit(3), 2);
    UnaryOperator<Frame> sums = f -> f.groupBy("region").agg(sum("amount").as("s"));
    same(f -> sums.apply(f).sort(asc("s"), asc("region")).limit(40), 1);
    same(f -> sums.apply(f).sort(asc("s"), asc("region")).limit(44), 2);
    same(f -> sums.apply(f).sort(desc("s").nullsFirst()).limit(3).select("s"), 2);
    same(
        f ->
            f.filter(col("qty").eq(1))
                .groupBy("region")
                .agg(max("amount").as("m"), count("amount").as("n"))
                .sort(desc("m"), asc("region"))
                .limit(3),
        1);
    same(
        f ->
            f.filter(col("qty").eq(1))
                .groupBy("region")
                .agg(mean("amount").as("m"), count().as("n"))
                .sort(asc("m"))
                .limit(3),
        1);
  }

  @Test
  void wholeNumbersThatAScanDoesNotReadAreSeenInWhateverGroup() throws Exception {
    index();
    regions(9, 8, 7, 6, 5, 4);
    UnaryOperator<Frame> top =
        f ->
            f.groupBy("region")
                .agg(max("qty").as("m"), sum("qty").as("s"))
                .sort(desc("s"))
                .limit(2);
    same(top, 1);
    sale("region", "last", "qty", "1e0");
    assertThatThrownBy(() -> top.apply(indexed()).collect()).isInstanceOf(BadData.class);
    server.command("HSET", "s:" + (documents - 1), "qty", "-9007199254740993");
    same(top, -1);
  }

  @Test
  void textsAreInTheEnginesOrder() throws Exception {
    index();
    for (String text :
        List.of("b", "B", "", "é", "ab", "a", "10", "9", " ", "\u0001", "\uFFFD", "😀", "a b")) {
      sale("region", text, "amount", "1");
    }
    sale("amount", "1");
    UnaryOperator<Frame> counts = f -> f.groupBy("region").agg(count().as("n"));
    for (int limit = 1; limit < 12; limit++) {
      int rows = limit;
      same(f -> counts.apply(f).sort(asc("region")).limit(rows), 1);
      same(f -> counts.apply(f).sort(desc("region")).limit(rows), 1);
    }
    for (String text : List.of("a\0e", "a\0d", "a\0c", "a\0b", "a\0a", "a\0f")) {
      sale("region", text, "amount", "1"); // which are the same to the server
    }
    for (int limit = 1; limit < 12; limit++) {
      int rows = limit;
      assertThat(ordered(counts.apply(indexed()).sort("region").limit(rows)))
          .isEqualTo(ordered(counts.apply(inMemory()).sort("region").limit(rows)));
    }
  }

  /** More than a thousand have what the last has that is wanted. */
  @Test
  void whereTooManyAreEqualAllGroupsCome() throws Exception {
    index();
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 1500; i++) {
      all.put("s:" + i, fields("region", "r" + i, "amount", "2", "kind", "k" + i % 3));
    }
    add("i", all);
    UnaryOperator<Frame> counts = f -> f.groupBy("region").agg(count().as("n"));
    same(f -> counts.apply(f).sort(desc("n"), asc("region")).limit(5), 2);
    same(f -> counts.apply(f).sort(desc("region"), asc("n")).limit(5), 1);
    assertThat(asked(counts.apply(indexed()).sort(desc("n")).limit(5))).isEqualTo(1);
    assertThat(ordered(counts.apply(indexed()).sort(desc("n")).limit(5)))
        .hasSize(5)
        .allMatch(row -> row.endsWith("n=1}"));
  }

  /** A server with many regions of one document, and then some of more from one to the next. */
  private RedisServer large(String timeout) throws Exception {
    RedisServer large =
        RedisServer.start(
            RedisOptions.PLAIN.line(
                "loadmodule " + RedisServer.SEARCH_MODULE + " SAFEMODE TIMEOUT " + timeout));
    large.command("FT.CREATE", "i", "SCHEMA", "region", "TAG");
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 101_000; i++) {
      int last = i - 100_000;
      all.put("s:" + i, Map.of("region", "r" + (last < 0 ? 1000 + i : (int) Math.sqrt(last))));
    }
    add(large, "i", all);
    return large;
  }

  private Frame counts(Redis of) {
    return of.hashes("s:*", Schema.of("region", VARCHAR), o -> o.index("i"))
        .groupBy("region")
        .agg(count().as("n"));
  }

  @Test
  void thereMayBeMoreGroupsThanAreEverSent() throws Exception {
    try (RedisServer large = large("0");
        Redis patient = Redis.open(large.url(), tarn.engine())) {
      Frame top = counts(patient).sort(desc("n"), asc("region")).limit(2);
      large.forgetCalls();
      assertThat(ordered(top)).containsExactly("{region=r30, n=61}", "{region=r29, n=59}");
      assertThat(large.calls()).containsEntry("FT.AGGREGATE", 1L).doesNotContainKey("HMGET");
      assertThat(counts(patient).collect().size()).isEqualTo(100_032);
      assertThat(large.calls()).containsKey("HMGET");
    }
  }

  /** A module that runs out of time answers with the first of the groups that it has seen. */
  @Test
  void theFirstGroupsOfAPartAreNotTaken() throws Exception {
    try (RedisServer large = large("20");
        Redis hasty = Redis.open(large.url(), tarn.engine())) {
      Frame top = counts(hasty).sort("region").limit(1);
      assertThat(top.explain()).contains("SORTBY 2 @region ASC MAX 2");
      for (int i = 0; i < 3; i++) {
        assertThat(ordered(counts(hasty).sort(desc("n")).limit(2)))
            .containsExactly("{region=r30, n=61}", "{region=r29, n=59}");
        assertThat(ordered(top)).containsExactly("{region=r0, n=1}");
      }
    }
  }

  // ---- random

  /** What is computed behind a sort ends it the second time. */
  @Test
  void theServerOutlivesManyOfThem() throws Exception {
    index();
    regions(IntStream.range(0, 40).map(i -> i * 7 % 13).toArray());
    var random = new Random(1);
    server.forgetCalls();
    for (int i = 0; i < 40; i++) {
      Frame top = new RandomTopByIndex(random).of(indexed());
      for (int again = 0; again < 8; again++) {
        top.collect();
      }
    }
    assertThat(server.calls().get("FT.AGGREGATE")).isGreaterThan(300);
  }

  @Test
  void randomTopsAreTheEngines() {
    int[] first = new int[1];
    Seeds.each(
        Seeds.rounds(8, 400),
        random -> {
          server.command("FLUSHALL");
          index();
          documents = 0;
          addRandom(random, random.nextInt(3));
          Frame memory = inMemory();
          for (int i = 0; i < 8; i++) {
            var query = new RandomTopByIndex(random);
            List<String> expected = ordered(query.keysOf(memory));
            List<String> all = ordered(query.allOf(memory));
            for (Frame frame : List.of(indexed(), scanned())) {
              List<String> found = ordered(query.of(frame));
              assertThat(all).as(query.toString()).containsAll(found);
              assertThat(found).as(query.toString()).doesNotHaveDuplicates();
              assertThat(ordered(query.keysOf(frame))).as(query.toString()).isEqualTo(expected);
            }
            first[0] +=
                query.of(indexed()).explain().contains("SORTBY") && asked(query.of(indexed())) == 1
                    ? 1
                    : 0;
          }
        });
    if (System.getProperty("tarn.seed") == null) {
      assertThat(first[0]).isPositive();
    }
  }

  /**
   * Regions of few documents, and some large ones.
   *
   * @param doubt how much of what makes a group's place uncertain
   */
  private void addRandom(Random random, int doubt) throws Exception {
    boolean many = random.nextInt(3) == 0; // more than are asked for where ties count
    int regions = many ? 3000 : random.nextInt(1, 150);
    long unit = 1L << (random.nextInt(4) == 0 ? 50 : 0);
    boolean positive = random.nextBoolean();
    int texts = TEXTS.size() - (doubt > 0 && random.nextInt(6) == 0 ? 0 : 3);
    var all = new LinkedHashMap<String, Map<String, String>>();
    for (int i = many ? 2500 : random.nextInt(1, 500); i > 0; i--) {
      var fields = new LinkedHashMap<String, String>();
      fields.put("other", "1");
      if (random.nextInt(20) > 0) {
        fields.put("region", "r" + (int) (regions * Math.pow(random.nextDouble(), 1 + doubt)));
        if (random.nextInt(20) == 0) {
          fields.put("region", TEXTS.get(random.nextInt(texts)));
        }
      }
      if (random.nextInt(4) > 0) {
        fields.put("kind", "k" + random.nextInt(3));
      }
      if (random.nextInt(4) > 0) {
        double amount = (random.nextInt(80) - (positive ? -1 : 40)) * 0.25 * unit;
        fields.put("amount", amount == 0 ? "0" : new BigDecimal(amount).toPlainString());
      }
      if (random.nextInt(4) > 0) {
        fields.put("qty", Integer.toString(random.nextInt(-5, positive ? 50 : 6)));
      }
      if (doubt > 1 && random.nextInt(300) == 0) {
        fields.put("amount", random.nextBoolean() ? "inf" : "-inf");
      }
      if (fields.size() == 1) { // the module does not take up what has none of its fields
        fields.put("kind", "k0");
      }
      all.put("s:" + documents++, fields);
    }
    add("i", all);
    if (doubt > 0) {
      for (int i = random.nextInt(4); i > 0; i--) {
        server.command("DEL", "s:" + random.nextInt(documents));
      }
    }
    if (doubt > 1 && random.nextInt(4) == 0) {
      server.command("HSET", "s:0", "qty", "9007199254740993");
    }
  }
}
