package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of which nothing is wanted but how many there are, and their numbers: it takes a count. */
final class CountReader implements ValueReader {

  private final Command command;
  private final Outcome nothing;
  private final int[] indexes;
  private final Span bounds;

  /**
   * A reader of counts.
   *
   * @param command what answers the number of rows
   * @param nothing what it means that there are none
   */
  CountReader(Command command, Outcome nothing, List<ScanColumn> wanted, Span bounds) {
    this.command = command;
    this.nothing = nothing;
    this.indexes =
        Columns.withRole(wanted, Columns.have(wanted, Role.RANK) ? Role.RANK : Role.POSITION);
    this.bounds = bounds;
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    to.send(command, key);
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    long count = replies[0] instanceof Long number ? number : 0;
    if (count == 0) {
      return nothing;
    }
    for (long i = bounds.first(); i <= Math.min(bounds.last(), count - 1); i++) {
      for (int column : indexes) {
        rows.value(column, i);
      }
      if (!rows.endRow()) {
        return Outcome.ENOUGH;
      }
    }
    return Outcome.READ;
  }

  @Override
  public Outcome empty(RowBuffer rows) {
    return Outcome.READ;
  }
}
