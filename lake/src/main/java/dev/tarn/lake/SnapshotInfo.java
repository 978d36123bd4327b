package dev.tarn.lake;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;

/**
 * A version of a dataset, as its history lists it.
 *
 * @param snapshot its number
 * @param parent the version it was made from; empty for the first
 * @param operation {@code append}, {@code overwrite}, {@code delete} or {@code replace}, where the
 *     last changes no row
 * @param rows how many it has
 * @param files how many data files it has
 * @param bytes size of its data files
 * @param summary all that is recorded of it
 */
public record SnapshotInfo(
    long snapshot,
    OptionalLong parent,
    Instant at,
    String operation,
    long rows,
    long files,
    long bytes,
    Map<String, String> summary) {

  public SnapshotInfo {
    summary = Map.copyOf(summary);
  }

  static SnapshotInfo of(Snapshot snapshot) {
    return new SnapshotInfo(
        snapshot.snapshotId(),
        snapshot.parentId() == null ? OptionalLong.empty() : OptionalLong.of(snapshot.parentId()),
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        snapshot.operation(),
        number(snapshot, "total-records"),
        number(snapshot, "total-data-files"),
        number(snapshot, "total-files-size"),
        snapshot.summary());
  }

  private static long number(Snapshot snapshot, String key) {
    return Long.parseLong(snapshot.summary().getOrDefault(key, "0"));
  }
}
