package dev.tarn.probe;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.mean;
import static dev.tarn.Columns.sum;
import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Tarn;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Source;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which aggregates a source is asked for, and that its answer is the engine's. */
class AnsweredAggregatesTest {

  private static final Schema SCHEMA =
      Schema.of(
          "Region", VARCHAR, "kind", VARCHAR, "amount", DOUBLE, "qty", BIGINT, "order", BIGINT);

  private Tarn tarn;
  private AggregatingSource source;

  @BeforeEach
  void open() {
    tarn = Tarn.open();
    use(rows(new Random(1), 200));
  }

  @AfterEach
  void close() {
    tarn.close();
  }

  private void use(List<Map<String, Object>> rows) {
    source = new AggregatingSource(SCHEMA, rows);
    tarn.register("t", frame(source));
    tarn.register("p", frame(source.plain()));
  }

  private Frame frame(Source of) {
    return Frame.of(new Plan.Scan(of), tarn.engine());
  }

  private static List<Map<String, Object>> rows(Random random, int count) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < count; i++) {
      rows.add(
          FilteringSource.row(
              SCHEMA,
              any(random, "eu", "us", "", "a b", "EU"),
              any(random, "x", "y"),
              random.nextInt(5) == 0 ? null : random.nextInt(-40, 40) * 0.25,
              random.nextInt(5) == 0 ? null : (long) random.nextInt(-9, 9),
              (long) i));
    }
    return rows;
  }

  private static Object any(Random random, Object... values) {
    int choice = random.nextInt(values.length + 1);
    return choice == values.length ? null : values[choice];
  }

  private void same(String sql) {
    var expected = tarn.sql(sql.replaceAll("\\bt\\b", "p"));
    var actual = tarn.sql(sql);
    assertThat(actual.schema()).as(sql).isEqualTo(expected.schema());
    assertThat(actual.collect().stream().toList().toString())
        .as(sql)
        .isEqualTo(expected.collect().stream().toList().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT region, sum(amount) FROM t GROUP BY region ORDER BY 1",
        "SELECT REGION r, sum(AMOUNT) + 1, count(*) c, avg(qty) FROM t GROUP BY 1 ORDER BY r",
        "SELECT region, kind, min(qty), max(amount), sum(qty), count(qty), count(distinct kind)"
            + " FROM t GROUP BY ALL ORDER BY ALL",
        "SELECT count(*), sum(qty), min(amount), mean(amount) FROM t",
        "SELECT sum(\"order\") FROM t",
        "SELECT kind FROM t GROUP BY kind HAVING count(*) > 2 AND kind IS NOT NULL ORDER BY sum(amount)",
        "SELECT kind, sum(amount) AS amount FROM t GROUP BY kind ORDER BY amount DESC NULLS LAST LIMIT 2",
        "SELECT kind, count(*) FROM t WHERE amount > 1.5 AND region = 'eu' GROUP BY kind ORDER BY 1",
        "SELECT kind, count(*) FROM t u WHERE u.amount BETWEEN -1 AND 5.25e0 AND qty IN (1, 2, -3)"
            + " GROUP BY u.kind ORDER BY u.kind",
        "SELECT kind, count(*) FROM (SELECT * FROM t WHERE qty >= 0) WHERE amount < 3 OR kind = 'x'"
            + " GROUP BY kind ORDER BY 1",
        "WITH c AS (SELECT region AS r, amount AS a FROM t WHERE kind IS NOT NULL)"
            + " SELECT c.r, sum(c.a) FROM c GROUP BY c.r ORDER BY 1",
        "SELECT * FROM (SELECT kind, sum(qty) s FROM t GROUP BY kind) a"
            + " JOIN (VALUES ('x', 1), ('y', 2)) b(k, n) ON a.kind = b.k ORDER BY 1",
        "SELECT kind, CASE WHEN count(*) > 60 THEN 'many' ELSE 'few' END,"
            + " CAST(sum(amount) AS DECIMAL(18,2)) FROM t GROUP BY kind ORDER BY kind",
        "SELECT count(*), sum(amount), avg(qty) FROM t WHERE region = 'nowhere'",
        "SELECT kind, round(avg(amount), 2), coalesce(sum(qty), 0) FROM t WHERE region = 'us'"
            + " GROUP BY kind ORDER BY kind",
        "SELECT DISTINCT count(*) > 10 FROM t GROUP BY kind, region ORDER BY 1",
        "SELECT 'v: ' || kind, 1 AS one, max(qty) FROM t GROUP BY kind ORDER BY 1 LIMIT 3 OFFSET 1",
      })
  void isAskedForAndEqual(String sql) {
    same(sql);
    assertThat(source.answered).hasSize(1);
    assertThat(source.planned).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT region, stddev(amount) FROM t GROUP BY region ORDER BY 1",
        "SELECT kind, list(kind) FROM t GROUP BY kind ORDER BY 1",
        "SELECT kind, sum(amount) FILTER (WHERE qty > 1) FROM t GROUP BY kind ORDER BY 1",
        "SELECT upper(kind), count(*) FROM t GROUP BY upper(kind) ORDER BY 1",
        "SELECT sum(amount + 1) FROM t",
        "SELECT count(1) FROM t",
        "SELECT sum(distinct qty) FROM t",
        "SELECT kind, region, count(*) FROM t GROUP BY ROLLUP (kind, region) ORDER BY ALL",
        "SELECT kind, count(*) FROM t WHERE amount * 2 > 1 GROUP BY kind ORDER BY 1",
        "SELECT kind, count(*) FROM t WHERE kind LIKE 'x%' GROUP BY kind ORDER BY 1",
        "SELECT kind, count(*) FROM t WHERE qty > 1.5 GROUP BY kind ORDER BY 1",
        "SELECT kind, count(*) FROM t WHERE NOT qty > 1 GROUP BY kind ORDER BY 1",
        "SELECT t.kind, count(*) FROM t JOIN (VALUES ('x')) b(k) ON t.kind = b.k GROUP BY 1",
        "SELECT kind, count(*) FROM (SELECT * FROM t ORDER BY \"order\" LIMIT 10) GROUP BY 1 ORDER BY 1",
        "SELECT kind, count(*) FROM (SELECT DISTINCT kind FROM t) GROUP BY 1 ORDER BY 1",
        "SELECT kind, count(*), sum(count(*)) OVER () FROM t GROUP BY kind ORDER BY 1",
        "SELECT kind, count(*) FROM t GROUP BY kind QUALIFY row_number() OVER (ORDER BY kind) = 1",
        "SELECT (SELECT sum(amount) FROM t) + count(*) AS s FROM t",
        "SELECT kind, sum(qty) AS qty FROM t GROUP BY kind HAVING sum(qty) > 0 ORDER BY 1",
        "SELECT upper(kind) AS kind, count(*) FROM t GROUP BY kind ORDER BY ALL",
        "WITH c AS (SELECT * FROM t) SELECT kind, count(*) FROM c GROUP BY 1"
            + " UNION ALL SELECT 'all', count(*) FROM c ORDER BY ALL",
        "SELECT u, count(*) FROM (SELECT upper(kind) AS u FROM t) GROUP BY u ORDER BY 1",
      })
  void isNotAskedForYetEqual(String sql) {
    same(sql);
    assertThat(source.answered).isEmpty();
  }

  /** The engine's tree of a query has no parentheses, and is printed without them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY n DESC, kind LIMIT 3) OFFSET 2",
        "(SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY n DESC, kind LIMIT 3) LIMIT 2",
        "(SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY n DESC, kind LIMIT 2) ORDER BY kind",
        "(SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY n DESC, kind LIMIT 5)"
            + " ORDER BY n, kind LIMIT 2",
        "SELECT * FROM (SELECT count(*) FROM t), ((SELECT i FROM range(9) r(i) ORDER BY i LIMIT 3) OFFSET 2)",
      })
  void whatIsCutOffTwiceIsReadAndEqual(String sql) {
    same(sql);
    assertThat(source.planned).isEqualTo(1);
    assertThat(tarn.sql(sql).explain())
        .contains("not aggregated there: the query cannot be rewritten");
  }

  @Test
  void framesAreAskedForAsWell() {
    Frame result =
        frame(source)
            .filter(col("amount").gt(0.25).and(col("kind").eq("x")))
            .groupBy("region")
            .agg(sum("amount").as("total"), count(), mean("qty").as("mean"))
            .filter(col("total").gt(1))
            .sort(desc("total"))
            .limit(3);
    Frame plain =
        frame(source.plain())
            .filter(col("amount").gt(0.25).and(col("kind").eq("x")))
            .groupBy("region")
            .agg(sum("amount").as("total"), count(), mean("qty").as("mean"))
            .filter(col("total").gt(1))
            .sort(desc("total"))
            .limit(3);

    assertThat(result.collect().stream().toList().toString())
        .isEqualTo(plain.collect().stream().toList().toString());
    assertThat(result.schema()).isEqualTo(plain.schema());
    assertThat(source.answered.toString()).isEqualTo("[Region, sum(amount), count(*), avg(qty)]");
    assertThat(source.planned).isZero();
  }

  @Test
  void otherSourcesAreReadBesidesAnAnswer(@TempDir Path folder) {
    String file = folder.resolve("it's \"q\".parquet").toString();
    frame(source.plain()).write(dev.tarn.Sinks.parquet(file));
    tarn.register("q", tarn.parquet(file));
    same(
        "SELECT q.kind, q.\"order\", a.s FROM q JOIN (SELECT kind, sum(qty) s FROM t GROUP BY kind) a"
            + " ON a.kind = q.kind WHERE q.\"order\" < 20 ORDER BY ALL");
    same(
        "WITH a AS (SELECT kind, max(amount) m FROM t GROUP BY kind), b AS (SELECT * FROM q)"
            + " SELECT b.kind, m, count(*) FROM b JOIN a USING (kind), q WHERE q.\"order\" = 3"
            + " GROUP BY ALL ORDER BY ALL");
    assertThat(source.answered).hasSize(2);
    assertThat(source.planned).isZero();

    tarn.register("other", frame(source));
    same(
        "SELECT o.kind, o.\"order\", a.s FROM other o JOIN (SELECT kind, sum(qty) s FROM t GROUP BY kind) a"
            + " ON a.kind = o.kind WHERE o.\"order\" < 20 ORDER BY ALL");
    assertThat(source.answered).hasSize(3);
    assertThat(source.planned).as("other, twice").isEqualTo(2);
  }

  @Test
  void queriesThatRunAtOnceAreEachAnswered() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 200; i++) {
        String sql =
            "SELECT kind, count(*) AS n%d FROM t WHERE \"order\" >= %d GROUP BY 1 ORDER BY 1"
                .formatted(i, i);
        running.add(threads.submit(() -> same(sql)));
      }
      for (Future<?> query : running) {
        query.get();
      }
    }
    assertThat(source.answered).hasSize(200);
  }

  @Test
  void aSourceThatDeclinesIsReadInTheSameQuery() {
    source.declines = "it is too late";
    same("SELECT kind, sum(qty) FROM t GROUP BY kind ORDER BY 1");
    assertThat(source.planned).isEqualTo(1);
  }

  @Test
  void explainSaysHowOrWhyNotAndAsksNobody() {
    assertThat(tarn.sql("SELECT kind, sum(qty) FROM t WHERE qty > 1 GROUP BY kind").explain())
        .asString()
        .contains("it would be asked", "filters pushed: \"qty\" > 1");
    assertThat(tarn.sql("SELECT kind, stddev(qty) FROM t GROUP BY kind").explain())
        .asString()
        .contains("not aggregated there: ");
    assertThat(source.answered).isEmpty();
  }

  @Test
  void randomAggregatesAreTheEngines() {
    Seeds.each(
        Seeds.rounds(60, 3000),
        random -> {
          use(rows(random, random.nextInt(60)));
          String sql = RandomAggregate.sql(random);
          same(sql);
          if (!sql.contains(" AND (")) { // two filters may leave nothing to read
            assertThat(source.answered).as(sql).hasSize(sql.contains("LIKE") ? 0 : 1);
          }
        });
  }
}
