package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.lake.Options.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.io.Codec;
import dev.tarn.plan.Plan;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.WrittenFile;
import dev.tarn.testkit.Seeds;
import dev.tarn.type.DataType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction moves rows between files and changes none. */
@Timeout(120)
class CompactionTest extends Upkeep {

  private Dataset small(int files, Option.OfTable... options) {
    Dataset dataset =
        lake.create("t", sql("SELECT 0 AS id, 'x' AS s, 0 AS p LIMIT 0").schema(), options);
    for (int i = 0; i < files; i++) {
      dataset.append(
          sql(
              "SELECT (%d + r)::INT AS id, 'v' || (r %% 7) AS s, (r %% 3)::INT AS p FROM range(100) t(r)"
                  .formatted(i * 100)));
    }
    return dataset;
  }

  @Test
  void smallFilesBecomeOne() {
    Dataset dataset = small(5);
    RowChecksum before = checksum(dataset);
    CompactionResult result = dataset.compact();
    assertThat(result.commits()).isEqualTo(1);
    assertThat(result.filesBefore()).isEqualTo(5);
    assertThat(result.filesAfter()).isEqualTo(1);
    assertThat(result.checksum()).isEqualTo(before);
    assertThat(files(dataset)).hasSize(1);
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(dataset.history().getLast().operation()).isEqualTo("replace");
    assertThat(dataset.compact()).isEqualTo(CompactionResult.nothing(false));
    assertThat(dataset.verify().problems()).isEmpty();
  }

  @Test
  void anEmptyDatasetHasNothingToCompact() {
    assertThat(small(0).compact()).isEqualTo(CompactionResult.nothing(false));
    assertThat(lake.dataset("t").verify().isClean()).isTrue();
  }

  @Test
  void eachPartitionIsCompactedForItself() {
    Dataset dataset = small(4, partitionedBy(identity("p")));
    assertThat(files(dataset)).hasSize(12);
    RowChecksum before = checksum(dataset);
    assertThat(dataset.compact(dryRun()).filesAfter()).isEqualTo(3);
    CompactionResult result = dataset.compact(only(col("p").eq(1)));
    assertThat(result.filesBefore()).isEqualTo(4);
    assertThat(files(dataset)).hasSize(9);
    assertThat(dataset.compact(only(where("p = 2"))).filesBefore()).isEqualTo(4);
    assertThat(dataset.compact().filesBefore()).isEqualTo(4);
    assertThat(files(dataset)).hasSize(3);
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(dataset.verify().problems()).isEmpty();
  }

  @Test
  void commitsAreAsLargeAsIsSaid() {
    Dataset dataset = small(9);
    CompactionResult result = dataset.compact(filesAtOnce(3));
    assertThat(result.commits()).isEqualTo(3);
    assertThat(files(dataset)).hasSize(3);
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    Dataset dataset = small(4);
    List<String> before = tree(folder);
    CompactionResult result = dataset.compact(dryRun());
    assertThat(result.dryRun()).isTrue();
    assertThat(result.filesBefore()).isEqualTo(4);
    assertThat(result.filesAfter()).isEqualTo(1);
    assertThat(result.rows()).isEqualTo(400);
    assertThat(tree(folder)).isEqualTo(before);
  }

  @Test
  void filesOfAnOlderPartitioningMove() {
    Dataset dataset = small(3);
    RowChecksum before = checksum(dataset);
    dataset.repartition(bucket(4, "id"), identity("p"));
    dataset.compact(rewriteAll());
    assertThat(files(dataset))
        .hasSize(12)
        .allMatch(f -> f.specId() == dataset.table().spec().specId());
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(dataset.verify().problems()).isEmpty();
  }

  @Test
  void sortedFilesHaveRangesOfTheirOwn() {
    Dataset dataset =
        lake.create("t", sql("SELECT 0::BIGINT AS id, 0.0::DOUBLE AS x LIMIT 0").schema());
    for (int i = 0; i < 3; i++) {
      dataset.append(
          sql(
              "SELECT (r * 7919) %% 300007 AS id, random() AS x FROM range(%d, %d) t(r)"
                  .formatted(i * 100_000, i * 100_000 + 100_000)));
    }
    RowChecksum before = checksum(dataset);
    CompactionResult result = dataset.compact(sortedBy("id"), targetSize(500_000), rewriteAll());
    assertThat(result.filesAfter()).isGreaterThan(2);
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(opened(dataset, "id = 150000")).isEqualTo(1);
    assertThat(dataset.compact(targetSize(500_000))).isEqualTo(CompactionResult.nothing(false));
  }

