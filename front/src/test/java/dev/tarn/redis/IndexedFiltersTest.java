package dev.tarn.redis;

import static dev.tarn.type.DataType.BIGINT;
import static dev.tarn.type.DataType.BOOLEAN;
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
 * Random conditions on random hashes: by an index, by a scan, and by the engine over their rows.
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
          "r",
          BIGINT);

  private static final int DOCUMENTS = 300;
  private static final int CONDITIONS = 60;

  private int queries;
  private int byIndex;

  @Test
  void theRowsAreTheSameByIndexByScanAndByTheEngine() {
    Seeds.each(Seeds.rounds(5, 200), this::check);
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
        "r",
        "NUMERIC");
    add("docs", documents.documents(DOCUMENTS));
    var reports = new java.util.ArrayList<ScanReport>();
    try (Redis fresh = Redis.open(server.url(), tarn.engine())) {
      Frame scanned = fresh.hashes("doc:*", DOCUMENT, ScanOptions::withoutIndex);
      tarn.register("scanned", scanned);
      tarn.register("plain", tarn.rows(scanned.collect()));
      tarn.register(
          "indexed",
          fresh.hashes(
              "doc:*", DOCUMENT, o -> o.index("docs").indexUpTo(1).onReport(reports::add)));
      for (int i = 0; i < CONDITIONS; i++) {
        String condition = documents.condition();
        List<String> expected = keys("plain", condition);
        assertThat(keys("scanned", condition)).as(condition).isEqualTo(expected);
        assertThat(keys("indexed", condition)).as(condition).isEqualTo(expected);
        queries++;
      }
    }
    for (ScanReport report : reports) {
      // on a machine that does much else, an answer may come late enough to be doubted
      assertThat(report.index().replace("given up: it took so long", ""))
          .doesNotContain("given up");
      byIndex += report.index().isEmpty() ? 0 : 1;
    }
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
