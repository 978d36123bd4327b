package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hashes: a row each, of the fields that are wanted and no others. */
final class HashReader implements ValueReader {

  private final int[] columns;
  private final byte[][] fields;

  HashReader(List<ScanColumn> wanted) {
    columns = Columns.withRole(wanted, Role.FIELD);
    fields = new byte[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      fields[i] = wanted.get(columns[i]).source().getBytes(UTF_8);
    }
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    var arguments = new byte[fields.length + 1][];
    arguments[0] = key;
    System.arraycopy(fields, 0, arguments, 1, fields.length);
    to.send(Command.HMGET, arguments);
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    List<?> values = (List<?>) replies[0];
    boolean any = false;
    if (values != null) {
      for (int i = 0; i < columns.length; i++) {
        if (values.get(i) instanceof byte[] value) {
          rows.value(columns[i], value);
          any = true;
        }
      }
    }
    if (!any) {
      return Outcome.UNSURE;
    }
    return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
  }
}
