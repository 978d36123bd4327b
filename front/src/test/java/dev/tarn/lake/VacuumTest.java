package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.HasTableOperations;
import org.junit.jupiter.api.Test;

/** Old versions go when they are told to, and only files that nobody needs. */
class VacuumTest extends Upkeep {

  private static final Duration NONE = Duration.ZERO;

  private Dataset overwritten(int times) {
    Dataset dataset = lake.create("t", sql("SELECT 0::BIGINT AS v LIMIT 0").schema());
    for (int i = 0; i < times; i++) {
      dataset.overwrite(sql("SELECT %d + r AS v FROM range(10) t(r)".formatted(i)));
    }
    return dataset;
  }

  // ---- expiry

  @Test
  void oldVersionsExpireAndNamedOnesStay() throws Exception {
    Dataset dataset = overwritten(5);
    long second = dataset.history().get(1).snapshot();
    dataset.tag("keep", second);
    Thread.sleep(5);
    List<String> before = tree(folder);
    ExpireResult dry = dataset.expirable(NONE, 1);
    assertThat(tree(folder)).isEqualTo(before);
    ExpireResult result = dataset.expireSnapshots(NONE);
    assertThat(result.expired()).isEqualTo(dry.expired()).hasSize(3).doesNotContain(second);
    assertThat(result.left()).isEqualTo(2);
    assertThat(dataset.at("keep").collect().size()).isEqualTo(10);
    assertThat(dataset.frame().collect().size()).isEqualTo(10);
    assertThat(dataset.expireSnapshots(NONE).expired()).isEmpty();
  }

