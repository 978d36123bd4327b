package dev.tarn.spi;

import dev.tarn.expr.Expr;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows that the source hands over in batches, from splits that are read in parallel.
 *
 * @param rowEstimate about how many rows there are; empty when unknown
 * @param used filters of the request that narrowed what is read; null when the source does not say
 * @param notes what else there is to know of the choice, for {@code explain}
 */
public record RowScan(
    List<Split> splits, OptionalLong rowEstimate, @Nullable List<Expr> used, List<String> notes)
    implements Scan {

  public RowScan {
    splits = List.copyOf(splits);
    used = used == null ? null : List.copyOf(used);
    notes = List.copyOf(notes);
  }

  public RowScan(List<Split> splits, OptionalLong rowEstimate) {
    this(splits, rowEstimate, null, List.of());
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
