package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.decode.Utf8;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.EntryId;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Streams: a row for each entry, in order. Pages go on behind the last entry, so that entries which
 * are added or trimmed meanwhile put nothing out of place. Of a field that an entry has twice the
 * last counts.
 */
final class StreamReader implements ValueReader {

  private final int[] ids;
  private final int[] times;
  private final int[] maps;
  private final int[] columns;
  private final byte[][] fields;
  private final Span bounds;
  private final PageSize pages = new PageSize();

  /**
   * A page.
   *
   * @param from its first possible entry; null at first
   */
  private record Page(@Nullable EntryId from, int count) {}

  StreamReader(List<ScanColumn> wanted, ReadBounds bounds) {
    this.ids = Columns.withRole(wanted, Role.ENTRY_ID);
    this.times = Columns.withRole(wanted, Role.TIME);
    this.maps = Columns.withRole(wanted, Role.FIELDS);
    this.columns = Columns.withRole(wanted, Role.FIELD);
    this.fields =
        Arrays.stream(columns)
            .mapToObj(column -> wanted.get(column).source().getBytes(UTF_8))
            .toArray(byte[][]::new);
    this.bounds = bounds.millis();
  }

  @Override
  public Object start() {
    return new Page(null, pages.first());
  }

  private static Page page(@Nullable Object position) {
    return position instanceof Page page ? page : new Page(null, 1);
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    Page page = page(position);
    byte[] from =
        page.from() != null
            ? page.from().bytes()
            : bounds.first() == 0 ? Arguments.LEAST : Arguments.number(bounds.first());
    byte[] last =
        bounds.last() == Long.MAX_VALUE ? Arguments.MOST : Arguments.number(bounds.last());
    to.send(Command.XRANGE, key, from, last, Arguments.COUNT, Arguments.number(page.count()));
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    Page page = page(position);
    List<?> entries = Link.list(replies[0]);
    if (entries.isEmpty()) {
      return page.from() == null && bounds.isAll() ? Outcome.UNSURE : Outcome.READ;
    }
    long bytes = 0;
    EntryId id = null;
    for (Object entry : entries) {
      List<?> parts = Link.list(entry);
      byte[] text = (byte[]) parts.getFirst();
      id = EntryId.of(new String(text, US_ASCII));
      bytes += text.length + fields(Link.list(parts.get(1)), rows);
      for (int column : ids) {
        rows.value(column, text);
      }
      for (int column : times) {
        rows.moment(column, id.millis());
      }
      if (!rows.endRow()) {
        return Outcome.ENOUGH;
      }
    }
    EntryId next = id == null || entries.size() < page.count() ? null : id.next();
    int count = pages.next(entries.size(), bytes);
    return next == null ? Outcome.READ : new Outcome.More(new Page(next, count));
  }

  /** Sets what is wanted of an entry's fields; returns the bytes of all. */
  private long fields(List<?> pairs, RowBuffer rows) {
    long bytes = 0;
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      byte[] field = (byte[]) pairs.get(i);
      byte[] value = (byte[]) pairs.get(i + 1);
      bytes += field.length + value.length;
      for (int k = 0; k < fields.length; k++) {
        if (Arrays.equals(field, fields[k]) && !comesAgain(pairs, i + 2, field)) {
          rows.value(columns[k], value);
        }
      }
    }
    for (int column : maps) {
      map(pairs, column, bytes, rows);
    }
    return bytes;
  }

  private static boolean comesAgain(List<?> pairs, int from, byte[] field) {
    for (int i = from; i + 1 < pairs.size(); i += 2) {
      if (Arrays.equals((byte[]) pairs.get(i), field)) {
        return true;
      }
    }
    return false;
  }

  private static void map(List<?> pairs, int column, long bytes, RowBuffer rows) {
    for (Object part : pairs) {
      if (!Utf8.isValid((byte[]) part)) {
        rows.bad(column, (byte[]) part);
        return;
      }
    }
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      map.put(text(pairs.get(i)), text(pairs.get(i + 1)));
    }
    rows.object(column, map, bytes);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  /** A stream can be without entries, and is then without rows. */
  @Override
  public Outcome empty(RowBuffer rows) {
    return Outcome.READ;
  }
}
