package dev.tarn.lake.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.type.DataType;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.types.Conversions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FileMetricsTest {

  private static final Schema SCHEMA = RandomTable.SCHEMA;

  @Test
  void zerosAreWidened() {
    Metrics metrics = metrics("d", 0.0, -0.0);
    assertThat(lower(metrics, "d")).isEqualTo(-0.0);
    assertThat(upper(metrics, "d")).isEqualTo(0.0);
  }

  @Test
  void nanIsNoBound() {
    Metrics metrics = metrics("f", Float.NaN, Float.NaN);
    assertThat(metrics.lowerBounds()).isEmpty();
    assertThat(metrics.upperBounds()).isEmpty();
  }

  @Test
  void longTextsAreCut() {
    Metrics metrics = metrics("s", "a".repeat(40), "b".repeat(40));
    assertThat(lower(metrics, "s")).hasToString("a".repeat(32));
    assertThat(upper(metrics, "s")).hasToString("b".repeat(31) + "c");
    String greatest = Character.toString(Character.MAX_CODE_POINT).repeat(40);
    assertThat(metrics("s", "a", greatest).upperBounds()).isEmpty();
  }

  @Test
  void longBytesAreCut() {
    var most = new byte[40];
    java.util.Arrays.fill(most, (byte) -1);
    Metrics metrics = metrics("bin", new byte[40], most);
    assertThat(metrics.lowerBounds().get(id("bin")).remaining()).isEqualTo(32);
    assertThat(metrics.upperBounds()).isEmpty();
  }

  /** Writers disagree on their order. */
  @Test
  void uuidsAreBoundsOnlyWhereTheyAreTheSame() {
    UUID one = new UUID(0, 1);
    assertThat(metrics("u", one, new UUID(0, 2)).lowerBounds()).isEmpty();
    assertThat(upper(metrics("u", one, one), "u")).isEqualTo(one);
  }

  @Test
  void adoptedFilesAreReadByName() {
    var footer =
        new ParquetFooter(
            "/x.parquet",
            2,
            100,
            List.of(
                column("l", DataType.INTEGER),
                column("d", DataType.FLOAT),
                column("i", DataType.BIGINT),
                column("other", DataType.DATE)),
            Map.of(
                List.of("l"), stats(1, 2),
                List.of("d"), stats(1f, 2f),
                List.of("i"), stats(1L, 2L)));
    assertThat(FileMetrics.byId(footer, SCHEMA, MappingUtil.create(SCHEMA)))
        .containsOnly(Map.entry(id("l"), stats(1L, 2L)), Map.entry(id("d"), stats(1d, 2d)));
    assertThat(FileMetrics.byId(footer, SCHEMA, null)).isEmpty();
  }

  private static FileColumn column(String name, DataType type) {
    return new FileColumn(OptionalInt.empty(), name, type, List.of(), FileColumn.Place.FILE);
  }

  private static int id(String column) {
    return SCHEMA.findField(column).fieldId();
  }

  private static ColumnStats stats(Object min, Object max) {
    return new ColumnStats(10, 2, OptionalLong.of(0), OptionalLong.empty(), min, max);
  }

  private static Metrics metrics(String column, Object min, Object max) {
    return FileMetrics.of(2, Map.of(id(column), stats(min, max)), SCHEMA);
  }

  private static @Nullable Object lower(Metrics metrics, String column) {
    return Conversions.fromByteBuffer(
        SCHEMA.findType(column), metrics.lowerBounds().get(id(column)));
  }

  private static @Nullable Object upper(Metrics metrics, String column) {
    return Conversions.fromByteBuffer(
        SCHEMA.findType(column), metrics.upperBounds().get(id(column)));
  }
}
