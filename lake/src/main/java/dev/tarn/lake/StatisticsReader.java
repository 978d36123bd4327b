package dev.tarn.lake;

import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortField;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.StructLikeWrapper;

/** Finds the statistics of a dataset, from its metadata alone. */
final class StatisticsReader {

  /** Versions slow planning and keep files; a history needs not so many. */
  private static final int MANY_SNAPSHOTS = 100;

  private static final Duration OLD = Duration.ofDays(7);

  private final Dataset dataset;
  private final Table table;

  StatisticsReader(Dataset dataset) {
    this.dataset = dataset;
    this.table = dataset.refreshed();
  }

  DatasetStatistics read() {
    return Lake.call("show [%s]".formatted(dataset.name()), this::found);
  }

  private DatasetStatistics found() {
    Snapshot head = table.snapshot(dataset.branch());
    List<PlannedFile> files =
        head == null
            ? List.of()
            : dataset.lake().planner().plan(table, head, Expressions.alwaysTrue()).files();
    List<SnapshotInfo> history = dataset.history();
    var compaction = new Compaction(dataset);
    return new DatasetStatistics(
        dataset.name(),
        files.stream().mapToLong(file -> file.file().recordCount()).sum(),
        files.size(),
        CompactionPlan.bytes(files),
        files.stream().filter(compaction::isSmall).count(),
        deletes(files),
        partitions(files),
        history.size(),
        history.isEmpty() ? Optional.empty() : Optional.of(history.getFirst().at()),
        history.isEmpty() ? Optional.empty() : Optional.of(history.getLast().at()),
        IcebergTypes.schema(table.schema()),
        dataset.partitioning(),
        sortedBy(),
        metadataBytes(),
        advice(compaction, files, history));
  }

  private static long deletes(List<PlannedFile> files) {
    return files.stream()
        .flatMap(file -> file.deletes().stream())
        .map(file -> file.location() + "#" + file.contentOffset())
        .distinct()
        .count();
  }

  private long partitions(List<PlannedFile> files) {
    record Partition(int spec, StructLikeWrapper values) {}
    var partitions = new HashSet<Partition>();
    for (PlannedFile file : files) {
      int spec = file.file().specId();
      partitions.add(
          new Partition(
              spec,
              StructLikeWrapper.forType(
                      Objects.requireNonNull(table.specs().get(spec)).partitionType())
                  .copyFor(file.file().partition())));
    }
    return partitions.size();
  }

  private List<String> sortedBy() {
    var keys = new ArrayList<String>();
    for (SortField field : table.sortOrder().fields()) {
      String column = table.schema().findColumnName(field.sourceId());
      String key = field.transform().isIdentity() ? column : field.transform() + "(" + column + ")";
      keys.add(key + " " + field.direction().name().toLowerCase(Locale.ROOT));
    }
    return keys;
  }

  private long metadataBytes() {
    Path folder = Path.of(LocalFileIO.path(table.location()), "metadata");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(StatisticsReader::size).sum();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  // ---- advice

  private List<String> advice(
      Compaction compaction, List<PlannedFile> files, List<SnapshotInfo> history) {
    var advice = new ArrayList<String>();
    compaction(compaction, files).ifPresent(advice::add);
    expiry(history).ifPresent(advice::add);
    vacuum(history).ifPresent(advice::add);
    return advice;
  }

  private static Optional<String> compaction(Compaction compaction, List<PlannedFile> files) {
    long small = 0;
    long deleted = 0;
    for (List<PlannedFile> group : compaction.groups()) {
      small += group.stream().filter(compaction::isSmall).count();
      deleted += group.stream().filter(file -> !file.deletes().isEmpty()).count();
    }
    if (small == 0 && deleted == 0) {
      return Optional.empty();
    }
    String why =
        small == 0
            ? "%,d of %,d files have deleted rows".formatted(deleted, files.size())
            : "%,d of %,d files are smaller than %s"
                .formatted(small, files.size(), DatasetStatistics.size(compaction.smallBytes()));
    return Optional.of("compact: " + why);
  }

  private static Optional<String> expiry(List<SnapshotInfo> history) {
    Instant old = Instant.now().minus(OLD);
    long many = history.stream().filter(version -> version.at().isBefore(old)).count();
    return history.size() <= MANY_SNAPSHOTS
        ? Optional.empty()
        : Optional.of(
            "expire: %,d snapshots, %,d of them older than %d days"
                .formatted(history.size(), many, OLD.toDays()));
  }

  /** With a long history it would take long to know; that is to be expired first. */
  private Optional<String> vacuum(List<SnapshotInfo> history) {
    if (history.size() > MANY_SNAPSHOTS) {
      return Optional.empty();
    }
    List<UnusedFile> unused = dataset.vacuumable();
    long bytes = unused.stream().mapToLong(UnusedFile::bytes).sum();
    return unused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "vacuum: %,d files, %s unreferenced"
                .formatted(unused.size(), DatasetStatistics.size(bytes)));
  }
}
