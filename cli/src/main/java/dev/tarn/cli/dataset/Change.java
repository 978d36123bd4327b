package dev.tarn.cli.dataset;

import dev.tarn.lake.Committed;
import java.util.Optional;

/** What a commit has changed, as it is printed; rows that were only moved are on both sides. */
record Change(
    String dataset,
    String done,
    Optional<Long> version,
    long rowsAdded,
    long rowsRemoved,
    long filesAdded,
    long filesRemoved,
    long bytesAdded) {

  static Change of(String dataset, String done, Committed committed) {
    return new Change(
        dataset,
        done,
        Optional.of(committed.snapshot()).filter(id -> id >= 0),
        committed.rowsAdded(),
        committed.rowsRemoved(),
        committed.filesAdded(),
        committed.filesRemoved(),
        committed.bytesAdded());
  }
}
