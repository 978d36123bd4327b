package dev.tarn.redis.scan;

import static dev.tarn.redis.scan.Arguments.COUNT;
import static dev.tarn.redis.scan.Arguments.number;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets: a row for each member. */
final class SetReader implements ValueReader {

  private final int[] columns;
  private final boolean unique;
  private final PageSize pages = new PageSize();

  SetReader(ScanSpec spec, List<ScanColumn> wanted) {
    columns = Columns.withRole(wanted, Role.MEMBER);
    unique = spec.options().unique();
  }

  @Override
  public Object start() {
    return MemberScan.start(pages.first());
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    MemberScan scan = MemberScan.of(position);
    to.send(Command.SSCAN, key, scan.cursor(), COUNT, number(scan.count()));
  }

  @Override
  public Object moved(Object position) {
    return MemberScan.of(position).anew();
  }

  @Override
  public long kept(@Nullable Object position) {
    return MemberScan.kept(position);
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    if (replies[0] instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    byte[] cursor = MemberScan.cursor(replies[0]);
    List<?> members = MemberScan.members(replies[0]);
    boolean last = MemberScan.isEnd(cursor);
    MemberScan scan = MemberScan.of(position);
    if (scan.isFirst() && members.isEmpty() && last) {
      return Outcome.GONE;
    }
    Fingerprints seen = scan.isFirst() && unique && !last ? new Fingerprints() : scan.seen();
    long bytes = 0;
    for (Object each : members) {
      byte[] member = (byte[]) each;
      bytes += member.length;
      if (seen != null && !seen.add(member)) {
        continue;
      }
      for (int column : columns) {
        rows.value(column, member);
      }
      if (!rows.endRow()) {
        return Outcome.ENOUGH;
      }
    }
    int count = pages.next(members.size(), bytes);
    return last ? Outcome.READ : new Outcome.More(new MemberScan(cursor, seen, count));
  }
}
