package dev.tarn.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.duckdb.DuckDbOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bucket transform, by the vectors of appendix B of the Iceberg specification. */
class BucketsTest {

  private static DuckDbEngine engine;

  @BeforeAll
  static void open() {
    engine = DuckDbEngine.open(DuckDbOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          34::INTEGER | 2017239379
          34::SMALLINT | 2017239379
          34::BIGINT | 2017239379
          14.20::DECIMAL(9,2) | -500754589
          14.20::DECIMAL(38,2) | -500754589
          DATE '2017-11-16' | -653330422
          TIME '22:31:08' | -662762989
          TIMESTAMP '2017-11-16 22:31:08' | -2047944441
          TIMESTAMPTZ '2017-11-16 14:31:08-08' | -2047944441
          'iceberg' | 1210000089
          UUID 'f79c3e09-677c-4bbd-a479-3f349cb785e7' | 1488055340
          unhex('00010203') | -188683207
          """)
  void hashesAreThoseOfTheSpecification(String value, int hash) {
    for (int n : new int[] {1, 16, 1000, Integer.MAX_VALUE}) {
      assertThat(bucket("SELECT iceberg_bucket(" + n + ", " + value + ")"))
          .isEqualTo((hash & Integer.MAX_VALUE) % n);
    }
  }

  @Test
  void aNullHasNoBucket() {
    for (String type : new String[] {"BIGINT", "VARCHAR", "UUID", "DECIMAL(9,2)", "BLOB", "DATE"}) {
      assertThat(bucket("SELECT iceberg_bucket(16, CAST(NULL AS " + type + "))")).isNull();
    }
  }

  @Test
  void everyRowOfALongColumnHasItsOwn() {
    assertThat(
            Tables.rows(
                    engine,
                    "SELECT iceberg_bucket(16, i) AS b, count(*) AS n FROM range(100000) r(i)"
                        + " GROUP BY 1")
                .size())
        .isEqualTo(16);
  }

  private static Object bucket(String sql) {
    return Tables.rows(engine, sql).get(0).value(0);
  }
}
