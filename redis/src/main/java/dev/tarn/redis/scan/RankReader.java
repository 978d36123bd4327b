package dev.tarn.redis.scan;

import static dev.tarn.redis.scan.Arguments.LEAST_SCORE;
import static dev.tarn.redis.scan.Arguments.LIMIT;
import static dev.tarn.redis.scan.Arguments.WITHSCORES;
import static dev.tarn.redis.scan.Arguments.ZERO;
import static dev.tarn.redis.scan.Arguments.number;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted sets in their order, where ranks are wanted or only some ranks or scores are. Each page
 * begins at the last member of the one before; where that is not where it was, because others came
 * or went before it, the page goes back until nothing can be left out between them. A member whose
 * own score changes meanwhile may be passed over.
 */
final class RankReader implements ValueReader {

  private final int[] members;
  private final int[] scores;
  private final int[] ranks;
  private final Span bounds;
  private final Interval range;
  private final boolean byScore;
  private final boolean unique;
  private final PageSize pages = new PageSize();

  private record First(int count) {}

  /**
   * Where it goes on.
   *
   * @param rank of the last member that was read, as it was then
   * @param back ranks to go back when it is not there
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record After(
      long rank, double score, byte[] member, long back, @Nullable Fingerprints seen, int count) {

    After at(long newRank, long newBack) {
      return new After(newRank, score, member, newBack, seen, count);
    }

    /** Where a member is: before this one, the same, or behind it. */
    int compare(double otherScore, byte[] other) {
      return otherScore < score
          ? -1
          : otherScore > score ? 1 : Arrays.compareUnsigned(other, member);
    }
  }

  RankReader(ScanSpec spec, List<ScanColumn> wanted, ReadBounds bounds) {
    this.members = Columns.withRole(wanted, Role.MEMBER);
    this.scores = Columns.withRole(wanted, Role.SCORE);
    this.ranks = Columns.withRole(wanted, Role.RANK);
    this.bounds = bounds.indexes();
    this.range = bounds.scores();
    this.byScore = bounds.indexes().isAll() && !range.isAll();
    this.unique = spec.options().unique();
  }

  @Override
  public Object start() {
    return new First(pages.first());
  }

  @Override
  public int commands(@Nullable Object position) {
    return byScore && !(position instanceof After) ? 2 : 1;
  }

  @Override
  public void send(Requests to, byte[] key, @Nullable Object position) {
    if (position instanceof After after) {
      byte[] last = number(bounds.end(after.rank(), after.count() + 1L));
      to.send(Command.ZRANGE, key, number(after.rank()), last, WITHSCORES);
      return;
    }
    int count = count(position);
    if (byScore) {
      byte[] least = Arguments.score(range.low());
      byte[] most = Arguments.score(range.high());
      to.send(Command.ZCOUNT, key, LEAST_SCORE, Arguments.beyond(range.low()));
      to.send(Command.ZRANGEBYSCORE, key, least, most, WITHSCORES, LIMIT, ZERO, number(count));
    } else {
      byte[] last = number(bounds.end(bounds.first(), count));
      to.send(Command.ZRANGE, key, number(bounds.first()), last, WITHSCORES);
    }
  }

  private static int count(@Nullable Object position) {
    return position instanceof First(int count) ? count : 1;
  }

  @Override
  public Outcome read(
      byte[] key, @Nullable Object position, @Nullable Object[] replies, RowBuffer rows) {
    Object reply = replies[replies.length - 1];
    if (reply instanceof ServerError) {
      return Outcome.OTHER_TYPE;
    }
    var page = new Scores(Link.list(reply));
    if (position instanceof After after) {
      return next(after, page, rows);
    }
    if (page.size() == 0) {
      return byScore || bounds.first() > 0 ? Outcome.READ : Outcome.GONE;
    }
    long before = byScore && replies[0] instanceof Long count ? count : bounds.first();
    boolean last = page.size() < count(position);
    return rows(page, 0, before, last, null, rows);
  }

  private Outcome next(After after, Scores page, RowBuffer rows) {
    boolean beyond = page.size() == 0 || after.compare(page.score(0), page.member(0)) > 0;
    if (beyond && after.rank() > 0) {
      long rank = Math.max(0, after.rank() - after.back());
      return new Outcome.More(after.at(rank, 2 * after.back()));
    }
    int from = 0;
    while (from < page.size() && after.compare(page.score(from), page.member(from)) <= 0) {
      from++;
    }
    boolean last = page.size() <= after.count();
    if (from == page.size()) {
      return last ? Outcome.READ : new Outcome.More(after.at(after.rank() + from - 1, 1));
    }
    return rows(page, from, after.rank(), last, after, rows);
  }

  private Outcome rows(
      Scores page, int from, long rank, boolean last, @Nullable After after, RowBuffer rows) {
    Fingerprints seen = after != null ? after.seen() : unique && !last ? new Fingerprints() : null;
    long bytes = 0;
    for (int i = from; i < page.size(); i++) {
      byte[] member = page.member(i);
      bytes += member.length;
      if (page.score(i) > range.high() || rank + i > bounds.last()) {
        return Outcome.READ;
      }
      boolean isNew = seen == null || seen.add(member);
      if (isNew && !row(member, page.score(i), rank + i, rows)) {
        return Outcome.ENOUGH;
      }
    }
    int end = page.size() - 1;
    int count = pages.next(page.size() - from, bytes);
    return last || rank + end >= bounds.last()
        ? Outcome.READ
        : new Outcome.More(
            new After(rank + end, page.score(end), page.member(end), 1, seen, count));
  }

  private boolean row(byte[] member, double score, long rank, RowBuffer rows) {
    for (int column : members) {
      rows.value(column, member);
    }
    for (int column : scores) {
      rows.value(column, score);
    }
    for (int column : ranks) {
      rows.value(column, rank);
    }
    return rows.endRow();
  }
}