  @Test
  void someVersionsAreKeptHoweverOld() throws Exception {
    Dataset dataset = overwritten(5);
    Thread.sleep(5);
    assertThat(dataset.expireSnapshots(NONE, 3).expired()).hasSize(2);
    assertThat(dataset.expireSnapshots(Duration.ofDays(1)).expired()).isEmpty();
    assertThatThrownBy(() -> dataset.expireSnapshots(NONE, 0)).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> dataset.expireSnapshots(Duration.ofDays(-1)))
        .isInstanceOf(InvalidRequest.class);
  }

  // ---- vacuum

  @Test
  void filesOfExpiredVersionsGo() throws Exception {
    Dataset dataset = overwritten(4);
    Thread.sleep(5);
    assertThat(dataset.vacuumable(NONE)).isEmpty();
    dataset.expireSnapshots(NONE);
    List<String> before = tree(folder);
    List<UnusedFile> unused = dataset.vacuumable(NONE);
    assertThat(tree(folder)).isEqualTo(before);
    assertThat(unused).filteredOn(f -> f.path().endsWith(".parquet")).hasSize(3);
    VacuumResult result = dataset.vacuum(NONE);
    assertThat(result.removed()).isEqualTo(unused);
    assertThat(result.failed()).isEmpty();
    assertThat(dataset.frame().collect().size()).isEqualTo(10);
    assertThat(dataset.verify().problems()).isEmpty();
    assertThat(dataset.verifyHistory().problems()).isEmpty();
    assertThat(dataset.vacuum(NONE).removed()).isEmpty();
  }

  @Test
  void whatIsYoungStays() throws Exception {
    Dataset dataset = overwritten(3);
    Path stray = location(dataset).resolve("data/.write.tarn-x/a.draft");
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "half");
    String path = stray.toRealPath().toString();
    assertThat(dataset.vacuum().removed()).isEmpty();
    age(location(dataset), Duration.ofDays(4));
    assertThat(dataset.vacuum().removed()).extracting(UnusedFile::path).containsExactly(path);
    assertThat(stray.getParent()).doesNotExist();
    assertThat(dataset.verifyHistory().problems()).isEmpty();
  }

  @Test
  void whatAReaderOfAMomentAgoNeedsStays() throws Exception {
    Dataset dataset = overwritten(3);
    Frame reading = dataset.at(dataset.history().getFirst().snapshot());
    age(location(dataset), Duration.ofDays(10)); // written long ago, expired just now
    Thread.sleep(5);
    dataset.expireSnapshots(NONE);
    assertThat(dataset.vacuum(Duration.ofHours(1)).removed()).isEmpty();
    try (Lake other = Lake.open(LakeCatalog.of(folder.resolve("lake")), engine)) {
      assertThat(other.dataset("t").vacuum(Duration.ofHours(1)).removed()).isEmpty();
    }
    assertThat(reading).isNotNull();
    assertThat(dataset.vacuum(NONE).removed()).isNotEmpty();
  }

  @Test
  void withoutTheMetadataOfTheGracePeriodNothingGoes() throws Exception {
    Dataset dataset = overwritten(3);
    var log = ((HasTableOperations) dataset.refreshed()).operations().current().previousFiles();
    Files.delete(Path.of(log.getLast().file()));
    assertThatThrownBy(() -> dataset.vacuum(Duration.ofHours(1)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("was its metadata within the grace period and is gone");
    dataset.vacuum(NONE);
  }

  @Test
  void linksAreNotFollowedNorRemoved() throws Exception {
    Path real = Files.createDirectories(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (Lake linked = Lake.open(LakeCatalog.of(link), engine)) {
      Dataset dataset = linked.create("t", sql("SELECT 1 AS v"));
      Path outside = Files.createDirectories(folder.resolve("outside"));
      Files.writeString(outside.resolve("precious.parquet"), "x");
      Files.createSymbolicLink(location(dataset).resolve("data/elsewhere"), outside);
      Files.createSymbolicLink(
          location(dataset).resolve("data/file.parquet"), outside.resolve("precious.parquet"));
      Thread.sleep(5);
      assertThat(dataset.vacuum(NONE).removed()).isEmpty();
      assertThat(outside.resolve("precious.parquet")).exists();
      assertThat(location(dataset).resolve("data/elsewhere")).exists();
      assertThat(dataset.frame().collect().size()).isEqualTo(1);
    }
  }

  @Test
  void tablesWithinTheFolderStay() throws Exception {
    Dataset dataset = overwritten(1);
    Path other = location(dataset).resolve("data/other");
    Files.createDirectories(other.resolve("metadata"));
    Files.writeString(other.resolve("metadata/v1.metadata.json"), "{}");
    Files.writeString(other.resolve("a.parquet"), "x");
    assertThat(dataset.vacuum(NONE).removed()).isEmpty();
  }

  @Test
  void tagsKeepFiles() throws Exception {
    Dataset dataset = overwritten(3);
    dataset.tag("first", dataset.history().getFirst().snapshot());
    dataset.createBranch("b");
    dataset.onBranch("b").append(sql("SELECT 100 AS v"));
    dataset.delete(col("v").gt(5));
    Thread.sleep(5);
    dataset.expireSnapshots(NONE);
    dataset.vacuum(NONE);
    assertThat(dataset.at("first").collect().size()).isEqualTo(10);
    assertThat(dataset.onBranch("b").frame().collect().size()).isEqualTo(11);
    assertThat(dataset.verifyHistory().problems()).isEmpty();
  }

  // ---- the lake

  @Test
  void creationsThatNeverCameToBeGo() throws Exception {
    Dataset kept = overwritten(1);
    lake.create("dropped", sql("SELECT 1 AS v"));
    Path dropped = location(lake.dataset("dropped"));
    lake.drop("dropped");
    Path namespace = location(kept).getParent();
    Path leftover = namespace.resolve("gone-0123abcd");
    Files.createDirectories(leftover.resolve("data"));
    Files.writeString(leftover.resolve("data/a.parquet"), "x");
    Path own = namespace.resolve("mine-0123abcd");
    Files.createDirectories(own.resolve("raw"));
    Files.writeString(own.resolve("raw/a.parquet"), "x");
    assertThat(lake.vacuumable(Duration.ofDays(1))).isEmpty();
    assertThat(lake.vacuumable(NONE))
        .extracting(UnusedFile::path)
        .containsExactly(leftover.toString());
    assertThat(lake.vacuum(NONE).removed()).hasSize(1);
    assertThat(leftover).doesNotExist();
    assertThat(own).exists();
    assertThat(dropped).exists();
    assertThat(kept.frame().collect().size()).isEqualTo(10);
  }
}
