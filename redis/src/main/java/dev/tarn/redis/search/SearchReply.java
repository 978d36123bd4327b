package dev.tarn.redis.search;

import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/**
 * What {@code FT.SEARCH} answers of keys, in both protocols.
 *
 * @param total how many were found
 * @param keys those that were sent
 * @param scores of those keys, or their distances; none where they were not asked for
 * @param doubt why it may not be all; empty where nothing says so
 */
record SearchReply(long total, List<byte[]> keys, List<Double> scores, String doubt) {

  private static final String UNKNOWN = "the answer is none that is known";

  /** The answer to a search without contents. */
  static SearchReply keys(@Nullable Object reply) {
    return parse(reply, false);
  }

  /** The answer to a search with scores and no contents, or with distances alone. */
  static SearchReply scored(@Nullable Object reply) {
    return parse(reply, true);
  }

  /** The same, with a reason to doubt it. */
  SearchReply doubted(String why) {
    return new SearchReply(total, keys, scores, why);
  }

  private static SearchReply parse(@Nullable Object reply, boolean scored) {
    if (reply instanceof ServerError error) {
      return none(error.brief());
    }
    Collection<?> parts = Replies.all(reply);
    if (parts.stream().anyMatch(KeyValue.class::isInstance)) {
      return parse(Replies.map(reply), scored);
    }
    Iterator<?> each = parts.iterator();
    long total = each.hasNext() ? Replies.count(each.next()) : -1;
    var keys = new ArrayList<byte[]>(parts.size());
    var scores = new ArrayList<Double>();
    while (each.hasNext()) {
      if (!(each.next() instanceof byte[] key)) {
        return none(UNKNOWN);
      }
      keys.add(key);
      if (scored && !(each.hasNext() && add(each.next(), scores))) {
        return none(UNKNOWN);
      }
    }
    return total < 0 ? none(UNKNOWN) : new SearchReply(total, keys, scores, "");
  }

  private static SearchReply parse(Map<String, Object> reply, boolean scored) {
    var keys = new ArrayList<byte[]>();
    var scores = new ArrayList<Double>();
    for (Object result : Replies.all(reply.get("results"))) {
      Map<String, Object> found = Replies.map(result);
      if (found.get("id") instanceof byte[] key) {
        keys.add(key);
        if (scored && !add(found.getOrDefault("score", found.get("extra_attributes")), scores)) {
          return none(UNKNOWN);
        }
      }
    }
    long total = Replies.count(reply.get("total_results"));
    String warning = String.join(", ", Replies.texts(reply.get("warning")));
    return total < 0 ? none(UNKNOWN) : new SearchReply(total, keys, scores, warning);
  }

  /** A score, or the distance among the fields that were asked for; false where there is none. */
  private static boolean add(@Nullable Object part, List<Double> scores) {
    Object score =
        part instanceof Collection<?> ? Replies.map(part).get(SearchCommands.DISTANCE) : part;
    Double number = Replies.number(score);
    return number != null && scores.add(number);
  }

  private static SearchReply none(String why) {
    return new SearchReply(-1, List.of(), List.of(), why);
  }
}
