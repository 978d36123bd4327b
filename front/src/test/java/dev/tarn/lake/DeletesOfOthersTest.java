package dev.tarn.lake;

import static dev.tarn.lake.Options.bucket;
import static dev.tarn.lake.Options.partitionedBy;
import static dev.tarn.lake.Options.rewriteAll;
import static dev.tarn.lake.Options.set;
import static dev.tarn.lake.Options.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.Sinks;
import dev.tarn.io.Codec;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFileFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other writers of Iceberg delete rows by files of deletes: such rows are gone here, too. */
class DeletesOfOthersTest extends LakeTest {

  private Dataset t;

  @BeforeEach
  void prepare() {
    t = tarn.create("t", tarn.sql("SELECT i::BIGINT AS id, 'n' || i AS name FROM range(100) r(i)"));
  }

  private void assertIds(Predicate<Long> stays) {
    List<Object> expected =
        LongStream.range(0, 100).boxed().filter(stays).map(id -> (Object) id).toList();
    assertThat(t.frame().sort("id").select("id").collect().column("id")).isEqualTo(expected);
    assertThat(tarn.sql("SELECT count(*) FROM t").collect().value())
        .isEqualTo((long) expected.size());
  }

  /** Changes made on top keep what is deleted deleted. */
  private void assertChangesKeep(Predicate<Long> stays) {
    assertIds(stays);
    assertThat(t.merge(tarn.sql("SELECT 53::BIGINT AS id, 'm' AS name")).on("id").upsert())
        .extracting(MergeResult::inserted, MergeResult::updated)
        .containsExactly(0L, 1L);
    t.update(where("id = 50"), set("name", "changed"));
    assertIds(stays);
    t.delete(where("id = 51"));
    assertIds(id -> stays.test(id) && id != 51);
    MergeResult merged =
        t.merge(tarn.sql("SELECT 52::BIGINT AS id, 'merged' AS name")).on("id").upsert();
    assertThat(merged.updated()).isEqualTo(1);
    assertThat(merged.inserted()).isZero();
    t.compact(rewriteAll());
    assertIds(id -> stays.test(id) && id != 51);
    assertThat(t.verify().problems()).isEmpty();
  }

  private static DataFile onlyFile(Table table) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      return tasks.iterator().next().file();
    }
  }

  @Test
  void positionsAreDeleted() throws Exception {
    Table table = t.refreshed();
    String path = folder.resolve("positions.parquet").toString();
    tarn.sql(
            "SELECT ? AS file_path, p::BIGINT AS pos FROM (VALUES (3), (4), (99)) v(p)",
            onlyFile(table).location())
        .write(Sinks.parquet(path));
    commit(
        table,
        FileMetadata.deleteFileBuilder(table.spec())
            .ofPositionDeletes()
            .withPath(path)
            .withFileSizeInBytes(Files.size(Path.of(path)))
            .withRecordCount(3)
            .withFormat(FileFormat.PARQUET)
            .build());
    assertChangesKeep(id -> id != 3 && id != 4 && id != 99);
  }

  private static void commit(Table table, DeleteFile deletes) {
    RowDelta delta = table.newRowDelta();
    delta.addDeletes(deletes).commit();
  }

  @Test
  void equalRowsAreDeletedInOlderFilesOnly() throws Exception {
    Table table = t.refreshed();
    List<TableColumn> key = IcebergTypes.columns(table.schema().select("name"));
    var sink =
        new DataFileSink(
            folder.resolve("equal").toString(),
            key,
            List.of(),
            List.of(),
            Codec.ZSTD,
            OptionalInt.empty(),
            1 << 20,
            OptionalLong.empty());
    WrittenFile file =
        tarn.engine()
            .writeDataFiles(
                tarn.sql("SELECT 'n' || i AS name FROM range(10, 20) r(i)").plan(),
                sink,
                RunOptions.DEFAULT)
            .getFirst();
    commit(
        table,
        FileMetadata.deleteFileBuilder(table.spec())
            .ofEqualityDeletes(key.getFirst().id())
            .withPath(file.path())
            .withFileSizeInBytes(file.bytes())
            .withRecordCount(file.rows())
            .withFormat(FileFormat.PARQUET)
            .build());
    assertIds(id -> id < 10 || id >= 20);
    t.append(tarn.sql("SELECT 15::BIGINT AS id, 'n15' AS name"));
    assertChangesKeep(id -> id < 10 || id >= 20 || id == 15);
  }

  @Test
  void deletionVectorsAreApplied() throws Exception {
    t.addColumn("more", dev.tarn.type.DataType.INTEGER, 1); // version 3 of the format
    Table table = t.refreshed();
    DataFile file = onlyFile(table);
    var writer =
        new BaseDVFileWriter(
            OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build(),
            location -> null);
    for (long position = 0; position < 40; position++) {
      writer.delete(file.location(), position, table.spec(), null);
    }
    writer.close();
    RowDelta delta = table.newRowDelta();
    writer.result().deleteFiles().forEach(delta::addDeletes);
    delta.commit();
    assertChangesKeep(id -> id >= 40);
  }

  @Test
  void partitionsAreReadWithTheirDeletes() throws Exception {
    tarn.lake().dropAndPurge("t");
    t =
        tarn.create(
            "t",
            tarn.sql("SELECT i::BIGINT AS id, 'n' || i AS name FROM range(100) r(i)"),
            partitionedBy(bucket(4, "id")));
    t.compact();
    t.delete(where("id % 10 = 3"));
    assertIds(id -> id % 10 != 3);
  }
}
