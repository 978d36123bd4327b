package dev.tarn.cli.dataset;

import dev.tarn.lake.Dataset;
import dev.tarn.lake.SnapshotInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version of a dataset, as it is listed.
 *
 * @param names tags and branches that stand for it
 */
record Version(
    long version,
    Optional<Long> parent,
    Instant at,
    String operation,
    long rows,
    long files,
    long bytes,
    String names) {

  /** All versions, the oldest first. */
  static List<Version> all(Dataset dataset) {
    Map<String, Long> refs = dataset.refs();
    return dataset.history().stream().map(info -> of(info, refs)).toList();
  }

  /** The one that queries read; none where nothing was ever written. */
  static Optional<Version> current(Dataset dataset) {
    Long current = dataset.refs().get("main");
    return all(dataset).stream()
        .filter(version -> current != null && version.version == current)
        .findFirst();
  }

  private static Version of(SnapshotInfo info, Map<String, Long> refs) {
    List<String> names =
        refs.entrySet().stream()
            .filter(ref -> ref.getValue() == info.snapshot())
            .map(Map.Entry::getKey)
            .toList();
    return new Version(
        info.snapshot(),
        info.parent().isPresent() ? Optional.of(info.parent().getAsLong()) : Optional.empty(),
        info.at(),
        info.operation(),
        info.rows(),
        info.files(),
        info.bytes(),
        String.join(", ", names));
  }
}
