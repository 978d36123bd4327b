package dev.tarn.probe;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import dev.tarn.Tarn;
import dev.tarn.expr.Expr;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which filters and columns arrive at a source. */
class PushedFiltersTest {

  private static final Schema SCHEMA =
      Schema.of(
          "b", DataType.BOOLEAN,
          "ti", DataType.TINYINT,
          "i", DataType.INTEGER,
          "l", DataType.BIGINT,
          "h", DataType.HUGEINT,
          "f", DataType.FLOAT,
          "d", DataType.DOUBLE,
          "dec", DataType.decimal(12, 2),
          "s", DataType.VARCHAR,
          "bl", DataType.BLOB,
          "dt", DataType.DATE,
          "tm", DataType.TIME,
          "ts", DataType.TIMESTAMP,
          "tz", DataType.TIMESTAMPTZ,
          "id", DataType.UUID,
          "st", DataType.struct(new Field("x", DataType.INTEGER), new Field("y", DataType.VARCHAR)),
          "li", DataType.list(DataType.INTEGER));

  private Tarn tarn;
  private FilteringSource t;
  private FilteringSource u;

  @BeforeEach
  void open() {
    tarn = Tarn.open();
    t = new FilteringSource("t", SCHEMA, List.of());
    u = new FilteringSource("u", SCHEMA, List.of());
    tarn.register("t", frame(t));
    tarn.register("u", frame(u));
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private Frame frame(FilteringSource source) {
    return Frame.of(new Plan.Scan(source), tarn.engine());
  }

  private static String text(List<Expr> filters) {
    var sql = new ExprSql(DuckDbDialect.DUCKDB);
    return filters.stream().map(sql::text).collect(Collectors.joining("; "));
  }

  private String pushed(String where) {
    tarn.sql("SELECT 1 FROM t WHERE " + where).collect();
    return text(t.filters());
  }

  private List<Expr> filters(String where, Object... parameters) {
    tarn.sql("SELECT 1 FROM t WHERE " + where, parameters).collect();
    return t.filters();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "i = 5 # \"i\" = 5",
        "5 < i # \"i\" > 5",
        "i <> 5 # \"i\" <> 5",
        "i > 1 AND i < 5 # \"i\" BETWEEN 1 AND 5",
        "i NOT BETWEEN 1 AND 5 # (\"i\" < 1) OR (\"i\" > 5)",
        "i IN (1,2,3,4,5,6,7) # \"i\" IN (1, 2, 3, 4, 5, 6, 7)",
        "i NOT IN (1,2) # NOT (\"i\" IN (1, 2))",
        "i IN (1,2,NULL) # \"i\" IN (1, 2)",
        "s IS NULL # \"s\" IS NULL",
        "s IS NOT NULL # \"s\" IS NOT NULL",
        "i IS DISTINCT FROM 5 # \"i\" IS DISTINCT FROM 5",
        "i = 1 OR NOT (l = 2 AND s = 'a') # (\"i\" = 1) OR (\"l\" <> 2) OR (\"s\" <> 'a')",
        "b # \"b\"",
        "NOT b # NOT \"b\"",
        "s LIKE 'user:1%' # prefix(\"s\", 'user:1')",
        "s LIKE '%x' # suffix(\"s\", 'x')",
        "s LIKE '%x%' # contains(\"s\", 'x')",
        "s LIKE 'a_c' # \"s\" LIKE 'a_c'",
        "s NOT LIKE 'a_c' # NOT (\"s\" LIKE 'a_c')",
        "s ILIKE 'a_c' # \"s\" ILIKE 'a_c'",
        "starts_with(s, 'q') # starts_with(\"s\", 'q')",
        "upper(s) = 'A' # upper(\"s\") = 'A'",
        "length(s) > 3 # length(\"s\") > 3",
        "coalesce(s, 'x') = 'y' # coalesce(\"s\", 'x') = 'y'",
        "TRY_CAST(s AS INTEGER) = 5 # TRY_CAST(\"s\" AS INTEGER) = 5",
        "i::BIGINT = 5 # \"i\" = 5",
        "i + 1 > 5 # \"i\" > 4",
        "st.x = 5 # (\"st\").\"x\" = 5",
        "st.y LIKE 'a%' # prefix((\"st\").\"y\", 'a')",
        "dt = DATE '2024-01-01' - INTERVAL 30 DAY # \"dt\" = DATE '2023-12-02'",
        "year(dt) = 2024 # \"dt\" BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'",
        "d > 0 # \"d\" > 0.0e0",
        "d < 0 # \"d\" < (-0.0e0)",
        "d = 0 # \"d\" IN (0.0e0, -0.0e0)",
        "i < l # CAST(\"i\" AS BIGINT) < \"l\"",
        "i = 1 AND l = 2 AND s = 'a' # \"i\" = 1; \"l\" = 2; \"s\" = 'a'",
      })
  void filtersOfSqlTextArrive(String where, String expected) {
    assertThat(pushed(where)).isEqualTo(expected);
  }

