package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.min;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.INTEGER;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.expr.Expr;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Aggregates that the search module computes are those that the engine computes of the rows. */
class AggregateByIndexTest extends SalesTest {

  private static final Expr[] ALL = {
    sum("amount").as("total"),
    count().as("n"),
    min("amount").as("least"),
    max("amount").as("most"),
    mean("amount").as("mean")
  };

  @Test
  void allAggregatesOfARegion() throws Exception {
    index();
    put("region", "eu", "kind", "x", "amount", "10.25", "qty", "1");
    put("region", "eu", "kind", "x", "amount", "-2.5", "qty", "2");
    put("region", "EU", "kind", "y", "amount", "7", "qty", "-3");
    put("region", "a, b|c é", "amount", "0", "qty", "4");
    put("region", "", "amount", "123456789.0625");
    put("region", "us", "kind", "x", "qty", "5");
    put("amount", "1e3", "qty", "7");

    samePushed(f -> f.groupBy("region").agg(ALL));
    samePushed(f -> f.groupBy("region").agg(sum("amount").as("total")));
    samePushed(f -> f.agg(sum("amount").as("s"), count("qty").as("q"), max("qty").as("m")));
    samePushed(f -> f.groupBy("region").agg(sum("qty").as("q"), mean("qty").as("m"), count()));
    samePushed(f -> f.groupBy("region", "kind").agg(min("qty").as("q"), max("qty").as("m")));
    samePushed(f ->
        f.filter(col("region").eq("eu").and(col("amount").ge(-2.5)))
            .groupBy("kind")
            .agg(sum("amount").as("a"), count().as("n")));
    samePushed(f -> f.groupBy("region").agg(ALL).filter(col("n").gt(1)).sort(desc("total")));
  }

  @Test
  void valuesBesideEachOtherAreNotTakenForOthers() throws Exception {
    index();
    put("region", "ab", "kind", "c", "amount", "1");
    put("region", "a", "kind", "bc", "amount", "2");
    put("region", "abc", "kind", "", "amount", "4");
    put("kind", "abc", "amount", "8");
    samePushed(f -> f.groupBy("region", "kind").agg(sum("amount").as("s"), count().as("n")));
  }

  @Test
  void theLargestOfNegativeNumbersIsNegative() throws Exception {
    index();
    put("region", "eu", "amount", "-2");
    put("region", "eu", "amount", "-7.125");
    put("region", "us", "amount", "0");
    samePushed(f -> f.groupBy("region").agg(max("amount").as("m"), min("amount").as("l")));
  }

  @Test
  void numbersOfManyDigitsComeExactly() throws Exception {
    index();
    put("region", "eu", "amount", "0.1", "qty", "999999999999");
    put("region", "eu", "amount", "0.2", "qty", "1");
    put("region", "us", "amount", "1234567890.12345678", "qty", "-5");
    put("region", "xx", "amount", "9007199254740993", "qty", "-999999999999");
    samePushed(f -> f.groupBy("region").agg(ALL));
    samePushed(f -> f.groupBy("region").agg(sum("qty").as("s"), min("qty").as("m")));
  }

  @Test
  void whatIsNotCertainIsReadAsRows() throws Exception {
    index();
    put("region", "eu", "amount", "1e300", "qty", "9007199254740993");
    put("region", "us", "amount", "inf", "qty", "9007199254740993");
    same(f -> f.groupBy("region").agg(sum("amount").as("s")), false);
    same(f -> f.groupBy("region").agg(sum("qty").as("s")), false);
    same(f -> f.groupBy("qty").agg(count().as("n")), false);
    same(f -> f.groupBy("_key").agg(count().as("n")), false);
    same(f -> f.groupBy("region").agg(min("kind").as("n")), false);
    same(f -> f.filter(col("region").eq("it's \\ \"")).groupBy("kind").agg(count()), false);
    same(f -> f.filter(col("region").like("e%")).groupBy("kind").agg(count().as("n")), false);
  }