  @Test
  void zOrderPrunesByEachOfItsColumns() {
    Dataset dataset =
        lake.create(
            "t",
            sql(
                """
                SELECT (r * 7919) % 100003 AS a,
                  CASE WHEN r % 97 = 0 THEN NULL ELSE 'k' || ((r * 31337) % 100019) END AS b,
                  CASE WHEN r % 89 = 0 THEN 'NaN'::DOUBLE ELSE sin(r) END AS c,
                  DATE '2020-01-01' + ((r * 17) % 3000)::INT AS d, random() AS pad
                FROM range(400000) t(r)\
                """));
    RowChecksum before = checksum(dataset);
    dataset.compact(zorder("a", "b", "c", "d"), targetSize(700_000), rewriteAll());
    assertThat(checksum(dataset)).isEqualTo(before);
    dataset.compact(zorder("a", "b"), targetSize(120_000), rewriteAll());
    assertThat(checksum(dataset)).isEqualTo(before);
    int all = files(dataset).size();
    assertThat(all).isGreaterThan(20);
    assertThat(opened(dataset, "a = 5000")).isLessThan(all / 2);
    assertThat(opened(dataset, "b = 'k5000'")).isLessThan(all / 2);
    assertThat(dataset.verify().problems()).isEmpty();
  }

  private static FutureTask<?> started(Runnable work) {
    var task = new FutureTask<>(work, null);
    new Thread(task, "writer").start();
    return task;
  }

  @Test
  void appendsGoOnMeanwhile() throws Exception {
    Dataset dataset = small(6);
    var stop = new AtomicBoolean();
    var appended = new AtomicInteger();
    try (Lake other = Lake.open(LakeCatalog.of(folder.resolve("lake")), engine)) {
      Dataset same = other.dataset("t");
      var writer =
          started(() -> {
            while (!stop.get()) {
              same.append(sql("SELECT -1 AS id, 'w' AS s, 9 AS p"));
              appended.incrementAndGet();
            }
          });
      for (int i = 0; i < 5; i++) {
        dataset.compact();
      }
      stop.set(true);
      writer.get();
    }
    assertThat(dataset.frame().filter("id >= 0").collect().size()).isEqualTo(600);
    assertThat(dataset.frame().filter("id = -1").collect().size()).isEqualTo(appended.get());
    assertThat(dataset.verify().problems()).isEmpty();
  }

  @Test
  void whatIsDeletedMeanwhileStaysDeleted() throws Exception {
    Dataset dataset = small(6);
    try (Lake other = Lake.open(LakeCatalog.of(folder.resolve("lake")), engine)) {
      Dataset same = other.dataset("t");
      var writer =
          started(() -> {
            for (int i = 0; i < 10; i++) {
              same.delete(col("id").lt((i + 1) * 50));
            }
          });
      for (int i = 0; i < 5; i++) {
        dataset.compact(rewriteAll());
      }
      writer.get();
    }
    assertThat(dataset.frame().collect().size()).isEqualTo(100);
    assertThat(dataset.frame().filter("id < 500").collect().size()).isZero();
  }

  // ---- rows that others have deleted

  private DeleteFile deletes(Dataset dataset, String query, FileMetadata.Builder builder)
      throws Exception {
    Path file = location(dataset).resolve("data/deletes-" + UUID.randomUUID() + ".parquet");
    writeParquet(file, query);
    return builder
        .withPath(file.toString())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(Files.size(file))
        .withRecordCount(sql(query).collect().size())
        .build();
  }

  private void deleteFirstRows(Dataset dataset, int rows) throws Exception {
    DataFile file = files(dataset).getFirst();
    DeleteFile deletes =
        deletes(
            dataset,
            "SELECT '%s' AS file_path, r AS pos FROM range(%d) t(r)"
                .formatted(file.location(), rows),
            FileMetadata.deleteFileBuilder(dataset.table().spec()).ofPositionDeletes());
    dataset.table().newRowDelta().addDeletes(deletes).commit();
  }

  private void deleteId(Dataset dataset, int id) throws Exception {
    Path folder = location(dataset).resolve("data");
    var sink =
        new DataFileSink(
            folder.toString(),
            List.of(new TableColumn(1, "id", DataType.INTEGER, List.of(), null)),
            List.of(),
            List.of(),
            Codec.ZSTD,
            OptionalInt.empty(),
            1 << 20,
            OptionalLong.empty());
    WrittenFile file =
        engine
            .writeDataFiles(
                sql("SELECT %d::INT AS id".formatted(id)).plan(), sink, RunOptions.DEFAULT)
            .getFirst();
    dataset
        .table()
        .newRowDelta()
        .addDeletes(
            FileMetadata.deleteFileBuilder(dataset.table().spec())
                .ofEqualityDeletes(1)
                .withPath(file.path())
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(file.bytes())
                .withRecordCount(1)
                .build())
        .commit();
  }

  @Test
  void deletedRowsDoNotComeBack() throws Exception {
    Dataset dataset = small(3);
    deleteFirstRows(dataset, 10);
    deleteId(dataset, 150);
    RowChecksum before = checksum(dataset);
    assertThat(before.rows()).isEqualTo(289);
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(dataset.statistics().deleteFiles()).isEqualTo(2);
    CompactionResult result = dataset.compact();
    assertThat(result.checksum()).isEqualTo(before);
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(dataset.statistics().deleteFiles()).isZero();
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(dataset.verify().deleteFiles()).isZero();
  }