  @Test
  void constantsHaveTheTypeOfTheirColumn() {
    assertThat(filters("ti = 5")).containsExactly(col("ti").eq(5));
    assertThat(filters("l = 5")).containsExactly(col("l").eq(5L));
    assertThat(filters("h = 5")).containsExactly(col("h").eq(BigInteger.valueOf(5)));
    assertThat(filters("f = 0.1")).containsExactly(col("f").eq(0.1f));
    assertThat(filters("d = 0.1")).containsExactly(col("d").eq(0.1));
    assertThat(filters("d = -1e300")).containsExactly(col("d").eq(-1e300));
    assertThat(filters("dec = 1.5")).containsExactly(col("dec").eq(new BigDecimal("1.50")));
    assertThat(filters("dec = -3")).containsExactly(col("dec").eq(new BigDecimal("-3.00")));
    assertThat(filters("b = true")).containsExactly(col("b").eq(true));
    assertThat(filters("tm = TIME '12:34:56.5'"))
        .containsExactly(col("tm").eq(LocalTime.parse("12:34:56.5")));
    assertThat(filters("ts > '2024-01-01 12:34:56.789'::TIMESTAMP"))
        .containsExactly(col("ts").gt(LocalDateTime.parse("2024-01-01T12:34:56.789")));
    assertThat(filters("tz > TIMESTAMPTZ '2024-01-01 00:00:00+02'"))
        .containsExactly(col("tz").gt(OffsetDateTime.parse("2023-12-31T22:00:00Z")));
    assertThat(filters("id = '7c1f1b4e-0f5e-4b0a-9d0b-0f5e4b0a9d0b'"))
        .containsExactly(col("id").eq(UUID.fromString("7c1f1b4e-0f5e-4b0a-9d0b-0f5e4b0a9d0b")));
    assertThat(text(filters("bl = '\\xAA''\\x00b'::BLOB"))).isEqualTo("\"bl\" = unhex('aa270062')");
    assertThat(filters("l = -9223372036854775807 - 1"))
        .containsExactly(col("l").eq(Long.MIN_VALUE));
  }

  @Test
  void textsComeThroughWhole() {
    for (String text :
        List.of("it's", "\"q\"", "é 🙂", "\t\\", "a\rb", "x".repeat(5000), ") AND (")) {
      assertThat(filters("s = ?", text)).containsExactly(col("s").eq(text));
    }
  }

  @Test
  void whatCouldBePrintedWithALossIsNotPushed() {
    for (String where :
        List.of(
            "s = e'a\\n\\nb'",
            "s = 'a' || chr(0) || 'b'",
            "d = 'nan'",
            "d < 'inf'",
            "dt < 'infinity'::DATE",
            "dt > '0044-03-15 (BC)'::DATE",
            "st = {'x': 1, 'y': 'a'}",
            "li = [1]")) {
      assertThat(filters(where)).as(where).isEmpty();
    }
  }

