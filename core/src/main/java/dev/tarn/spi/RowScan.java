package dev.tarn.spi;

import java.util.List;
import java.util.OptionalLong;

/**
 * Rows that the source hands over in batches, from splits that are read in parallel.
 *
 * @param rowEstimate about how many rows there are; empty when unknown
 */
public record RowScan(List<Split> splits, OptionalLong rowEstimate) implements Scan {

  public RowScan {
    splits = List.copyOf(splits);
  }

  /** A part of the rows, read by one thread at a time. */
  @FunctionalInterface
  public interface Split {
    /**
     * Starts reading.
     *
     * @param columns positions in the source's schema of the columns that are wanted, in the order
     *     in which batches must hold them
     */
    BatchReader open(int[] columns);
  }
}
