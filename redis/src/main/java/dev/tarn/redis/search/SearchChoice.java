package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.redis.RedisIndex;
import java.util.List;

/**
 * Keys that an index finds, in place of {@code SCAN}.
 *
 * @param index as it was when it was chosen
 * @param query in its language
 * @param matched how many it found when it was counted
 * @param documents how many it had then
 * @param used filters that it stands for
 * @param required whether nothing else will do: the rows are what the index finds
 */
public record SearchChoice(
    RedisIndex index,
    String query,
    long matched,
    long documents,
    List<Expr> used,
    boolean required) {

  public SearchChoice {
    used = List.copyOf(used);
  }

  SearchChoice counted(long found, long of) {
    return new SearchChoice(index, query, found, of, used, required);
  }

  /** Whether it is of version 1 of the search module. */
  boolean isOld() {
    return !index.followsKeys();
  }

  /** What is sent for the keys. */
  public String command() {
    return KeySearch.isPaged(this)
        ? SearchCommands.shown(
            SearchCommands.FT_AGGREGATE, SearchCommands.cursor(this, KeySearch.PAGE))
        : SearchCommands.shown(
            SearchCommands.FT_SEARCH, SearchCommands.keys(this, KeySearch.most(this)));
  }
}