  @Test
  void whatIsAnotherValueNextTimeIsNotPushed() {
    assertThat(filters("random() < 0.5")).isEmpty();
    assertThat(filters("random() < 0.5 AND i = 5")).containsExactly(col("i").eq(5));
    assertThat(filters("dt > current_date - 3 AND age(ts) > INTERVAL 1 DAY")).isEmpty();
  }

  @Test
  void nowIsTheSameForTheFilterAndTheQuery() {
    Frame frame = tarn.sql("SELECT now() AS n FROM t WHERE tz <= now() - INTERVAL 1 HOUR");
    frame.collect();
    assertThat(t.filters()).hasSize(1);
    assertThat(frame.columns()).containsExactly("n");
    assertThat(tarn.sql("SELECT now(), current_date FROM t").collect().schema().names())
        .isEqualTo(tarn.sql("SELECT now(), current_date FROM range(1)").collect().schema().names());
  }

  @Test
  void everyWayToAskForNowIsPinned() {
    for (String time :
        List.of(
            "now()",
            "current_timestamp",
            "transaction_timestamp()",
            "get_current_timestamp()",
            "CAST(localtimestamp AS TIMESTAMPTZ)",
            "CAST(current_localtimestamp() AS TIMESTAMPTZ)")) {
      QueryPlan plan = tarn.plan(tarn.sql("FROM t WHERE tz > " + time));
      String pushed = plan.sources().getFirst().filters().getFirst();
      String moment = pushed.replaceAll(".*'(.*?)\\.(\\d+)\\+00'", "$1.$2").replaceAll("0+$", "");
      assertThat(plan.root().toString()).as(time).contains(moment);
    }
  }

  @Test
  void parametersAndFramesPushAlike() {
    assertThat(filters("i = ? AND s = ?", 7, "x"))
        .containsExactly(col("i").eq(7), col("s").eq("x"));
    frame(t).filter(col("i").eq(7)).select("s").collect();
    assertThat(t.filters()).containsExactly(col("i").eq(7));
    assertThat(t.requests.getLast().columns()).containsExactly("i", "s");
  }

  @Test
  void filtersComeFromOutsideViewsGroupsAndWindows() {
    tarn.register("v", frame(t).filter(col("l").gt(3L)).groupBy("i").agg(count().as("n")));
    tarn.sql("SELECT * FROM v WHERE i = 5 AND n > 2").collect();
    assertThat(t.filters()).containsExactlyInAnyOrder(col("l").gt(3L), col("i").eq(5));
    tarn.sql("SELECT * FROM (SELECT i, row_number() OVER (PARTITION BY i) AS r FROM t) WHERE i = 5")
        .collect();
    assertThat(t.filters()).containsExactly(col("i").eq(5));
  }

  @Test
  void eachUseHasFiltersOfItsOwn() {
    tarn.sql("SELECT * FROM t WHERE i = 1 UNION ALL SELECT * FROM t WHERE i = 2").collect();
    // text names the table once, so that both read the same: one or the other
    assertThat(t.filters()).containsExactly(col("i").eq(1).or(col("i").eq(2)));
    t.requests.clear();
    frame(t).filter(col("i").eq(1)).union(frame(t).filter(col("i").eq(2))).collect();
    assertThat(t.requests.stream().map(ScanRequest::filters))
        .containsExactly(List.of(col("i").eq(1)), List.of(col("i").eq(2)));
    tarn.sql("SELECT * FROM t WHERE i = 1 UNION ALL SELECT * FROM t").collect();
    assertThat(t.filters()).isEmpty();
  }

  @Test
  void anEqualityOfAJoinHoldsForBothSides() {
    tarn.sql("SELECT 1 FROM t JOIN u USING (i) WHERE t.i = 5 AND u.s = 'a'").collect();
    assertThat(t.filters()).containsExactly(col("i").eq(5));
    assertThat(u.filters()).contains(col("s").eq("a"));
  }

