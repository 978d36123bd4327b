package dev.tarn.redis.scan;

import static dev.tarn.redis.scan.Arguments.COUNT;
import static dev.tarn.redis.scan.Arguments.ZERO;
import static dev.tarn.redis.scan.Arguments.number;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted sets: a row for each member, in no order. What fits a page is one range; larger ones are
 * scanned, so that members whose score changes meanwhile come too. Scores travel where they are
 * wanted, and with scans, which know no other way.
 */
final class SortedSetReader implements ValueReader {

  private final int[] members;
  private final int[] scores;
  private final boolean unique;
  private final PageSize pages = new PageSize();

  /** Asks for the first members by rank: all of them, unless there are more. */
  private record Whole(int count) {}

  SortedSetReader(ScanSpec spec, List<ScanColumn> wanted) {
    this.members = Columns.withRole(wanted, Role.MEMBER);
    this.scores = Columns.withRole(wanted, Role.SCORE);
    this.unique = spec.options().unique();
  }

  @Override
  public Object start() {
    return new Whole(pages.first());
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    if (position instanceof Whole(int count)) {
      byte[] last = number(count - 1);
      if (scores.length > 0) {
        to.send(Command.ZRANGE, key, ZERO, last, Arguments.WITHSCORES);
      } else {
        to.send(Command.ZRANGE, key, ZERO, last);
      }
    } else {
      MemberScan scan = MemberScan.of(position);
      to.send(Command.ZSCAN, key, scan.cursor(), COUNT, number(scan.count()));
    }
  }

  @Override
  public Object moved(Object position) {
    return position instanceof MemberScan scan ? scan.anew() : position;
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
    return position instanceof Whole(int count)
        ? first(Link.list(replies[0]), count, rows)
        : scanned(MemberScan.of(position), replies[0], rows);
  }

  private Outcome first(List<?> reply, int count, RowBuffer rows) {
    boolean paired = scores.length > 0;
    var scored = new Scores(reply);
    int size = paired ? scored.size() : reply.size();
    if (size == 0) {
      return Outcome.GONE;
    }
    boolean whole = size < count;
    Fingerprints seen = unique && !whole ? new Fingerprints() : null;
    if (!whole && seen == null) {
      return new Outcome.More(MemberScan.start(count)); // from the first again, and each once
    }
    long bytes = 0;
    for (int i = 0; i < size; i++) {
      byte[] member = paired ? scored.member(i) : (byte[]) reply.get(i);
      bytes += member.length;
      if (seen != null) {
        seen.add(member);
      }
      if (!row(member, paired ? scored.score(i) : 0, rows)) {
        return Outcome.ENOUGH;
      }
    }
    int next = pages.next(size, bytes);
    return whole ? Outcome.READ : new Outcome.More(new MemberScan(ZERO, seen, next));
  }

  private Outcome scanned(MemberScan scan, @Nullable Object reply, RowBuffer rows) {
    byte[] cursor = MemberScan.cursor(reply);
    var scored = new Scores(MemberScan.members(reply));
    long bytes = 0;
    for (int i = 0; i < scored.size(); i++) {
      byte[] member = scored.member(i);
      bytes += member.length;
      boolean isNew = scan.seen() == null || scan.seen().add(member);
      if (isNew && !row(member, scored.score(i), rows)) {
        return Outcome.ENOUGH;
      }
    }
    int next = pages.next(scored.size(), bytes);
    return MemberScan.isEnd(cursor)
        ? Outcome.READ
        : new Outcome.More(new MemberScan(cursor, scan.seen(), next));
  }

  private boolean row(byte[] member, double score, RowBuffer rows) {
    for (int column : members) {
      rows.value(column, member);
    }
    for (int column : scores) {
      rows.value(column, score);
    }
    return rows.endRow();
  }
}
