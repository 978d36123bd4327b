package dev.tarn.lake;

import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a commit has changed.
 *
 * @param snapshot the version that it made; the current one where there was nothing to change, -1
 *     where there is none
 * @param rowsAdded rows of the files that were added, those that were only moved among them
 * @param rowsRemoved rows of the files that were removed
 * @param bytesAdded size of the files that were added
 */
public record Committed(
    long snapshot,
    long rowsAdded,
    long rowsRemoved,
    long filesAdded,
    long filesRemoved,
    long bytesAdded) {

  static Committed of(Snapshot snapshot) {
    return new Committed(
        snapshot.snapshotId(),
        number(snapshot, "added-records"),
        number(snapshot, "deleted-records"),
        number(snapshot, "added-data-files"),
        number(snapshot, "deleted-data-files"),
        number(snapshot, "added-files-size"));
  }

  static Committed nothing(@Nullable Snapshot current) {
    return new Committed(current == null ? -1 : current.snapshotId(), 0, 0, 0, 0, 0);
  }

  private static long number(Snapshot snapshot, String key) {
    return Long.parseLong(snapshot.summary().getOrDefault(key, "0"));
  }
}
