package dev.tarn.spi;

/**
 * What was written.
 *
 * @param rows rows in all
 * @param files how many files hold them; 0 where a sink has none
 * @param bytes size of the files
 */
public record WriteResult(long rows, long files, long bytes) {}
