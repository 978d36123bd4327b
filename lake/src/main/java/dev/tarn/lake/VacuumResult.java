package dev.tarn.lake;

import java.util.List;

/**
 * What a vacuum has removed.
 *
 * @param removed each of the files, or folders of creations that never came to be
 * @param failed those that could not be removed, and why; another vacuum tries them again
 */
public record VacuumResult(List<UnusedFile> removed, List<String> failed) {
  public VacuumResult {
    removed = List.copyOf(removed);
    failed = List.copyOf(failed);
  }

  /** How many bytes are free now. */
  public long bytes() {
    return removed.stream().mapToLong(UnusedFile::bytes).sum();
  }
}
