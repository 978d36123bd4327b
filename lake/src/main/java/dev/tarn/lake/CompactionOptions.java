package dev.tarn.lake;

import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a compaction goes about it: its options, each at most once; the last one counts.
 *
 * @param sortedBy null for the table's own order
 * @param zorder columns; null for none
 * @param only null for all files
 */
record CompactionOptions(
    @Nullable List<SortKey> sortedBy,
    @Nullable List<String> zorder,
    @Nullable Expr only,
    OptionalLong targetBytes,
    long bytesAtOnce,
    int filesAtOnce,
    boolean rewriteAll,
    boolean dryRun) {

  private static final long BYTES_AT_ONCE = 10L << 30;
  private static final int FILES_AT_ONCE = 1000;

  static CompactionOptions of(Option.OfCompaction... options) {
    List<SortKey> sortedBy = null;
    List<String> zorder = null;
    Expr only = null;
    OptionalLong targetBytes = OptionalLong.empty();
    long bytesAtOnce = BYTES_AT_ONCE;
    int filesAtOnce = FILES_AT_ONCE;
    boolean rewriteAll = false;
    boolean dryRun = false;
    for (Option.OfCompaction option : options) {
      switch (option) {
        case Option.SortedBy o -> sortedBy = o.keys();
        case Option.ZOrder o -> zorder = o.columns();
        case Option.Where o -> only = o.predicate();
        case Option.TargetSize o -> targetBytes = OptionalLong.of(o.bytes());
        case Option.BytesAtOnce o -> bytesAtOnce = o.bytes();
        case Option.FilesAtOnce o -> filesAtOnce = o.files();
        case Option.RewriteAll o -> rewriteAll = true;
        case Option.DryRun o -> dryRun = true;
      }
    }
    requirePossible(sortedBy, zorder, bytesAtOnce, filesAtOnce);
    return new CompactionOptions(
        sortedBy, zorder, only, targetBytes, bytesAtOnce, filesAtOnce, rewriteAll, dryRun);
  }

  private static void requirePossible(
      @Nullable List<SortKey> sortedBy,
      @Nullable List<String> zorder,
      long bytesAtOnce,
      int filesAtOnce) {
    if (sortedBy != null && zorder != null) {
      throw new InvalidRequest(
          "Cannot compact by a sort and a z-order at once: rows have one order. Say one of them.");
    }
    if (bytesAtOnce < 1) {
      throw new InvalidRequest(
          "Cannot compact %d bytes at once. Say 1 or more.".formatted(bytesAtOnce));
    }
    if (filesAtOnce < 2) {
      throw new InvalidRequest(
          "Cannot compact %d files at once: it takes two to make one. Say 2 or more."
              .formatted(filesAtOnce));
    }
  }
}
