package dev.tarn.spi;

import dev.tarn.expr.Expr;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rows that the source hands over in batches, in parts that are read in parallel.
 *
 * @param rowEstimate about how many rows there are; empty when unknown
 * @param used filters of the request that narrowed what is read; null when the source does not say
 * @param notes what else there is to know of the choice, for {@code explain}
 */
public record RowScan(
    Rows rows, OptionalLong rowEstimate, @Nullable List<Expr> used, List<String> notes)
    implements Scan {

  public RowScan {
    used = used == null ? null : List.copyOf(used);
    notes = List.copyOf(notes);
  }

  /** Parts that can be read each by itself. */
  public RowScan(List<Part> parts, OptionalLong rowEstimate) {
    this(new Parts(parts), rowEstimate, null, List.of());
  }

  /** What can be read, several times at once as well: a query may name a table twice. */
  public interface Rows {

    /** How many threads a reading is worth at most. */
    int parts();

    /**
     * Begins a reading, which is over when all of its parts are.
     *
     * @param columns positions in the source's schema of the columns that are wanted, in the order
     *     in which batches must hold them
     */
    Reading open(int[] columns);
  }

  /** All rows once. Safe for use by several threads. */
  @FunctionalInterface
  public interface Reading {
    /** Starts to read a part that nobody has begun; null when there is none. */
    @Nullable BatchReader next();
  }

  /** A part of the rows, read by one thread at a time. */
  @FunctionalInterface
  public interface Part {
    /** Starts to read it, as {@link Rows#open} says. */
    BatchReader open(int[] columns);
  }

  private record Parts(List<Part> all) implements Rows {
    Parts {
      all = List.copyOf(all);
    }

    @Override
    public int parts() {
      return all.size();
    }

    @Override
    public Reading open(int[] columns) {
      var next = new AtomicInteger();
      return () -> {
        int part = next.getAndIncrement();
        return part < all.size() ? all.get(part).open(columns) : null;
      };
    }
  }
}
