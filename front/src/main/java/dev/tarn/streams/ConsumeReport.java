package dev.tarn.streams;

/**
 * What a consumer has done.
 *
 * @param rows that were appended
 * @param commits to the dataset
 * @param skipped malformed entries that were left out
 * @param conflicts how often another process was first with the same entries
 */
public record ConsumeReport(long rows, long commits, long skipped, long conflicts) {}
