package dev.tarn.lake;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.iceberg.IcebergErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.PropertyUtil;

/** Takes old versions out of the history. Metadata alone: which files go is for a vacuum to say. */
final class Expiry {

  private final Dataset dataset;
  private final int keepAtLeast;

  /**
   * What expires is older, in milliseconds since 1970; versions that are made meanwhile are not.
   */
  private final long before;

  Expiry(Dataset dataset, Duration olderThan, int keepAtLeast) {
    if (olderThan.isNegative()) {
      throw new InvalidRequest(
          "Cannot expire versions older than %s: that is in the future. Say 0 or more."
              .formatted(olderThan));
    }
    if (keepAtLeast < 1) {
      throw new InvalidRequest(
          "Cannot keep %d versions of [%s]: the current one stays. Say 1 or more."
              .formatted(keepAtLeast, dataset.name()));
    }
    this.dataset = dataset;
    this.before = System.currentTimeMillis() - olderThan.toMillis();
    this.keepAtLeast = keepAtLeast;
  }

  ExpireResult run() {
    return Lake.call(
        "expire versions of [%s]".formatted(dataset.name()),
        () -> {
          Table table = dataset.refreshed();
          List<Snapshot> before = oldestFirst(table.snapshots());
          Set<Long> going = new HashSet<>(ids(expiry(table).apply()));
          if (going.isEmpty()) {
            return new ExpireResult(List.of(), before.size(), false);
          }
          Committer.retrying(() -> keepCursors(going));
          expiry(table).commit();
          table.refresh();
          Set<Long> left = new HashSet<>(ids(oldestFirst(table.snapshots())));
          List<Long> gone = ids(before).stream().filter(id -> !left.contains(id)).toList();
          return new ExpireResult(gone, left.size(), false);
        });
  }

  /** They are in versions that are younger than what expires now. */
  private Table keepCursors(Set<Long> going) {
    try {
      Table table = dataset.refreshed();
      Cursors.keep(table, snapshot -> going.contains(snapshot.snapshotId()));
      return table;
    } catch (ValidationException e) {
      throw IcebergErrors.conflict("expire versions of [%s]".formatted(dataset.name()), e);
    }
  }

  ExpireResult dryRun() {
    return Lake.call(
        "expire versions of [%s]".formatted(dataset.name()),
        () -> {
          Table table = dataset.refreshed();
          int all = oldestFirst(table.snapshots()).size();
          List<Long> going = ids(oldestFirst(expiry(table).apply()));
          return new ExpireResult(going, all - going.size(), true);
        });
  }

  private ExpireSnapshots expiry(Table table) {
    requireGarbageCollected(dataset, "expire versions of");
    return table
        .expireSnapshots()
        .expireOlderThan(before)
        .retainLast(keepAtLeast)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE);
  }

  /** A table that others share files with says so. */
  static void requireGarbageCollected(Dataset dataset, String verb) {
    if (!PropertyUtil.propertyAsBoolean(
        dataset.table().properties(),
        TableProperties.GC_ENABLED,
        TableProperties.GC_ENABLED_DEFAULT)) {
      throw new InvalidRequest(
          "Cannot %s [%s]: its property gc.enabled is false, as other tables may share its files. Set it to true if none does."
              .formatted(verb, dataset.name()));
    }
  }

  private static List<Snapshot> oldestFirst(Iterable<Snapshot> snapshots) {
    var sorted = new ArrayList<Snapshot>();
    snapshots.forEach(sorted::add);
    sorted.sort(
        Comparator.comparingLong(Snapshot::timestampMillis)
            .thenComparingLong(Snapshot::sequenceNumber));
    return sorted;
  }

  private static List<Long> ids(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::snapshotId).toList();
  }
}