  @Test
  void aFileWhoseRowsAreAllDeletedGoes() throws Exception {
    Dataset dataset = small(1);
    deleteFirstRows(dataset, 100);
    dataset.compact();
    assertThat(files(dataset)).isEmpty();
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(checksum(dataset).rows()).isZero();
  }

  /** An engine that reads what it writes once more before, and loses some of it. */
  private static Engine forgetful(int lost) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("writeDataFiles")) {
                Frame rows = Frame.of((Plan) arguments[0], engine);
                arguments[0] = rows.limit(rows.collect().size() - lost).plan();
              }
              try {
                return method.invoke(engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void nothingIsCommittedThatLosesARow() throws Exception {
    Dataset dataset = small(3, partitionedBy(identity("p")));
    List<String> before = tree(folder);
    try (Lake bad = Lake.open(LakeCatalog.of(folder.resolve("lake")), forgetful(1))) {
      assertThatThrownBy(() -> bad.dataset("t").compact())
          .isInstanceOf(BadData.class)
          .hasMessageStartingWith(
              "Cannot compact [t]: rows read again from the new files are not the rows of the old ones");
    }
    assertThat(tree(folder)).isEqualTo(before);
    assertThat(dataset.history()).hasSize(3);
  }

  @Test
  void rowsThatTheEngineReadTwiceAreNoneTooMany() throws Exception {
    Dataset dataset = small(3, partitionedBy(identity("p")));
    RowChecksum before = checksum(dataset);
    try (Lake other = Lake.open(LakeCatalog.of(folder.resolve("lake")), forgetful(0))) {
      assertThat(other.dataset("t").compact().checksum()).isEqualTo(before);
    }
    assertThat(checksum(dataset)).isEqualTo(before);
    assertThat(dataset.history()).hasSize(4);
  }

  @Test
  void impossibleRequestsAreRefused() {
    Dataset dataset = small(1);
    assertThatThrownBy(() -> dataset.compact(sortedBy("id"), zorder("id", "p")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot compact by a sort and a z-order at once: rows have one order. Say one of them.");
    assertThatThrownBy(() -> dataset.compact(zorder("id", "nope")))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> dataset.compact(sortedBy("nope"))).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> dataset.compact(only(col("nope").eq(1))))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> dataset.compact(filesAtOnce(1))).isInstanceOf(InvalidRequest.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomTablesKeepTheirRows(long seed) {
    Random random = Seeds.random(seed);
    List<Option.OfTable[]> layouts =
        List.of(
            new Option.OfTable[] {},
            new Option.OfTable[] {partitionedBy(month("d"), bucket(3, "s"))},
            new Option.OfTable[] {partitionedBy(truncate(1, "s")), sortedBy("d", "f")},
            new Option.OfTable[] {sortedBy("s")});
    Dataset dataset =
        lake.create("r", rows(random, 50), layouts.get(random.nextInt(layouts.size())));
    boolean evolved = false;
    var steps = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      int step = random.nextInt(6);
      RowChecksum before = checksum(dataset);
      switch (step) {
        case 0 -> dataset.compact();
        case 1 -> dataset.compact(sortedBy("d", "i"), rewriteAll(), targetSize(4000));
        case 2 -> dataset.compact(zorder("f", "s", "d"), rewriteAll());
        case 3 -> {
          if (!evolved) {
            dataset.addColumn("extra", DataType.VARCHAR).widen("i", DataType.BIGINT);
            dataset.renameColumn("st", "struct2");
            dataset.repartition(year("d"));
            evolved = true;
            before = checksum(dataset);
          }
        }
        default -> {
          dataset.append(evolved ? rows(random, 200).rename("st", "struct2") : rows(random, 200));
          before = checksum(dataset);
        }
      }
      steps.add(step + "");
      assertThat(checksum(dataset)).as("seed %d, steps %s", seed, steps).isEqualTo(before);
    }
    assertThat(dataset.verify().problems()).as("seed %d, steps %s", seed, steps).isEmpty();
  }

  private static Frame rows(Random random, int count) {
    return sql(
        """
        SELECT CASE WHEN r %% 11 = 0 THEN NULL ELSE (r * %1$d)::INT END AS i,
          CASE r %% 9 WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN '-0.0' WHEN 3 THEN '0.0'
            WHEN 4 THEN 'inf' ELSE (r * 1.5)::VARCHAR END::DOUBLE AS f,
          CASE WHEN r %% 13 = 0 THEN NULL ELSE chr((97 + (r * %1$d) %% 20)::INT) || r END AS s,
          DATE '2024-01-15' + ((r * %1$d) %% 200)::INT AS d,
          {'a': r, 'b': [r::VARCHAR, NULL]} AS st,
          MAP {'k': r} AS m,
          (r * 1.25)::DECIMAL(12,3) AS n
        FROM range(%2$d) t(r)\
        """
            .formatted(1 + random.nextInt(50), 1 + random.nextInt(count)));
  }
}
