package dev.tarn.lake;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.io.Codec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be said of a dataset or of a write; made by the methods of {@link Options}. */
public sealed interface Option {

  /** For {@code create}. */
  sealed interface OfTable extends Option {}

  /** For {@code append}. */
  sealed interface OfAppend extends Option {}

  /** For {@code append}, {@code overwrite} and {@code merge}. */
  sealed interface OfWrite extends OfAppend {}

  /** For {@code compact}. */
  sealed interface OfCompaction extends Option {}

  record PartitionedBy(List<Transform> transforms) implements OfTable {
    public PartitionedBy {
      transforms = List.copyOf(transforms);
    }
  }

  record SortedBy(List<SortKey> keys) implements OfTable, OfCompaction {
    public SortedBy {
      keys = List.copyOf(keys);
    }
  }

  /** Rows near each other in all of the columns lie near each other in the files. */
  record ZOrder(List<String> columns) implements OfCompaction {
    public ZOrder {
      columns = List.copyOf(columns);
      if (columns.size() < 2 || columns.size() > 4) {
        throw new InvalidRequest(
            "Cannot order by %d columns at once: z-order takes 2 to 4. Sort by one."
                .formatted(columns.size()));
      }
    }
  }

  record Compression(Codec codec, OptionalInt level) implements OfTable {}

  /** About how large a file gets, in bytes. */
  record TargetSize(long bytes) implements OfTable, OfCompaction {
    public TargetSize {
      if (bytes < 1) {
        throw new InvalidRequest("Cannot write files of %d bytes. Say 1 or more.".formatted(bytes));
      }
    }
  }

  /** Columns that have a value in every row. */
  record Required(List<String> columns) implements OfTable {
    public Required {
      columns = List.copyOf(columns);
    }
  }

  /** Columns that the dataset lacks are added, and those that are too narrow are widened. */
  record Evolve() implements OfWrite {}

  /** Nanoseconds are cut off where a column has microseconds. */
  record TruncateNanos() implements OfWrite {}

  /**
   * How far a source has been read, moved on with the rows in one commit.
   *
   * @param name of the source
   * @param from as {@link Dataset#cursor} was; empty where there was none
   */
  record Cursor(String name, Optional<String> from, String to) implements OfAppend {}

  /** Only partitions, or files, that can hold a row for which it is true. */
  record Where(Expr predicate) implements OfCompaction {}

  /** So many bytes of files are rewritten by one commit at most. */
  record BytesAtOnce(long bytes) implements OfCompaction {}

  /** So many files are rewritten by one commit at most. */
  record FilesAtOnce(int files) implements OfCompaction {}

  /** All files are rewritten, those of a good size too. */
  record RewriteAll() implements OfCompaction {}

  /** What would be done is said, and nothing is done. */
  record DryRun() implements OfCompaction {}
}