  @Test
  void theSideOfALeftJoinThatIsKeptIsNotFilteredByItsCondition() {
    tarn.sql("SELECT 1 FROM t LEFT JOIN u ON t.i = u.i AND t.l = 3 AND u.l = 4").collect();
    assertThat(t.filters()).isEmpty();
    assertThat(u.filters()).containsExactly(col("l").eq(4L));
    tarn.sql("SELECT 1 FROM t LEFT JOIN u ON t.i = u.i WHERE u.s IS NULL").collect();
    assertThat(u.filters()).isEmpty();
    frame(t).join(JoinKind.FULL, frame(u), "i").filter(col("s").eq("a")).collect();
    assertThat(u.filters()).isEmpty();
  }

  @Test
  void aNameThatMeansAnotherColumnIsNotTakenForIt() {
    tarn.sql("SELECT * FROM (SELECT i AS ti, ti AS i FROM t) WHERE i % 2 = 0 AND ti = 1").collect();
    assertThat(t.filters()).containsExactly(col("i").eq(1));
    tarn.sql("SELECT * FROM (SELECT i AS l, l AS i FROM t) WHERE i = 3").collect();
    assertThat(t.filters()).containsExactly(col("l").eq(3L));
  }

  @Test
  void onlyTheColumnsThatAreUsedAreAskedFor() {
    tarn.sql("SELECT s FROM t WHERE i = 1").collect();
    assertThat(t.requests.getLast().columns()).containsExactly("i", "s");
    tarn.sql("SELECT * FROM t").collect();
    assertThat(t.requests.getLast().columns()).isEqualTo(SCHEMA.names());
    tarn.sql("SELECT id FROM t").collect();
    assertThat(t.requests.getLast().columns()).containsExactly("id");
  }

  @Test
  void aQueryThatCannotMatchAsksForEverything() {
    assertThat(tarn.sql("SELECT 1 FROM t WHERE i = 1 AND i = 2").collect().size()).isZero();
    assertThat(t.filters()).isEmpty();
  }

  @Test
  void explainSaysWhatIsPushedAndWhatIsNot() {
    Frame frame = tarn.sql("SELECT s FROM t WHERE i = 5 AND dec > 1.005 AND li[1] = 2");
    QueryPlan plan = tarn.plan(frame);
    assertThat(plan.sources()).hasSize(1);
    QueryPlan.SourceUse use = plan.sources().getFirst();
    assertThat(use.filters()).containsExactly("\"i\" = 5");
    assertThat(use.columns()).containsExactly("i", "dec", "s", "li");
    assertThat(plan.pushes(QueryPlan.Pushdown.FILTER)).isTrue();
    assertThat(plan.pushes(QueryPlan.Pushdown.PROJECTION)).isTrue();
    assertThat(use.notes())
        .anyMatch(note -> note.startsWith("not pushed: ") && note.contains("1.005"))
        .anyMatch(note -> note.startsWith("not pushed: ") && note.contains("\"li\""));
    assertThat(plan.toString()).contains("filters pushed: \"i\" = 5 · not pushed: ");
  }

  @Test
  void manyQueriesCanBeProbedAtOnce() {
    IntStream.range(0, 64)
        .parallel()
        .forEach(n -> {
          var source = new FilteringSource("s" + n, SCHEMA, List.of());
          Frame one = frame(source).filter(col("i").eq(n));
          one.union(one).collect();
          assertThat(source.requests).hasSize(2);
          source.requests.forEach(r -> assertThat(r.filters()).containsExactly(col("i").eq(n)));
        });
  }

  @Test
  void aQueryThatTheStubsCannotStandInForRunsAllTheSame() {
    assertThat(frame(t).filter(lit(1).eq(1)).describe().collect().size()).isEqualTo(SCHEMA.size());
    assertThat(tarn.sql("SUMMARIZE t").collect().size()).isEqualTo(SCHEMA.size());
  }
}
