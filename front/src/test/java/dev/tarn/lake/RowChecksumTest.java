package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowChecksumTest extends Upkeep {

  private static final String ROWS =
      "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)";

  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.optional(1, "i", Types.IntegerType.get()),
          Types.NestedField.optional(2, "t", Types.StringType.get()),
          Types.NestedField.optional(3, "d", Types.DoubleType.get()));

  private static RowChecksum of(String rows) {
    return RowChecksum.of(
        sql(
            "SELECT i::INTEGER AS i, t::VARCHAR AS t, d::DOUBLE AS d FROM (VALUES %s) v(i, t, d)"
                .formatted(rows)),
        COLUMNS);
  }

  @Test
  void theOrderOfRowsAndOfColumnsDoesNotMatter() {
    assertThat(of("(5, 'a', 0.5), (4, NULL, 4.5), (3, '', NULL), (1, 'a', 1.5), (2, 'b', 2.5)"))
        .isEqualTo(of(ROWS));
    assertThat(RowChecksum.of(sql("SELECT 1.5::DOUBLE AS d, 'a' AS t, 1::INTEGER AS i"), COLUMNS))
        .isEqualTo(of("(1, 'a', 1.5)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5)", // lost
        "(1, 'a', 1.5), (1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (1, 'a', 1.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)", // in place
        "(2, 'a', 1.5), (1, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)", // swapped
        "(1, 'b', 1.5), (2, 'a', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 2.5), (2, 'b', 1.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, NULL, NULL), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, '', 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', 0.0), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (NULL, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'A', 0.5)",
        "(1, 'a', 1.5), (2, 'b', 2.5), (3, '', NULL), (4, NULL, 4.5), (5, 'a', 0.5000000000000001)"
      })
  void otherRowsHaveAnother(String rows) {
    assertThat(of(rows)).isNotEqualTo(of(ROWS));
  }

  /** Where hashes were taken for the same when each is there an even number of times. */
  @Test
  void pairsOfOneRowAreNotPairsOfAnother() {
    assertThat(of("(1, 'a', 1.5), (1, 'a', 1.5)")).isNotEqualTo(of("(2, 'b', 2.5), (2, 'b', 2.5)"));
    assertThat(of(ROWS + ", (1, 'a', 1.5), (1, 'a', 1.5)"))
        .isNotEqualTo(of(ROWS + ", (2, 'b', 2.5), (2, 'b', 2.5)"));
  }

  @Test
  void theSameDigitsOfAnotherTypeHaveAnother() {
    String row = "SELECT 1::INTEGER AS i, %s AS t, 1.5::DOUBLE AS d";
    assertThat(RowChecksum.of(sql(row.formatted("7::BIGINT")), COLUMNS))
        .isNotEqualTo(RowChecksum.of(sql(row.formatted("'7'")), COLUMNS));
    assertThat(RowChecksum.of(sql(row.formatted("7::DOUBLE")), COLUMNS))
        .isNotEqualTo(RowChecksum.of(sql(row.formatted("7::BIGINT")), COLUMNS));
  }

  /** Whoever keeps no bit of the hashes would find nothing; and the sum has no bounds. */
  @Test
  void sumsOfManyRowsDoNotOverflow() {
    String many = "SELECT i::INTEGER AS i, 'a' AS t, 1.5::DOUBLE AS d FROM range(100000) r(i)";
    RowChecksum sum = RowChecksum.of(sql(many), COLUMNS);
    assertThat(sum.rows()).isEqualTo(100_000);
    assertThat(sum.sum().bitLength()).isGreaterThan(64);
  }

  @Test
  void noRowsHaveTheChecksumOfNothing() {
    assertThat(
            RowChecksum.of(
                sql("SELECT 1::INTEGER AS i, 'a' AS t, 1.5::DOUBLE AS d WHERE false"), COLUMNS))
        .isEqualTo(RowChecksum.NOTHING);
  }
}
