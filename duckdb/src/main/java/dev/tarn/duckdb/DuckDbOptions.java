package dev.tarn.duckdb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the embedded engine is set up. Immutable; each method returns a new one.
 *
 * @param threads worker threads; empty for one a core
 * @param memoryBytes what the engine may hold in memory (10⁶-based); empty for 80 % of the
 *     machine's
 * @param spillFolder where what does not fit in memory goes; empty for a folder of its own in the
 *     system's temporary folder
 * @param spillBytes the most it may put there; empty for 90 % of what is free
 * @param queries queries that may run at the same time; more wait for their turn
 * @param timeout the longest a query may take unless it says otherwise; empty for no limit
 */
public record DuckDbOptions(
    OptionalInt threads,
    OptionalLong memoryBytes,
    Optional<Path> spillFolder,
    OptionalLong spillBytes,
    int queries,
    Optional<Duration> timeout) {

  public static final DuckDbOptions DEFAULT =
      new DuckDbOptions(
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          Math.max(8, 2 * Runtime.getRuntime().availableProcessors()),
          Optional.empty());

  public DuckDbOptions threads(int count) {
    return new DuckDbOptions(
        OptionalInt.of(count), memoryBytes, spillFolder, spillBytes, queries, timeout);
  }

  public DuckDbOptions memoryBytes(long bytes) {
    return new DuckDbOptions(
        threads, OptionalLong.of(bytes), spillFolder, spillBytes, queries, timeout);
  }

  public DuckDbOptions spillFolder(Path folder) {
    return new DuckDbOptions(
        threads, memoryBytes, Optional.of(folder), spillBytes, queries, timeout);
  }

  public DuckDbOptions spillBytes(long bytes) {
    return new DuckDbOptions(
        threads, memoryBytes, spillFolder, OptionalLong.of(bytes), queries, timeout);
  }

  public DuckDbOptions queries(int most) {
    return new DuckDbOptions(threads, memoryBytes, spillFolder, spillBytes, most, timeout);
  }

  public DuckDbOptions timeout(Duration limit) {
    return new DuckDbOptions(
        threads, memoryBytes, spillFolder, spillBytes, queries, Optional.of(limit));
  }
}
