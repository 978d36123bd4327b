package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.megabytes;
import static dev.tarn.lake.Options.identity;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.sortedBy;
import static dev.tarn.lake.Options.targetSize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Frame;
import dev.tarn.type.DataType;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions of any size, as large ones are written in another way than small ones. */
class SortedPartitionsTest extends Upkeep {

  private static final String ROWS =
      """
      SELECT CASE WHEN i < 300000 THEN 'large' WHEN i < 300010 THEN 'least' WHEN i < 300020 THEN ''
                  WHEN i < 600020 THEN NULL WHEN i < 600025 THEN 'small' WHEN i < 600030 THEN 'tiny'
                  ELSE repeat('z', 300) END AS p,
             hash(i) % 1000000 AS v, 'text-' || hash(i + 1) AS t
      FROM range(700000) r(i)\
      """;

  private Dataset written() {
    Frame rows = sql("SELECT p, v::BIGINT AS v, t FROM (" + ROWS + ")");
    return lake.create(
        "t", rows, partitionedBy(identity("p")), sortedBy("v"), targetSize(megabytes(1)));
  }

  private static long number(String query) {
    return ((Number) sql(query).collect().value()).longValue();
  }

  private static long unsorted(DataFile file) {
    return number(
        """
        SELECT count(*) FROM (SELECT v, lag(v) OVER (ORDER BY file_row_number) AS before
                              FROM read_parquet('%s', file_row_number=true)) WHERE before > v\
        """
            .formatted(dev.tarn.lake.iceberg.LocalFileIO.path(file.location())));
  }

  @Test
  void rowsAreCompleteAndEachFileIsInOrder() {
    Dataset dataset = written();
    Frame source = sql("SELECT p, v::BIGINT AS v, t FROM (" + ROWS + ")");
    assertThat(checksum(dataset)).isEqualTo(RowChecksum.of(source, dataset.table().schema()));
    assertThat(dataset.verify().problems()).isEmpty();
    List<DataFile> files = files(dataset);
    assertThat(files).allSatisfy(file -> assertThat(unsorted(file)).isZero());
    assertThat(files.stream().map(f -> f.partition().get(0, Object.class)).distinct()).hasSize(7);
  }

  @Test
  void largePartitionsAreFilesNearTheTarget() {
    List<DataFile> large =
        files(written()).stream()
            .filter(file -> {
              String partition = file.partition().get(0, String.class);
              return partition == null || partition.equals("large");
            })
            .toList();
    assertThat(large).hasSizeGreaterThan(5);
    assertThat(large)
        .allSatisfy(file -> assertThat(file.fileSizeInBytes()).isBetween(500_000L, 1_500_000L));
  }

  /** Each type of key as text and back, in partitions that are written by all threads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(i % 2 = 0)",
        "(i % 2 - 1)::INTEGER",
        "(i % 2 - 1)::BIGINT * 1099511627776",
        "(i % 2 - 0.25)::DECIMAL(20, 5)",
        "DATE '1969-12-31' + (i % 2)::INTEGER",
        "TIME '23:59:59.000001' - to_hours(i % 2)",
        "TIMESTAMP '1969-12-31 23:59:59.999999' + to_hours(i % 2)",
        "TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' + to_hours(i % 2)",
        "format('00000000-0000-0000-0000-00000000000{}', i % 2)::UUID",
        "concat('v=/', i % 2, ' ü')",
        "encode(concat('v=/', i % 2, ' ü'))",
        "(i % 2 - 0.5)::DOUBLE",
        "nullif(i % 2, 1)",
      })
  void keysOfAllTypes(String key) {
    Frame rows =
        sql(
            "SELECT %s AS k, hash(i) %% 1000000 AS v, i AS id FROM range(600000) r(i)"
                .formatted(key));
    Frame typed = rows.withColumns(col("v").cast(DataType.BIGINT).as("v"));
    Dataset dataset = lake.create("t", typed, partitionedBy(identity("k")), sortedBy("v"));
    assertThat(checksum(dataset)).isEqualTo(RowChecksum.of(typed, dataset.table().schema()));
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(files(dataset)).hasSize(2).allSatisfy(file -> assertThat(unsorted(file)).isZero());
    Object value = sql("SELECT %s AS k FROM range(1, 2) r(i)".formatted(key)).collect().value();
    Frame found = dataset.frame().filter(value == null ? col("k").isNull() : col("k").eq(value));
    assertThat(found.collect().size()).isEqualTo(300_000);
  }
}
