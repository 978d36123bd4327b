package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long version 1 of the search module looks for documents: then it answers with those that it
 * has, and does not say so. It is loaded with {@code TIMEOUT} and milliseconds, 0 for no end;
 * without it is 500. Redis tells since version 7 what a module was loaded with.
 */
final class OldTimeout {

  private static final Command MODULE = Command.of("MODULE");
  private static final long USUAL = 500;

  private OldTimeout() {}

  /** An answer that came within so many milliseconds was not cut off. */
  static long safeMillis(Link link) {
    long timeout = loadedWith(link.call(MODULE, "LIST".getBytes(UTF_8)));
    return timeout == 0 ? Long.MAX_VALUE : timeout - timeout / 5;
  }

  /** What a user may not ask, or an older server does not tell, is what is usual. */
  private static long loadedWith(@Nullable Object modules) {
    for (Object module : Replies.all(modules)) {
      Map<String, Object> about = Replies.map(module);
      if (about.containsKey("name") && Replies.text(about.get("name")).equals("ft")) {
        List<String> words = Replies.texts(about.get("args"));
        for (int i = 0; i + 1 < words.size(); i++) {
          if (words.get(i).equalsIgnoreCase("TIMEOUT") && words.get(i + 1).matches("\\d{1,12}")) {
            return Long.parseLong(words.get(i + 1));
          }
        }
      }
    }
    return USUAL;
  }
}
