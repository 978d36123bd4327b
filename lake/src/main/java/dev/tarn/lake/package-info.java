/**
 * Datasets: versioned tables of a lake. {@link dev.tarn.lake.Lake} lists and makes them, {@link
 * dev.tarn.lake.Dataset} reads, writes and keeps one in shape.
 */
@NullMarked
package dev.tarn.lake;

import org.jspecify.annotations.NullMarked;
