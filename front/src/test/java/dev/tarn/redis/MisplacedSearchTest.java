package dev.tarn.redis;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.left;
import static dev.tarn.Columns.matches;
import static dev.tarn.Columns.nearest;
import static dev.tarn.Columns.not;
import static dev.tarn.Columns.partitionBy;
import static dev.tarn.Columns.rowNumber;
import static dev.tarn.Columns.sum;
import static dev.tarn.Columns.within;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.plan.JoinKind;
import dev.tarn.type.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where conditions of an index may not stand, and what is said where no index can tell. */
class MisplacedSearchTest extends SearchTest {

  private static final Schema PERSON =
      Schema.of("bio", VARCHAR, "home", VARCHAR, "age", BIGINT, "v", VARCHAR);

  private static final Expr RED = matches("bio", "red");
  private static final Expr NEAREST = nearest("v", new float[] {1, 2}, 5);

  private Frame people;

  @BeforeEach
  void people() throws Exception {
    server.command("FT.CREATE", "people", "SCHEMA", "bio", "TEXT", "home", "GEO", "age", "NUMERIC");
    var documents = new LinkedHashMap<String, Map<String, String>>();
    for (int i = 0; i < 20; i++) {
      documents.put("p:" + i, Map.of("bio", "red", "age", "" + i));
    }
    add("people", documents);
    people = redis.hashes("p:*", PERSON, o -> o.index("people"));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(InvalidRequest.class).hasMessageStartingWith(message);
  }

  @Test
  void theEngineDoesNotComputeThem() {
    String where =
        "Cannot compute matches(bio, 'red'): an index tells it, and the engine cannot. Put it into a filter(…) by itself or under AND, not under OR, NOT or another expression.";
    List<ThrowingCallable> wrong =
        List.of(
            () -> people.filter(RED.or(col("age").eq(1))),
            () -> people.filter(not(RED)),
            () -> people.filter(RED.and(not(RED))),
            () -> people.filter(RED.eq(true)),
            () -> people.select(RED.as("red")),
            () -> people.withColumns(RED.as("red")),
            () -> people.sort(RED),
            () -> people.groupBy(RED.as("red")),
            () -> people.groupBy("age").agg(sum("age").where(RED).as("n")),
            () -> people.join(JoinKind.INNER, people, left("age").eq(1).and(RED)));
    wrong.forEach(call -> refused(call, where));
  }

  @Test
  void otherRowsDoNotLieBetween() {
    refused(
        () -> people.limit(3).filter(RED),
        "Cannot filter by matches(bio, 'red'): \"limit 3\" stands between the filter and the source. Filter before it.");
    List<Frame> others =
        List.of(
            people.distinct(),
            people.distinctOn("bio"),
            people.sample(3),
            people.union(people),
            people.join(people, "_key"),
            people.groupBy("bio").agg(count().as("n")),
            people.unpivot(List.of("home", "v"), "what", "text"),
            people.sql("SELECT * FROM this"));
    others.forEach(
        other -> refused(() -> other.filter(RED), "Cannot filter by matches(bio, 'red'): \""));
    var window = partitionBy("age");
    String mixed =
        "Cannot filter by matches(bio, 'red'): a window, or SQL text that may have one, stands between the filter and the source. Filter before it.";
    refused(() -> people.withColumns(rowNumber().over(window).as("n")).filter(RED), mixed);
    refused(() -> people.filter(rowNumber().over(window).eq(1)).filter(RED), mixed);
    refused(() -> people.select("bio", dev.tarn.Columns.sql("age + 1").as("n")).filter(RED), mixed);
    refused(
        () -> people.withColumns(col("bio").upper().as("bio")).filter(RED),
        "Cannot filter by matches(bio, 'red'): column bio is computed. Name one of the source.");
  }

