package dev.tarn.benchmarks;

/**
 * How big the fixtures are, and how often each side of a comparison runs.
 *
 * @param rows rows of the large Parquet file
 * @param smallRows rows of the small Parquet file
 * @param csvRows rows of the CSV file
 * @param files small files in the folder of many
 * @param smallRounds rounds of the small queries
 * @param largeRounds rounds of the query over the large file
 * @param startRounds rounds of starting processes
 * @param streamRounds rounds of streaming the large file in child processes
 * @param fileRounds rounds of opening files
 * @param warmups rounds before those that count
 */
record Scale(
    long rows,
    long smallRows,
    long csvRows,
    int files,
    int smallRounds,
    int largeRounds,
    int startRounds,
    int streamRounds,
    int fileRounds,
    int warmups) {

  static final Scale USUAL = new Scale(50_000_000, 10_000, 1_000_000, 10_000, 200, 21, 20, 3, 5, 2);

  static final Scale FULL =
      new Scale(50_000_000, 10_000, 1_000_000, 10_000, 1_000, 31, 60, 9, 15, 3);

  /** For tests: everything runs once, on next to nothing. */
  static final Scale SMOKE = new Scale(5_000, 500, 3_000, 5, 1, 1, 1, 1, 1, 0);
}
