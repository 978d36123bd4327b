package dev.tarn.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * How a query is run.
 *
 * @param batchRows rows in a batch at most, at least 1
 * @param timeout from start to last row; empty for the engine's own
 */
public record RunOptions(int batchRows, Optional<Duration> timeout) {

  /** 65,536 rows a batch and the engine's time-out. */
  public static final RunOptions DEFAULT = new RunOptions(65_536, Optional.empty());

  public RunOptions batchRows(int rows) {
    return new RunOptions(Math.max(1, rows), timeout);
  }

  public RunOptions timeout(Duration limit) {
    return new RunOptions(batchRows, Optional.of(limit));
  }
}
