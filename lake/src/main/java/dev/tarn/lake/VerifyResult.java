package dev.tarn.lake;

import java.util.List;
import java.util.Optional;

/**
 * Whether a dataset is what its metadata says.
 *
 * @param snapshot the version that was looked at; -1 where there is none
 * @param snapshots how many versions were looked at
 * @param dataFiles how many data files they have
 * @param deleteFiles how many files with deleted rows they have
 * @param bytes size of all of these
 * @param checksum of all rows, to be compared before and after maintenance; empty where the rows
 *     could not be read, or were not
 * @param problems what is wrong, each naming the file; empty when all is well
 */
public record VerifyResult(
    long snapshot,
    int snapshots,
    int dataFiles,
    int deleteFiles,
    long bytes,
    Optional<RowChecksum> checksum,
    List<String> problems) {
  public VerifyResult {
    problems = List.copyOf(problems);
  }

  /** Whether no problem was found. */
  public boolean isClean() {
    return problems.isEmpty();
  }
}
