package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strings: a row each. */
final class StringReader implements ValueReader {

  private final int[] columns;

  StringReader(List<ScanColumn> wanted) {
    columns = Columns.withRole(wanted, Role.VALUE);
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    to.send(Command.GET, key);
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    if (!(replies[0] instanceof byte[] value)) {
      return Outcome.GONE;
    }
    for (int column : columns) {
      rows.value(column, value);
    }
    return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
  }
}
