package dev.tarn.redis.search;

import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** The rows that {@code FT.AGGREGATE} answers, in both protocols. */
final class AggregateReply {

  private AggregateReply() {}

  /**
   * Values by name; null, or not there, where they are null.
   *
   * @throws Doubtful when it is an error, or says that it is not whole
   */
  static List<Map<String, byte @Nullable []>> rows(@Nullable Object reply) {
    if (reply instanceof ServerError error) {
      throw new Doubtful("the server says: " + error.brief());
    }
    if (!(reply instanceof Collection<?> parts) || parts.isEmpty()) {
      throw new Doubtful("the answer is none that is known");
    }
    if (parts.stream().anyMatch(KeyValue.class::isInstance)) {
      return ofMap(Replies.map(reply));
    }
    Iterator<?> each = parts.iterator();
    each.next(); // some number, which is none of rows
    var rows = new ArrayList<Map<String, byte @Nullable []>>();
    while (each.hasNext()) {
      rows.add(row(each.next()));
    }
    return rows;
  }

  private static List<Map<String, byte @Nullable []>> ofMap(Map<String, Object> reply) {
    List<String> warnings = Replies.texts(reply.get("warning"));
    if (!warnings.isEmpty()) {
      throw new Doubtful("the server warns: " + String.join(", ", warnings));
    }
    var rows = new ArrayList<Map<String, byte @Nullable []>>();
    for (Object result : Replies.all(reply.get("results"))) {
      rows.add(row(Replies.map(result).get("extra_attributes")));
    }
    return rows;
  }

  private static Map<String, byte @Nullable []> row(@Nullable Object reply) {
    if (!(reply instanceof Collection<?> parts)) {
      throw new Doubtful("a row of the answer is " + Replies.text(reply));
    }
    var row = new HashMap<String, byte @Nullable []>();
    String name = null;
    for (Object part : parts) {
      if (part instanceof KeyValue<?, ?> pair) {
        row.put(Replies.text(pair.getKey()), value(pair.getValue()));
      } else if (name == null) {
        name = Replies.text(part);
      } else {
        row.put(name, value(part));
        name = null;
      }
    }
    return row;
  }

  private static byte @Nullable [] value(@Nullable Object reply) {
    return switch (reply) {
      case null -> null;
      case byte[] bytes -> bytes;
      case Long number -> KeySearch.word(number.toString());
      case Double number -> KeySearch.word(number.toString());
      default -> throw new Doubtful("a value of the answer is none that is known");
    };
  }
}
