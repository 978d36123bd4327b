package dev.tarn.lake;

/**
 * What a merge has done.
 *
 * @param snapshot the version that it made; the current one where nothing changed, -1 where there
 *     is none
 * @param inserted rows that are new
 * @param updated rows that have another value now
 * @param unchanged rows that had the values already
 * @param deleted rows that are gone
 */
public record MergeResult(
    long snapshot, long inserted, long updated, long unchanged, long deleted) {}
