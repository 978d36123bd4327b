package dev.tarn.probe;

import static dev.tarn.Columns.asc;
import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.sql;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.error.TarnException;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Source;
import dev.tarn.spi.TopGroups;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of its groups a source is asked for, which sends no other: the rows are the engine's. */
class TopGroupsTest {

  private static final Schema SCHEMA =
      Schema.of("Region", VARCHAR, "kind", VARCHAR, "amount", DOUBLE, "qty", BIGINT);

  private Tarn tarn;
  private AggregatingSource source;

  @BeforeEach
  void open() {
    tarn = Tarn.open();
    use(new Random(1), 400);
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private void use(Random random, int count) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < count; i++) {
      rows.add(
          FilteringSource.row(
              SCHEMA,
              random.nextInt(9) == 0 ? null : "r" + (int) (40 * Math.pow(random.nextDouble(), 2)),
              random.nextInt(5) == 0 ? null : "k" + random.nextInt(3),
              random.nextInt(3) == 0 ? null : random.nextInt(-8, 9) * 0.5,
              random.nextInt(3) == 0 ? null : (long) random.nextInt(-3, 4)));
    }
    source = new AggregatingSource(SCHEMA, rows);
    tarn.register("t", frame(source));
    tarn.register("p", frame(source.plain()));
  }

  private Frame frame(Source of) {
    return Frame.of(new Plan.Scan(of), tarn.engine());
  }

  private TopGroups asked() {
    assertThat(source.answered).hasSize(1);
    return source.answered.getFirst().top();
  }

  private static List<String> rows(Frame frame) {
    return frame.collect().stream().map(Object::toString).toList();
  }

  private void same(String sql) {
    assertThat(rows(tarn.sql(sql))).isEqualTo(rows(tarn.sql(sql.replace(" t ", " p "))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ORDER BY n DESC LIMIT 5                    | 2 DESC LAST 5 ANY
          ORDER BY count(*) DESC LIMIT 5             | 2 DESC LAST 5 ANY
          ORDER BY N LIMIT 5 OFFSET 3                | 2 ASC LAST 8 ANY
          ORDER BY 3 DESC NULLS FIRST, 1 LIMIT 1     | 1 DESC FIRST 1 ALL
          ORDER BY s DESC NULLS LAST, n, 1 LIMIT 7   | 1 DESC LAST 7 ALL
          ORDER BY region LIMIT 4                    | 0 ASC LAST 4 ANY
          ORDER BY t.region DESC LIMIT 4             | 0 DESC LAST 4 ANY
          ORDER BY r DESC LIMIT 4                    | 0 DESC LAST 4 ANY
          ORDER BY max(qty) DESC, n + 1 LIMIT 4      | 3 DESC LAST 4 ALL
          """)
  void ofAnOrderAndALimitTheFirst(String order, String expected) {
    rows(
        tarn.sql(
            "SELECT region AS r, count(*) AS n, sum(amount) AS s FROM t GROUP BY region " + order));
    TopGroups top = asked();
    // in the order in which they are met: the SELECT's, then those of ORDER BY alone
    String column = List.of("0", "2", "1", "3").get(top.column());
    assertThat(
            "%s %s %s %s %s"
                .formatted(column, top.direction(), top.nulls(), top.rows(), top.ties()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GROUP BY region HAVING count(*) > 2 ORDER BY n DESC LIMIT 5",
        "GROUP BY region ORDER BY n DESC",
        "GROUP BY region LIMIT 5",
        "GROUP BY region ORDER BY n DESC LIMIT 50%",
        "GROUP BY region ORDER BY n + 0 DESC LIMIT 5",
        "GROUP BY region ORDER BY -n LIMIT 5",
        "GROUP BY region ORDER BY n DESC LIMIT (SELECT 3)",
        "GROUP BY region ORDER BY n DESC LIMIT 0",
        "GROUP BY region ORDER BY n DESC OFFSET 2",
        "GROUP BY region ORDER BY ALL LIMIT 5",
        "GROUP BY region ORDER BY region COLLATE NOCASE LIMIT 5",
        "GROUP BY region ORDER BY c LIMIT 5",
        "GROUP BY region ORDER BY twice DESC LIMIT 5",
      })
  void inDoubtAllGroupsAreAskedFor(String rest) {
    String sql =
        "SELECT region, count(*) AS n, CAST(sum(amount) AS VARCHAR) AS c, sum(qty) AS twice,"
            + " max(qty) AS twice FROM t "
            + rest;
    rows(tarn.sql(sql));
    assertThat(source.answered).noneMatch(request -> request.top() != null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT DISTINCT n FROM (SELECT region, count(*) AS n FROM t GROUP BY region) ORDER BY n DESC LIMIT 5",
        "SELECT DISTINCT count(*) AS n FROM t GROUP BY region ORDER BY n DESC LIMIT 5",
        "SELECT * FROM (SELECT region, count(*) AS n FROM t GROUP BY region) ORDER BY n DESC, region LIMIT 5",
        "SELECT region, count(*) AS n FROM t GROUP BY region UNION ALL SELECT kind, count(*) FROM p"
            + " GROUP BY kind ORDER BY n DESC, region LIMIT 5",
      })
  void whatIsCutOffLaterIsAskedForWhole(String sql) {
    same(sql);
    assertThat(source.answered).isNotEmpty().noneMatch(request -> request.top() != null);
  }

  @Test
  void eachSelectIsCutOffForItself() {
    String sql =
        "SELECT a.region, a.n FROM (SELECT region, count(*) AS n FROM t GROUP BY region ORDER BY n DESC, region"
            + " LIMIT 6) a WHERE a.n > 3 ORDER BY a.n LIMIT 2";
    same(sql);
    assertThat(asked().rows()).isEqualTo(6);
  }

  @Test
  void ofAFrameTheFirstAreAskedFor() {
    UnaryOperator<Frame> query =
        frame ->
            frame
                .groupBy("kind", "region")
                .agg(count().as("n"), sum("qty").as("q"))
                .select(col("n").as("q"), col("q").as("n"), "region", "kind")
                .sort(desc("q"), asc("region"), asc("kind"))
                .select("region", "q")
                .limit(4, 2)
                .filter(col("q").gt(1));
    assertThat(rows(query.apply(frame(source))))
        .isEqualTo(rows(query.apply(frame(source.plain()))));
    assertThat(asked())
        .isEqualTo(
            new TopGroups(2, SortKey.Direction.DESC, SortKey.Nulls.LAST, 6, TopGroups.Ties.ALL));
    assertThat(source.stubs).isZero();
  }

  /** A window, say, is computed of all groups. */
  @Test
  void ofAFrameThatComputesMoreAllAreAskedFor() {
    Expr all = sql("sum(n) OVER ()").as("n");
    for (UnaryOperator<Frame> rest :
        List.<UnaryOperator<Frame>>of(
            frame -> frame.select(col("region"), all).sort("n", "region").limit(3),
            frame -> frame.sort(desc("n"), asc("region")).select(col("region"), all).limit(3),
            frame -> frame.sort(asc("n"), sql("sum(n) OVER (ORDER BY region)")).limit(3),
            frame -> frame.filter(col("n").lt(5)).sort(desc("n"), asc("region")).limit(3),
            frame -> frame.sort("region").filter(col("n").lt(3)).limit(3),
            frame -> frame.sort("n", "region").distinct().limit(3).filter(col("n").gt(100)),
            frame -> frame.sort("n", "region").sort("region").limit(3),
            frame -> frame.sort("n", "region"))) {
      UnaryOperator<Frame> query =
          frame -> rest.apply(frame.groupBy("region").agg(count().as("n")));
      use(new Random(3), 300);
      assertThat(rows(query.apply(frame(source))))
          .isEqualTo(rows(query.apply(frame(source.plain()))));
      assertThat(source.answered).isNotEmpty().noneMatch(request -> request.top() != null);
    }
  }

  @Test
  void randomTopsAreTheEngines() {
    int[] cut = new int[1];
    Seeds.each(
        Seeds.rounds(80, 4_000),
        random -> {
          use(random, random.nextInt(300));
          var query = new RandomTop(random);
          String sql = query.sql("t");
          List<String> found = rows(tarn.sql(sql));
          String order = "SELECT COLUMNS('^o') FROM (%s)";
          assertThat(rows(tarn.sql(order.formatted(sql))))
              .as(sql)
              .isEqualTo(rows(tarn.sql(order.formatted(query.sql("p")))));
          assertThat(rows(tarn.sql(query.whole("p")))).as(sql).containsAll(found);
          assertThat(found).as(sql).doesNotHaveDuplicates();
          cut[0] += source.answered.stream().anyMatch(request -> request.top() != null) ? 1 : 0;
        });
    if (System.getProperty("tarn.seed") == null) {
      assertThat(cut[0]).isPositive();
    }
  }

  /** Wherever the first groups stand in a query, and whatever else it does with them. */
  @Test
  void randomQueriesOfTopsAreTheEngines() {
    var counts = new TreeMap<String, Integer>();
    Seeds.each(
        Seeds.rounds(150, 8_000),
        random -> {
          use(random, random.nextInt(300));
          var query = new RandomTopQuery(random);
          String sql = query.sql("t");
          List<String> expected;
          try {
            expected = rows(tarn.sql(query.sql("p")));
          } catch (TarnException e) {
            assertThatThrownBy(() -> rows(tarn.sql(sql))).as(sql).isInstanceOf(e.getClass());
            counts.merge("failed", 1, Integer::sum);
            return;
          }
          assertThat(rows(tarn.sql(sql))).as(sql).containsExactlyInAnyOrderElementsOf(expected);
          for (var request : source.answered) {
            counts.merge(request.top() == null ? "whole" : "cut", 1, Integer::sum);
          }
        });
    if (System.getProperty("tarn.seed") == null) {
      assertThat(counts).containsKeys("whole", "cut");
    }
  }
}
