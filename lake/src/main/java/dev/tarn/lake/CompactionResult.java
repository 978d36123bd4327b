package dev.tarn.lake;

/**
 * What a compaction has changed, or would change when it was a dry run. Rows are the same before
 * and after.
 *
 * @param commits how many versions it made
 * @param filesBefore files that were rewritten
 * @param filesAfter files that took their place; an estimate of a dry run
 * @param bytesBefore size of the files that were rewritten
 * @param bytesAfter size of the files that took their place; an estimate of a dry run
 * @param checksum of the rows that were rewritten, which was found to be the same before and after
 *     each commit; of a dry run only the number of rows, deleted ones among them
 * @param dryRun whether nothing was done
 */
public record CompactionResult(
    int commits,
    long filesBefore,
    long filesAfter,
    long bytesBefore,
    long bytesAfter,
    RowChecksum checksum,
    boolean dryRun) {

  static CompactionResult nothing(boolean dryRun) {
    return new CompactionResult(0, 0, 0, 0, 0, RowChecksum.NOTHING, dryRun);
  }

  CompactionResult and(CompactionResult other) {
    return new CompactionResult(
        commits + other.commits,
        filesBefore + other.filesBefore,
        filesAfter + other.filesAfter,
        bytesBefore + other.bytesBefore,
        bytesAfter + other.bytesAfter,
        checksum.and(other.checksum),
        dryRun);
  }

  /** How many rows were rewritten. */
  public long rows() {
    return checksum.rows();
  }
}
