package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.decode.Utf8;
import dev.tarn.redis.infer.SampleReader.Ask;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a sample, some at a time; of large ones a part. */
final class ValueSampler {

  private static final Command HLEN = Command.of("HLEN");
  private static final Command HSCAN = Command.of("HSCAN");
  private static final Command STRLEN = Command.of("STRLEN");
  private static final Command GETRANGE = Command.of("GETRANGE");
  private static final Command JSON_GET = Command.of("JSON.GET");

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
    byte[] most = Integer.toString(MOST_FIELDS).getBytes(UTF_8);
    sized(
        HLEN,
        MOST_FIELDS,
        key -> new Request(Command.HGETALL, key),
        key -> new Request(HSCAN, key, new byte[] {'0'}, "COUNT".getBytes(UTF_8), most),
        reply -> {
          List<byte[]> fields =
              Replies.flat(page(reply)).stream()
                  .filter(byte[].class::isInstance)
                  .map(byte[].class::cast)
                  .toList();
          if (!fields.isEmpty()) {
            each.accept(fields);
          }
        });
  }

  /** What strings hold; of large ones the first bytes. */
  void strings(Consumer<byte[]> each) {
    byte[] most = Integer.toString(MOST_BYTES).getBytes(UTF_8);
    sized(
        STRLEN,
        MOST_BYTES,
        key -> new Request(Command.GET, key),
        // one byte more, which tells where a character ends
        key -> new Request(GETRANGE, key, new byte[] {'0'}, most),
        reply -> {
          if (reply instanceof byte[] value) {
            each.accept(Utf8.start(value, MOST_BYTES));
          }
        });
  }

  /** Whole documents. */
  void documents(Consumer<byte[]> each) {
    parts((reader, part) -> {
      for (Object reply : asked(reader, part, key -> new Request(JSON_GET, key))) {
        if (reply instanceof byte[] document) {
          each.accept(document);
        }
      }
    });
  }

  /** What type the keys are of, as the server calls it. */
  void types(Consumer<String> each) {
    parts((reader, part) -> {
      for (Object reply : asked(reader, part, key -> new Request(Command.TYPE, key))) {
        if (reply instanceof byte[] name) {
          each.accept(new String(name, UTF_8));
        }
      }
    });
  }

  private void sized(
      Command size, int most, Ask small, Ask large, Consumer<@Nullable Object> each) {
    parts((reader, part) -> {
      List<@Nullable Object> sizes = asked(reader, part, key -> new Request(size, key));
      var byKey = new java.util.IdentityHashMap<byte[], Long>();
      for (int i = 0; i < part.size(); i++) {
        byKey.put(part.get(i), sizes.get(i) instanceof Long n ? n : 0L);
      }
      asked(reader, part, key -> (byKey.getOrDefault(key, 0L) > most ? large : small).of(key))
          .forEach(each);
    });
  }

  /** Work on some keys. */
  private interface Work {
    void on(SampleReader reader, List<byte[]> keys);
  }

  private void parts(Work work) {
    try (var reader = new SampleReader(servers)) {
      SampleReader.parts(keys).forEach(part -> work.on(reader, part));
    }
  }

  /** Asks for all keys at once; an error in place of an answer is left to who reads it. */
  private List<@Nullable Object> asked(SampleReader reader, List<byte[]> part, Ask ask) {
    List<@Nullable Object> replies = reader.ask(part, ask);
    for (Object reply : replies) {
      if (reply instanceof ServerError error && error.is("NOPERM")) {
        throw new Unavailable(
            "Cannot look at values: the server answered: %s. Check that the user may read these keys. [%s]"
                .formatted(error.message(), servers.name()));
      }
    }
    return replies;
  }

  /** What {@code HSCAN} answers behind its cursor; another answer as it is. */
  private static List<?> page(@Nullable Object reply) {
    List<?> list = Link.list(reply);
    return list.size() == 2 && list.get(1) instanceof List<?> page ? page : list;
  }
}
