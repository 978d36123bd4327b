package dev.tarn.redis.search;

import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/**
 * What {@code FT.SEARCH … NOCONTENT} answers, in both protocols.
 *
 * @param total how many were found
 * @param keys those that were sent
 * @param doubt why it may not be all; empty where nothing says so
 */
record SearchReply(long total, List<byte[]> keys, String doubt) {

  static SearchReply parse(@Nullable Object reply) {
    if (reply instanceof ServerError error) {
      return doubtful(error.brief());
    }
    Collection<?> parts = Replies.all(reply);
    if (parts.stream().anyMatch(KeyValue.class::isInstance)) {
      return parse(Replies.map(reply));
    }
    Iterator<?> each = parts.iterator();
    long total = each.hasNext() ? Replies.count(each.next()) : -1;
    var keys = new ArrayList<byte[]>(parts.size());
    while (each.hasNext()) {
      if (!(each.next() instanceof byte[] key)) {
        return doubtful("the answer is none that is known");
      }
      keys.add(key);
    }
    return total < 0
        ? doubtful("the answer is none that is known")
        : new SearchReply(total, keys, "");
  }

  private static SearchReply parse(Map<String, Object> reply) {
    var keys = new ArrayList<byte[]>();
    for (Object result : Replies.all(reply.get("results"))) {
      if (Replies.map(result).get("id") instanceof byte[] key) {
        keys.add(key);
      }
    }
    long total = Replies.count(reply.get("total_results"));
    String warning = String.join(", ", Replies.texts(reply.get("warning")));
    return new SearchReply(total, keys, total < 0 ? "the answer is none that is known" : warning);
  }

  private static SearchReply doubtful(String why) {
    return new SearchReply(-1, List.of(), why);
  }
}
