package dev.tarn.lake;

import java.util.List;

/**
 * Versions that were taken out of a dataset's history, or would be when it was a dry run. Their
 * files stay until a vacuum.
 *
 * @param expired their numbers, the oldest first
 * @param left how many versions there are after it
 * @param dryRun whether nothing was done
 */
public record ExpireResult(List<Long> expired, int left, boolean dryRun) {
  public ExpireResult {
    expired = List.copyOf(expired);
  }
}