  @Test
  void theNearestAreThoseOfAllRows() {
    refused(
        () -> people.filter(col("age").gt(3)).filter(NEAREST),
        "Cannot filter by nearest(v, 2 numbers, 5): the index would find the nearest of all rows, and not of those that an earlier filter left. Filter by it first.");
    String alone =
        "nearest would be others than those that are meant. Filter by the other conditions first, and then by nearest(…) in a filter of its own, once. [redis hashes p:*";
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> people.filter(NEAREST.and(RED)),
            () -> people.filter(NEAREST).filter(RED),
            () -> people.filter(NEAREST).filter(NEAREST))) {
      assertThatThrownBy(call).isInstanceOf(InvalidRequest.class).hasMessageContaining(alone);
    }
  }

  @Test
  void saysWhatCannotBeLookedFor() {
    refused(
        () -> people.filter(matches("bios", "red")),
        "Cannot filter by column bios: [redis hashes p:*] has _key, bio, home, age, v. Did you mean bio?");
    refused(
        () -> people.filter(matches("bio", " -?! ")),
        "Cannot filter by matches(bio, ' -?! '): there is no word in it. Give one at least. [redis hashes p:*]");
    refused(
        () -> within("home", 181, 3, 5),
        "Cannot search near longitude 181.0, latitude 3.0: there is no such place.");
    refused(() -> within("home", 1, Double.NaN, 5), "Cannot search near longitude 1.0");
    refused(() -> within("home", 1, 3, 0), "Cannot search within 0.0 metres. Give more than 0.");
    refused(
        () -> people.filter(within("home", 1, 89, 5)),
        "Cannot filter by within(home, 1, 89, 5 m): Redis knows places from latitude -85.05112878 to 85.05112878.");
    refused(() -> nearest("v", new float[0], 5), "Cannot search near a vector that is empty");
    refused(() -> nearest("v", new float[] {Float.NaN}, 5), "Cannot search near a vector");
    refused(() -> nearest("v", new float[1], 0), "Cannot search for the nearest 0.");
  }

  @Test
  void onlyHashesAndDocumentsHaveAnIndex() {
    refused(
        () -> tarn.rows(people.limit(1).collect()).filter(RED),
        "Cannot filter by matches(bio, 'red'): [rows] has no index to be searched. Filter a frame of hashes or JSON documents of Redis.");
    refused(
        () -> redis.strings("s:*", VARCHAR).filter(matches("value", "red")),
        "Cannot filter by matches(value, 'red'): no index is of strings.");
    refused(
        () -> redis.search("people", "@bio:red", PERSON).filter(RED),
        "Cannot filter by matches(bio, 'red'): the rows are those of a query. Write the condition into the query. [redis search people @bio:red]");
    refused(
        () -> redis.hashes("p:*", PERSON, ScanOptions::withoutIndex).filter(RED),
        "Cannot filter by matches(bio, 'red'): the options say to use no index.");
  }

  @Test
  void saysWhichIndexesThereAreAndWhyTheyCannotTell() {
    refused(
        () -> redis.hashes("p:*", PERSON).filter(RED).collect(),
        "Cannot filter by matches(bio, 'red'): no index can tell: version 1 of the search module does not list its indexes; name one by index(…). Make one of p:* with bio as TEXT by createIndex(…), or name one by index(…). [redis hashes p:* where matches(bio, 'red')]");
    refused(
        () -> redis.hashes("p:*", PERSON, o -> o.index("none")).filter(RED).explain(),
        "Cannot filter by matches(bio, 'red'): no index can tell: there is no index none. Make");
    refused(
        () -> people.filter(matches("v", "red").and(within("home", 1, 2, 3))).collect(),
        "Cannot filter by matches(v, 'red') and within(home, 1, 2, 3 m): no index can tell: v: people has it as no TEXT. Make one of p:* with v as TEXT and home as GEO by createIndex(…)");
    refused(
        () -> people.filter(NEAREST).collect(),
        "Cannot filter by nearest(v, 2 numbers, 5): no index can tell: version 1 of the search module has no vectors. Make one of p:* with v as VECTOR by createIndex(…)");
    refused(
        () -> people.filter(matches("_key", "red")).collect(),
        "Cannot filter by matches(_key, 'red'): no index can tell: column _key is no field.");
    for (int i = 0; i < 20; i++) {
      server.command("HSET", "p:later:" + i, "bio", "red");
    }
    refused(
        () -> people.filter(RED).collect(),
        "Cannot filter by matches(bio, 'red'): no index can tell: people does not have 20 of 40 keys that were looked at.");
  }
}