  @Test
  void aDocumentThatIsGoneIsNotCounted() throws Exception {
    index();
    String firstKey = "s:" + server.command("DBSIZE");
    put("region", "eu", "amount", "1");
    put("region", "us", "amount", "2");
    server.command("DEL", firstKey);
    assertThat(rows(indexed().groupBy("region").agg(sum("amount").as("s"), count().as("n"))))
        .containsExactly("{region=us, s=2.0, n=1}");
    assertThat(rows(indexed().agg(count().as("n"), sum("amount").as("s"))))
        .containsExactly("{n=1, s=2.0}");
  }

  /** As many have the column now as there were documents when they were counted last. */
  @Test
  void aDocumentWithoutTheColumnIsAGroupHoweverManyThereWere() throws Exception {
    index();
    put("kind", "x", "qty", "1");
    put("kind", "y", "qty", "2");
    samePushed(f -> f.groupBy("kind").agg(countDistinct("kind").as("n")));
    put("qty", "3");
    same(f -> f.groupBy("kind").agg(countDistinct("kind").as("n")), false);
    put("kind", "x");
    same(f -> f.agg(count("qty").as("n"), max("qty").as("m")), false);
  }

  @Test
  void aWholeNumberThatIsWrittenOtherwiseFailsAsInAScan() throws Exception {
    index();
    put("region", "eu", "amount", "1", "qty", "1.5");
    put("region", "us", "amount", "2", "qty", "1e3");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> indexed().groupBy("region").agg(sum("qty")).collect())
        .isInstanceOf(dev.tarn.error.BadData.class);
  }

  @Test
  void numbersAreThoseThatAScanReads() throws Exception {
    index();
    put("region", "eu", "amount", "0x10", "qty", "3000000000");
    put("region", "eu", "amount", "2", "qty", "2");
    put("region", "us", "amount", "-3", "qty", "3");
    Schema narrow = Schema.of("region", VARCHAR, "amount", DOUBLE, "qty", INTEGER);
    Frame indexed = redis.hashes("s:*", narrow, o -> o.index("i").onBadValue(BadValue.SET_NULL));
    assertThat(rows(indexed.groupBy("region").agg(sum("amount").as("s"), max("amount").as("m"))))
        .containsExactly("{region=eu, s=18.0, m=16.0}", "{region=us, s=-3.0, m=-3.0}");
    assertThat(rows(indexed.filter(col("amount").isNull()).agg(count().as("n"))))
        .containsExactly("{n=0}");
    assertThat(rows(indexed.agg(count("qty").as("n"), sum("qty").as("s"))))
        .containsExactly("{n=2, s=5}");
    assertThat(rows(indexed.filter(col("qty").isNull()).agg(count().as("n"))))
        .containsExactly("{n=1}");
  }

  @Test
  void explainShowsTheCommandOrTheReason() throws Exception {
    index();
    put("region", "eu", "amount", "1");
    assertThat(indexed().groupBy("region").agg(sum("amount")).explain().toString())
        .contains("FT.AGGREGATE i '*' LOAD 2 @region @amount GROUPBY 1 @region REDUCE COUNT 0");
    assertThat(indexed().groupBy("region").agg(min("kind")).explain().toString())
        .contains("not aggregated there: min(kind) is not computed there as here");
    assertThat(scanned().groupBy("region").agg(sum("amount")).explain().toString())
        .contains("not aggregated there: the options say so");
  }

  @Test
  void sqlIsAnsweredAsWell() throws Exception {
    index();
    put("region", "eu", "amount", "1.5");
    put("region", "us", "amount", "2.5");
    tarn.register("sales", indexed());
    server.forgetCalls();
    assertThat(
            tarn.sql("SELECT region, sum(amount) AS s FROM sales GROUP BY region ORDER BY s DESC")
                .collect()
                .toString())
        .contains("us", "2.5");
    assertThat(wasPushed()).isTrue();
  }

  @Test
  void byHandResultsHaveTypesAndAreWhole() throws Exception {
    index();
    put("region", "eu", "amount", "1.5");
    put("region", "eu", "amount", "2");
    put("region", "us", "qty", "7");
    Frame sums =
        redis
            .aggregate("i", "*")
            .groupBy("region")
            .reduce(sum("amount").as("total"), count(), max("qty").as("most"));
    assertThat(rows(sums))
        .containsExactly(
            "{region=eu, total=3.5, count(*)=2, most=null}",
            "{region=us, total=null, count(*)=1, most=7.0}");
    assertThat(sums.schema().toString())
        .isEqualTo("region VARCHAR\ntotal DOUBLE\ncount(*) BIGINT\nmost DOUBLE");
    assertThat(rows(redis.aggregate("i", "@region:{eu}").groupBy("region").reduce(mean("amount"))))
        .containsExactly("{region=eu, avg(amount)=1.75}");
    assertThat(rows(redis.aggregate("i", "@region:{eu}").reduce(sum("amount").as("s"))))
        .containsExactly("{s=3.5}");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> redis.aggregate("none", "*").reduce(sum("amount")))
        .hasMessageStartingWith("Cannot search none: there is no such index. Name one that is");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> redis.aggregate("i", "*").reduce(col("amount")))
        .hasMessage(
            "Cannot compute amount by an index: only count, countDistinct, sum, min, max and mean of fields can be. Aggregate a frame of the keys.");
  }

  /** What a result is taken apart into has names of its own. */
  @Test
  void fieldsMayBeCalledLikeOthersAndMore() throws Exception {
    List<String> names =
        List.of("q", "q_", "q_0", "q_1", "q_3", "q_x0", "q_h", "q_t", "q_r", "q_e", "q_s", "q__s");
    var create = new ArrayList<Object>(List.of("FT.CREATE", "i", "SCHEMA", "region", "TAG"));
    names.forEach(name -> create.addAll(List.of(name, "NUMERIC")));
    server.command(create.toArray());
    for (int row = 0; row < 6; row++) {
      var fields = new ArrayList<>(List.of("region", row % 2 == 0 ? "eu" : "us"));
      for (int i = 0; i < names.size(); i++) {
        fields.addAll(List.of(names.get(i), Integer.toString(row * 7 - i * 3 - 5)));
      }
      put(fields.toArray(String[]::new));
    }
    for (var type : List.of(DOUBLE, BIGINT)) {
      var columns = new ArrayList<Object>(List.of("region", VARCHAR));
      names.forEach(name -> columns.addAll(List.of(name, type)));
      Schema schema = Schema.of(columns.toArray());
      var calls = new ArrayList<Expr>();
      for (String name : names) {
        calls.addAll(
            List.of(
                sum(name).as("s" + name),
                min(name).as("l" + name),
                max(name).as("h" + name),
                count(name).as("n" + name)));
      }
      for (List<Expr> some : List.of(calls, calls.reversed())) {
        Expr[] all = some.toArray(Expr[]::new);
        server.forgetCalls();
        List<String> found =
            rows(redis.hashes("s:*", schema, o -> o.index("i")).groupBy("region").agg(all));
        assertThat(wasPushed()).isTrue();
        assertThat(found)
            .isEqualTo(
                rows(
                    redis.hashes("s:*", schema, o -> o.withoutIndex()).groupBy("region").agg(all)));
      }
    }
  }

  /** The engine gives the second column of a name another one. */
  @Test
  void aNameThatASelectHasTwiceIsNoneOfTheServers() throws Exception {
    index();
    put("region", "eu", "kind", "x", "amount", "1");
    put("region", "eu", "kind", "x", "amount", "2");
    put("region", "us", "kind", "y", "amount", "4");
    for (String from :
        List.of("(SELECT *, kind AS region FROM t)", "(SELECT kind AS region, * FROM t)")) {
      for (String query :
          List.of(
              "SELECT region, count(*) AS n, sum(amount) AS s FROM %s GROUP BY region",
              "SELECT count(*) AS n, sum(amount) AS s FROM %s WHERE region = 'x'",
              "WITH c AS (FROM %s) SELECT region, sum(amount) AS s FROM c GROUP BY region")) {
        tarn.register("t", scanned());
        List<String> expected = rows(tarn.sql(query.formatted(from)));
        tarn.register("t", indexed());
        assertThat(rows(tarn.sql(query.formatted(from)))).as(query + from).isEqualTo(expected);
      }
    }
  }

  /** The module looks at each value for each document, and tens of thousands end its server. */
  @Test
  void longListsOfValuesAreLeftToTheEngine() throws Exception {
    index();
    put("region", "eu", "kind", "x", "amount", "1");
    var values = new ArrayList<Object>();
    for (int i = 0; i < 60_000; i++) {
      values.add("value " + i);
    }
    values.add("eu");
    Expr many = col("region").in(values.toArray());
    assertThat(rows(indexed().filter(many).groupBy("kind").agg(count().as("n"))))
        .containsExactly("{kind=x, n=1}");
    assertThat(indexed().filter(many).groupBy("kind").agg(count()).explain())
        .contains("filters are too long to be computed for each document");
  }

  @Test
  void rowsThatAreLeftOutForABadValueAreNotAggregatedThere() throws Exception {
    index();
    put("region", "eu", "amount", "1", "note", "7");
    put("region", "eu", "amount", "2", "note", "bad");
    Schema noted = Schema.of("region", VARCHAR, "amount", DOUBLE, "note", BIGINT);
    Frame skipping = redis.hashes("s:*", noted, o -> o.index("i").onBadValue(BadValue.SKIP_ROW));
    assertThat(rows(skipping.groupBy("region").agg(sum("amount").as("s"))))
        .containsExactly("{region=eu, s=1.0}");
    assertThat(skipping.groupBy("region").agg(sum("amount")).explain())
        .contains("not aggregated there: rows with a bad value in any column are left out");
  }

  @Test
  void anIndexOfMoreKeysThanThePatternIsNotAskedForGroups() throws Exception {
    index();
    put("region", "eu", "amount", "1");
    put("region", "eu", "amount", "2");
    Frame one = redis.hashes("s:1*", SALE, o -> o.index("i"));
    assertThat(rows(one.groupBy("region").agg(sum("amount").as("s"))))
        .containsExactly("{region=eu, s=1.0}");
    assertThat(one.groupBy("region").agg(sum("amount")).explain())
        .contains("not aggregated there: i has other keys than s:1*");
  }

  /** What the server would not compute as the engine does is computed of the rows it finds. */
  @Test
  void byHandTheRowsAreReadWhereTheServersAnswerIsNotCertain() throws Exception {
    server.command(
        "FT.CREATE",
        "i",
        "SCHEMA",
        "region",
        "TAG",
        "amount",
        "NUMERIC",
        "SORTABLE",
        "qty",
        "NUMERIC");
    put("region", "eu", "amount", "1.5", "qty", "1");
    put("region", "eu", "amount", "-2", "qty", "2");
    put("region", "us", "qty", "2");
    server.command("HSET", "other", "region", "eu", "amount", "100");
    server.forgetCalls();
    assertThat(
            rows(
                redis
                    .aggregate("i", "@qty:[1 2]")
                    .groupBy("region")
                    .reduce(sum("amount").as("s"), max("amount").as("m"))))
        .containsExactly("{region=eu, s=-0.5, m=1.5}", "{region=us, s=null, m=null}");
    assertThat(wasPushed()).isFalse();
    assertThat(rows(redis.aggregate("i", "@region:{eu}").reduce(count().as("n"))))
        .containsExactly("{n=2}");
    assertThat(rows(redis.aggregate("i", "*").groupBy("qty").reduce(count().as("n"))))
        .containsExactly("{qty=1, n=1}", "{qty=2, n=2}");
    Frame pushed =
        redis.aggregate("i", "@region:{eu}").groupBy("region").reduce(sum("qty").as("s"));
    server.forgetCalls();
    assertThat(rows(pushed)).containsExactly("{region=eu, s=3.0}");
    assertThat(wasPushed()).as(pushed.explain().toString()).isTrue();
  }

  /** The rows that a query by hand finds are grouped as those of any other frame. */
  @Test
  void rowsOfASearchAreAggregatedThere() throws Exception {
    index();
    put("region", "eu", "amount", "1.5", "qty", "1");
    put("region", "us", "amount", "2", "qty", "2");
    put("region", "us", "amount", "4", "qty", "3");
    Frame found = redis.search("i", "@qty:[2 9]", SALE);
    for (Frame sums :
        List.of(
            found.groupBy("region").agg(sum("amount").as("s")),
            found.filter(col("qty").lt(3)).groupBy("region").agg(sum("amount").as("s")))) {
      server.forgetCalls();
      assertThat(rows(sums)).hasSize(1);
      assertThat(wasPushed()).as(sums.explain().toString()).isTrue();
    }
    assertThat(rows(found.filter(col("qty").lt(3)).groupBy("region").agg(sum("amount").as("s"))))
        .containsExactly("{region=us, s=2.0}");
  }

  // ---- random

  @Test
  void randomAggregatesAreTheEngines() {
    int[] pushed = new int[2];
    Seeds.each(
        Seeds.rounds(12, 250),
        random -> {
          server.command("FLUSHALL");
          index();
          boolean exact = random.nextInt(3) > 0;
          addRandom(random, exact);
          Frame memory = inMemory();
          double scale = scale(memory);
          for (int i = 0; i < 12; i++) {
            var query = new RandomAggregate(random, exact);
            List<Row> expected = query.of(memory).collect().stream().toList();
            compare(query, query.of(scanned()).collect().stream().toList(), expected, scale);
            server.forgetCalls();
            List<Row> found = query.of(indexed()).collect().stream().toList();
            pushed[0]++;
            pushed[1] += wasPushed() ? 1 : 0;
            compare(query, found, expected, scale);
          }
        });
    assertThat(pushed[1]).as("pushed of " + pushed[0]).isGreaterThan(pushed[0] / 3);
  }

  private static double scale(Frame rows) {
    return rows.collect().stream()
        .mapToDouble(row -> row.isNull("amount") ? 0 : Math.abs(row.doubleValue("amount")))
        .sum();
  }

  private static void compare(
      RandomAggregate query, List<Row> found, List<Row> expected, double scale) {
    if (query.isExact()) {
      assertThat(found).as(query.toString()).containsExactlyElementsOf(expected);
      return;
    }
    assertThat(found).as(query.toString()).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      for (Map.Entry<String, Object> value : expected.get(i).toMap().entrySet()) {
        Object other = found.get(i).toMap().get(value.getKey());
        if (value.getValue() instanceof Double number) {
          assertThat((Double) other).as(query.toString()).isCloseTo(number, within(scale * 1e-12));
        } else {
          assertThat(other).as(query + " " + found + " " + expected).isEqualTo(value.getValue());
        }
      }
    }
  }

  private static void addRandom(Random random, boolean exact) throws Exception {
    Map<String, Map<String, String>> documents = RandomAggregate.sales(random, exact);
    add("i", documents);
    if (random.nextInt(8) == 0) {
      server.command("DEL", "s:" + random.nextInt(documents.size()));
    }
    if (random.nextInt(8) == 0) {
      server.command("HSET", "s:0", "qty", "9007199254740993");
    }
  }
}
