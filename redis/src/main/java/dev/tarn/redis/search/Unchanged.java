package dev.tarn.redis.search;

import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;

/**
 * Whether an index is still the one that it was. What is known of it is kept for some seconds: it
 * may have been dropped meanwhile and made anew, of other keys or fields, or have begun to look for
 * keys again.
 */
final class Unchanged {

  private Unchanged() {}

  /** Why what was found may not be all; empty where the index is the one that was chosen. */
  static String doubt(SearchChoice choice, Link link) {
    RedisIndex chosen = choice.index();
    boolean known = !choice.generation().equals(Generation.UNKNOWN);
    if (known && choice.generation().equals(Generation.of(link))) {
      return "";
    }
    Object reply = link.call(Indexes.FT_INFO, KeySearch.word(chosen.name()));
    if (reply instanceof ServerError error) {
      return error.brief();
    }
    RedisIndex now = IndexReply.parse(chosen.name(), reply);
    boolean good =
        choice.required() ? isOfTheSame(chosen, now) : isSame(chosen, now) && now.isComplete();
    return good ? "" : "the index has changed";
  }

  /** One that has lost most of its documents was told to pass over those that there were. */
  static boolean isSame(RedisIndex before, RedisIndex now) {
    return isOfTheSame(before, now) && now.documents() >= before.documents() / 2;
  }

  private static boolean isOfTheSame(RedisIndex before, RedisIndex now) {
    return now.fields().equals(before.fields())
        && now.prefixes().equals(before.prefixes())
        && now.keyType().equals(before.keyType());
  }
}
