package dev.tarn.lake;

import java.time.Instant;

/**
 * A file or folder that no version of a dataset needs.
 *
 * @param bytes size of it, with all that is in it
 * @param modified when it, or the newest of what is in it, was written
 */
public record UnusedFile(String path, long bytes, Instant modified) {}
