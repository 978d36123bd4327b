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
 * @param datasetRows rows that are written into datasets
 * @param commitFiles files of the largest dataset that is committed to
 * @param plannedFiles files of the dataset that one row is looked for in
 * @param datasetRounds rounds of writing datasets
 * @param commitRounds rounds of commits and of point queries
 * @param hashes hashes in Redis that are scanned and written
 * @param redisRounds rounds of that
 * @param streamedKeys hashes in Redis that are streamed to a file by a small process
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
    long datasetRows,
    int commitFiles,
    int plannedFiles,
    int datasetRounds,
    int commitRounds,
    int hashes,
    int redisRounds,
    int streamedKeys,
    int warmups) {

  static final Scale USUAL =
      new Scale(
          50_000_000,
          10_000,
          1_000_000,
          10_000,
          200,
          21,
          20,
          3,
          5,
          20_000_000,
          10_000,
          100_000,
          3,
          30,
          1_000_000,
          5,
          3_000_000,
          2);

  static final Scale FULL =
      new Scale(
          50_000_000,
          10_000,
          1_000_000,
          10_000,
          1_000,
          31,
          60,
          9,
          15,
          20_000_000,
          10_000,
          100_000,
          9,
          200,
          1_000_000,
          15,
          10_000_000,
          3);

  /** For tests: everything runs once, on next to nothing. */
  static final Scale SMOKE =
      new Scale(5_000, 500, 3_000, 5, 1, 1, 1, 1, 1, 5_000, 20, 10, 1, 1, 2_000, 1, 2_000, 0);
}
