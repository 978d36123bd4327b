package dev.tarn.lake;

import dev.tarn.expr.SortKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How a new dataset is laid out: its options, each at most once; the last one counts. */
record TableLayout(
    List<Transform> partitions,
    List<SortKey> sortedBy,
    Optional<Option.Compression> compression,
    OptionalLong fileBytes,
    List<String> required) {

  static TableLayout of(Option.OfTable... options) {
    List<Transform> partitions = List.of();
    List<SortKey> sortedBy = List.of();
    Optional<Option.Compression> compression = Optional.empty();
    OptionalLong fileBytes = OptionalLong.empty();
    List<String> required = List.of();
    for (Option.OfTable option : options) {
      switch (option) {
        case Option.PartitionedBy o -> partitions = o.transforms();
        case Option.SortedBy o -> sortedBy = o.keys();
        case Option.Compression o -> compression = Optional.of(o);
        case Option.TargetSize o -> fileBytes = OptionalLong.of(o.bytes());
        case Option.Required o -> required = o.columns();
      }
    }
    return new TableLayout(partitions, sortedBy, compression, fileBytes, required);
  }
}
