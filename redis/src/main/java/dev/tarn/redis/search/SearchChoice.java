package dev.tarn.redis.search;

import dev.tarn.expr.Expr;
import dev.tarn.redis.RedisIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that an index finds, in place of {@code SCAN}.
 *
 * @param index as it was when it was chosen
 * @param generation as of which it was, where that is known
 * @param query in its language
 * @param matched how many it found when it was counted
 * @param documents how many it had then
 * @param used filters that it stands for
 * @param required whether nothing else will do: the rows are what the index finds
 * @param scored whether the score of each key is wanted, or its distance
 * @param nearest the vector that the query speaks of; null for none
 */
public record SearchChoice(
    RedisIndex index,
    String generation,
    String query,
    long matched,
    long documents,
    List<Expr> used,
    boolean required,
    boolean scored,
    @Nullable QueryVector nearest) {

  public SearchChoice {
    used = List.copyOf(used);
  }

  /** Instead of a scan, which would do as well. */
  static SearchChoice of(RedisIndex index, String query) {
    return new SearchChoice(index, Generation.UNKNOWN, query, 0, 0, List.of(), false, false, null);
  }

  static SearchChoice required(RedisIndex index, String query, boolean scored) {
    return new SearchChoice(index, Generation.UNKNOWN, query, 0, 0, List.of(), true, scored, null);
  }

  SearchChoice asOf(String then) {
    return new SearchChoice(
        index, then, query, matched, documents, used, required, scored, nearest);
  }

  SearchChoice counted(long found, long of) {
    return new SearchChoice(index, generation, query, found, of, used, required, scored, nearest);
  }

  SearchChoice using(List<Expr> filters) {
    return new SearchChoice(
        index, generation, query, matched, documents, filters, required, scored, nearest);
  }

  SearchChoice nearest(QueryVector vector) {
    return new SearchChoice(
        index, generation, query, matched, documents, used, required, scored, vector);
  }

  SearchChoice unscored() {
    return new SearchChoice(
        index, generation, query, matched, documents, used, required, false, nearest);
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
