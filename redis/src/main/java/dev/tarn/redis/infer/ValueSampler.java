package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.decode.Utf8;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** Reads the keys of a sample, some at a time; of large ones a part. */
final class ValueSampler {

  private static final Command HLEN = Command.of("HLEN");
  private static final Command HSCAN = Command.of("HSCAN");
  private static final Command STRLEN = Command.of("STRLEN");
  private static final Command GETRANGE = Command.of("GETRANGE");
  private static final Command JSON_GET = Command.of("JSON.GET");
  private static final Command TYPE = Command.of("TYPE");

  private static final int TOGETHER = 100;
  private static final int MOST_FIELDS = 2000;
  private static final int MOST_BYTES = 1 << 16;

  private final Servers servers;
  private final KeySample keys;

  ValueSampler(Servers servers, KeySample keys) {
    this.servers = servers;
    this.keys = keys;
  }

  /** A hash's fields and values in turn; those of large hashes are the first thousands. */
  void hashes(Consumer<List<byte[]>> each) {
    sized(
        HLEN,
        MOST_FIELDS,
        (link, key) -> link.send(Command.HGETALL, key),
        (link, key) ->
            link.send(
                HSCAN,
                key,
                new byte[] {'0'},
                "COUNT".getBytes(UTF_8),
                Integer.toString(MOST_FIELDS).getBytes(UTF_8)),
        reply -> {
          List<byte[]> fields = flat(page(reply));
          if (!fields.isEmpty()) {
            each.accept(fields);
          }
        });
  }

  /** What strings hold; of large ones the first bytes. */
  void strings(Consumer<byte[]> each) {
    sized(
        STRLEN,
        MOST_BYTES,
        (link, key) -> link.send(Command.GET, key),
        (link, key) ->
            link.send( // one byte more, which tells where a character ends
                GETRANGE, key, new byte[] {'0'}, Integer.toString(MOST_BYTES).getBytes(UTF_8)),
        reply -> {
          if (reply instanceof byte[] value) {
            each.accept(Utf8.start(value, MOST_BYTES));
          }
        });
  }

  /** Whole documents. */
  void documents(Consumer<byte[]> each) {
    chunks((link, part) -> {
      for (Object reply : asked(link, part, (l, key) -> l.send(JSON_GET, key))) {
        if (reply instanceof byte[] document) {
          each.accept(document);
        }
      }
    });
  }

  /** What type the keys are of, as the server calls it. */
  void types(Consumer<String> each) {
    chunks((link, part) -> {
      for (Object reply : asked(link, part, (l, key) -> l.send(TYPE, key))) {
        if (reply instanceof byte[] name) {
          each.accept(new String(name, UTF_8));
        }
      }
    });
  }

  /** Asks for a key. */
  private interface Ask {
    void of(Link link, byte[] key);
  }

  private void sized(
      Command size, int most, Ask small, Ask large, Consumer<@Nullable Object> each) {
    chunks((link, part) -> {
      List<@Nullable Object> sizes = asked(link, part, (l, key) -> l.send(size, key));
      var byKey = new java.util.IdentityHashMap<byte[], Long>();
      for (int i = 0; i < part.size(); i++) {
        byKey.put(part.get(i), sizes.get(i) instanceof Long n ? n : 0L);
      }
      asked(link, part, (l, key) -> (byKey.getOrDefault(key, 0L) > most ? large : small).of(l, key))
          .forEach(each);
    });
  }

  /** Work on some keys of one server. */
  private interface Work {
    void on(Link link, List<byte[]> keys);
  }

  private void chunks(Work work) {
    for (Map.Entry<Node, List<byte[]>> node : keys.byNode().entrySet()) {
      List<byte[]> all = node.getValue();
      int[] done = {0}; // a part that was read is not read again over another connection
      Retries.on(
          servers,
          node.getKey(),
          link -> {
            while (done[0] < all.size()) {
              int end = Math.min(all.size(), done[0] + TOGETHER);
              work.on(link, all.subList(done[0], end));
              done[0] = end;
            }
            return done;
          });
    }
  }

  /** Asks for all keys at once; an error in place of an answer is left to who reads it. */
  private static List<@Nullable Object> asked(Link link, List<byte[]> keys, Ask ask) {
    keys.forEach(key -> ask.of(link, key));
    var replies = new ArrayList<@Nullable Object>();
    for (int i = 0; i < keys.size(); i++) {
      replies.add(link.reply());
    }
    for (Object reply : replies) {
      if (reply instanceof ServerError error) {
        Retries.passing(link, error)
            .ifPresent(lost -> {
              throw lost;
            });
        if (error.is("NOPERM")) {
          throw new Unavailable(
              "Cannot look at values: the server at %s answered: %s. Check that the user may read these keys."
                  .formatted(link.address(), error.message()));
        }
      }
    }
    return replies;
  }

  /** What {@code HSCAN} answers behind its cursor; another answer as it is. */
  private static List<?> page(@Nullable Object reply) {
    List<?> list = Link.list(reply);
    return list.size() == 2 && list.get(1) instanceof List<?> page ? page : list;
  }

  /** Names and values in turn, also where RESP3 has them in pairs. */
  private static List<byte[]> flat(List<?> reply) {
    var flat = new ArrayList<byte[]>();
    for (Object item : reply) {
      if (item instanceof KeyValue<?, ?> pair) {
        flat.add((byte[]) pair.getKey());
        flat.add((byte[]) pair.getValue());
      } else if (item instanceof byte[] bytes) {
        flat.add(bytes);
      }
    }
    return flat;
  }
}
