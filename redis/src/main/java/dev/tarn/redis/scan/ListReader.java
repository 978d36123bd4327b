package dev.tarn.redis.scan;

import static dev.tarn.redis.scan.Arguments.number;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists: a row for each element. The pages of a list that is pushed to or popped from meanwhile may
 * have elements twice or leave some out: Redis knows them by their position alone.
 */
final class ListReader implements ValueReader {

  private final int[] values;
  private final int[] positions;
  private final Span bounds;
  private final PageSize pages = new PageSize();

  private record Page(long first, int count) {}

  ListReader(List<ScanColumn> wanted, ReadBounds bounds) {
    this.values = Columns.withRole(wanted, Role.VALUE);
    this.positions = Columns.withRole(wanted, Role.POSITION);
    this.bounds = bounds.indexes();
  }

  @Override
  public Object start() {
    return new Page(bounds.first(), pages.first());
  }

  private Page page(@Nullable Object position) {
    return position instanceof Page page ? page : new Page(bounds.first(), 1);
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    Page page = page(position);
    to.send(
        Command.LRANGE, key, number(page.first()), number(bounds.end(page.first(), page.count())));
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    List<?> elements = Link.list(replies[0]);
    if (elements.isEmpty()) {
      return page(position).first() == 0 ? Outcome.GONE : Outcome.READ;
    }
    long next = page(position).first();
    long bytes = 0;
    for (Object each : elements) {
      byte[] element = (byte[]) each;
      bytes += element.length;
      for (int column : values) {
        rows.value(column, element);
      }
      for (int column : positions) {
        rows.value(column, next);
      }
      next++;
      if (!rows.endRow()) {
        return Outcome.ENOUGH;
      }
    }
    boolean last = next > bounds.last() || elements.size() < page(position).count();
    return last
        ? Outcome.READ
        : new Outcome.More(new Page(next, pages.next(elements.size(), bytes)));
  }
}
