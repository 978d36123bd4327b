package dev.tarn.lake;

import static dev.tarn.lake.Options.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Verification finds what is not as the metadata says. */
class VerifyTest extends Upkeep {

  private Dataset three(Option.OfTable... options) {
    Dataset dataset =
        lake.create(
            "t", sql("SELECT 0 AS id, 'x' AS s, 0.5::DOUBLE AS f LIMIT 0").schema(), options);
    for (int i = 0; i < 3; i++) {
      dataset.append(
          sql(
              "SELECT r::INT AS id, 'text ' || r AS s, r / 4 AS f FROM range(%d, %d) t(r)"
                  .formatted(i * 10, i * 10 + 10)));
    }
    return dataset;
  }

  private static Path aFile(Dataset dataset) {
    return Path.of(files(dataset).getFirst().location());
  }

  @Test
  void whatIsRightIsClean() {
    Dataset dataset = three();
    VerifyResult result = dataset.verify();
    assertThat(result.problems()).isEmpty();
    assertThat(result.dataFiles()).isEqualTo(3);
    assertThat(result.checksum()).contains(checksum(dataset));
    assertThat(result.checksum().orElseThrow().rows()).isEqualTo(30);
    assertThat(dataset.verifyHistory().snapshots()).isEqualTo(3);
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    Dataset dataset = three();
    Path file = aFile(dataset);
    Files.delete(file);
    VerifyResult result = dataset.verify();
    assertThat(result.problems()).containsExactly(file + ": is missing");
    assertThat(result.checksum()).isEmpty();
    assertThat(dataset.verifyHistory().problems()).containsExactly(file + ": is missing");
  }

  @Test
  void aTruncatedFileIsNamed() throws Exception {
    Dataset dataset = three();
    Path file = aFile(dataset);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(100);
    }
    assertThat(dataset.verify().problems())
        .singleElement()
        .asString()
        .startsWith(file + ": has 100 bytes, and its manifest says ");
  }

  @Test
  void damageWithinAFileIsNamed() throws Exception {
    Dataset dataset = three();
    Path file = aFile(dataset);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[60]), 4);
    }
    VerifyResult result = dataset.verify();
    assertThat(result.isClean()).isFalse();
    assertThat(result.problems()).allMatch(p -> p.startsWith(file.toString()));
  }

  @Test
  void aBrokenManifestIsNamed() throws Exception {
    Dataset dataset = three();
    var manifest = dataset.head().allManifests(dataset.table().io()).getFirst().path();
    Files.writeString(Path.of(manifest), "broken");
    assertThat(dataset.verify().problems())
        .singleElement()
        .asString()
        .startsWith(manifest + ": the manifest cannot be read");
  }

  private interface Change {
    void apply(DataFiles.Builder builder, DataFile file);
  }

  /** Puts another entry of the same file in the place of its own. */
  @SuppressWarnings("deprecation") // there is no other way to an entry with its statistics
  private static void forge(Dataset dataset, Change change) {
    DataFile old =
        dataset
            .table()
            .snapshot(dataset.head().snapshotId())
            .addedDataFiles(dataset.table().io())
            .iterator()
            .next();
    DataFiles.Builder builder =
        DataFiles.builder(dataset.table().specs().get(old.specId())).copy(old);
    change.apply(builder, old);
    dataset.table().newOverwrite().deleteFile(old).commit();
    dataset.table().newAppend().appendFile(builder.build()).commit();
  }

  @Test
  void aWrongCountIsNamed() {
    Dataset dataset = three();
    forge(dataset, (builder, file) -> builder.withRecordCount(11));
    assertThat(dataset.verify().problems())
        .singleElement()
        .asString()
        .endsWith(": has 10 rows, and its manifest says 11");
  }

  @Test
  void wrongStatisticsAreNamed() {
    Dataset dataset = three();
    forge(
        dataset,
        (builder, file) -> {
          var lower = new HashMap<>(file.lowerBounds());
          lower.put(1, Conversions.toByteBuffer(Types.IntegerType.get(), 25));
          var upper = new HashMap<>(file.upperBounds());
          upper.put(2, Conversions.toByteBuffer(Types.StringType.get(), "text 24"));
          var nulls = new HashMap<>(file.nullValueCounts());
          nulls.put(3, 2L);
          builder.withMetrics(
              new Metrics(
                  file.recordCount(),
                  file.columnSizes(),
                  file.valueCounts(),
                  nulls,
                  file.nanValueCounts(),
                  lower,
                  upper));
        });
    assertThat(dataset.verify().problems())
        .hasSize(3)
        .anyMatch(p ->
            p.endsWith(
                "column id has the value 20, and the manifest says that none is less than 25"))
        .anyMatch(p ->
            p.endsWith(
                "column s has the value text 29, and the manifest says that none is greater than text 24"))
        .anyMatch(p -> p.endsWith("column f has 0 nulls, and the manifest says 2"));
  }

  @Test
  void aWrongPartitionIsNamed() {
    Dataset dataset = three(partitionedBy(truncate(100, "id")));
    forge(dataset, (builder, file) -> builder.withPartitionPath("id_trunc=100"));
    assertThat(dataset.verify().problems())
        .singleElement()
        .asString()
        .endsWith(": has rows of other partitions than id_trunc = 100");
  }

  @Test
  void statisticsAdvise() {
    Dataset dataset = three(partitionedBy(bucket(2, "id")), sortedBy("id"));
    DatasetStatistics statistics = dataset.statistics();
    assertThat(statistics.rows()).isEqualTo(30);
    assertThat(statistics.files()).isEqualTo(6);
    assertThat(statistics.smallFiles()).isEqualTo(6);
    assertThat(statistics.partitions()).isEqualTo(2);
    assertThat(statistics.snapshots()).isEqualTo(3);
    assertThat(statistics.sortedBy()).containsExactly("id asc");
    assertThat(statistics.advice())
        .containsExactly("compact: 6 of 6 files are smaller than 192.0 MB");
    assertThat(statistics.text()).contains("rows          30", "partitions    2 by bucket(2, id)");
    dataset.compact();
    assertThat(dataset.statistics().advice()).isEmpty();
  }
}
