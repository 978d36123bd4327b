package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BOOLEAN;
import static dev.tarn.type.DataType.DOUBLE;
import static dev.tarn.type.DataType.FLOAT;
import static dev.tarn.type.DataType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random conditions on random hashes, and aggregates of what they find: by an index, by a scan, and
 * by the engine over their rows.
 */
class IndexedFiltersTest extends SearchTest {

  private static final Schema DOCUMENT =
      Schema.of(
          "n",
          BIGINT,
          "d",
          DataType.decimal(38, 4),
          "s",
          VARCHAR,
          "p",
          VARCHAR,
          "b",
          BOOLEAN,
          "f",
          DOUBLE,
          "g",
          FLOAT,
          "h",
          DOUBLE,
          "r",
          BIGINT);

  /** Of a row, and of all that a condition finds; what a sum is depends on the order of rows. */
  private static final List<String> AGGREGATES =
      List.of(
          "count(*) AS a, count(f) AS b, min(f) AS c, max(f) AS d",
          "count(*) AS a",
          "min(f) AS a, max(f) AS b",
          "count(*) AS a, count(g) AS b, min(g) AS c, max(g) AS d",
          "count(*) AS a, count(h) AS b, min(h) AS c, max(h) AS d",
          "min(n) AS a, max(n) AS b, max(f) AS c");

  private static final int DOCUMENTS = 300;
  private static final int CONDITIONS = 60;

  private int queries;
  private int byIndex;

  @Test
  void whatIsFoundIsTheSameByIndexByScanAndByTheEngine() {
    Seeds.each(Seeds.rounds(4, 200), this::check);
    assertThat(byIndex).as("of %d queries", queries).isGreaterThan(queries / 3);
  }

  private void check(Random random) throws Exception {
    server.command("FLUSHALL");
    var documents = new RandomDocuments(random);
    server.command(
        "FT.CREATE",
        "docs",
        "SCHEMA",
        "n",
        "NUMERIC",
        "d",
        "NUMERIC",
        "SORTABLE",
        "s",
        "TAG",
        "p",
        "TAG",
        "SEPARATOR",
        "|",
        "b",
        "TAG",
        "f",
        "NUMERIC",
        "g",
        "NUMERIC",
        "r",
        "NUMERIC");
    add("docs", documents.documents(DOCUMENTS));
    var reports = new java.util.ArrayList<ScanReport>();
    try (Redis fresh = Redis.open(server.url(), tarn.engine())) {
      Frame scanned =
          fresh.hashes("doc:*", DOCUMENT, o -> o.withoutIndex().onBadValue(BadValue.SET_NULL));
      tarn.register("scanned", scanned);
      tarn.register("plain", tarn.rows(scanned.collect()));
      tarn.register(
          "indexed",
          fresh.hashes(
              "doc:*",
              DOCUMENT,
              o ->
                  o.index("docs")
                      .indexUpTo(1)
                      .onBadValue(BadValue.SET_NULL)
                      .onReport(reports::add)));
      for (int i = 0; i < CONDITIONS; i++) {
        String condition = documents.condition();
        List<String> expected = keys("plain", condition);
        assertThat(keys("scanned", condition)).as(condition).isEqualTo(expected);
        assertThat(keys("indexed", condition)).as(condition).isEqualTo(expected);
        queries++;
        if (i % 3 > 0) {
          continue;
        }
        String aggregates = AGGREGATES.get(random.nextInt(AGGREGATES.size()));
        String where = random.nextInt(3) == 0 ? "" : " WHERE " + condition;
        List<String> aggregated = aggregated("plain", aggregates, where);
        assertThat(aggregated("scanned", aggregates, where)).as(where).isEqualTo(aggregated);
        assertThat(aggregated("indexed", aggregates, where)).as(where).isEqualTo(aggregated);
      }
    }
    for (ScanReport report : reports) {
      // on a machine that does much else, an answer may come late enough to be doubted
      assertThat(report.index().replace("given up: it took so long", ""))
          .doesNotContain("given up");
      byIndex += report.index().isEmpty() ? 0 : 1;
    }
  }

  /** Zeros of both signs are equal, and which of them is the least is left to the order of rows. */
  private List<String> aggregated(String table, String aggregates, String where) {
    return tarn
        .sql("SELECT s, " + aggregates + " FROM " + table + where + " GROUP BY s")
        .collect()
        .stream()
        .map(row -> row.toString().replaceAll("=-0\\.0\\b(?!E)", "=0.0"))
        .sorted()
        .toList();
  }

  private List<String> keys(String table, String condition) {
    return tarn
        .sql("SELECT _key FROM " + table + " WHERE " + condition + " ORDER BY 1")
        .collect()
        .stream()
        .map(Row::toMap)
        .map(row -> String.valueOf(row.get("_key")))
        .toList();
  }
}
