package dev.tarn.redis.write;

import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.Resp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is sent for one key.
 *
 * @param begin where its commands begin in the bytes that are sent; other items are in them as well
 * @param end where they end
 * @param replies how many answers come
 * @param tag what the one who sent it knows it by
 */
record Item(
    byte[] key, Form form, Again again, int begin, int end, int replies, @Nullable Object tag) {

  /** What is sent, and so what the answer means. */
  enum Form {
    /** One command: done, unless it answers with an error. */
    COMMAND,
    /** A SET with NX: nil where the key was there. */
    NEW_STRING,
    /** MULTI to EXEC: done as a whole, or not at all. */
    TRANSACTION,
    /** A script, which answers 0 where the key was there. */
    SCRIPT,
    /** MULTI and the first commands of a key that is too large to be kept. */
    FIRST_PART,
    PART,
    /** The last commands, and EXEC. */
    LAST_PART,
    /**
     * In place of the last commands, of a key that cannot be written after all; the tag says why.
     */
    DISCARD;

    boolean isPart() {
      return this == FIRST_PART || this == PART || isLast();
    }

    boolean isLast() {
      return this == LAST_PART || this == DISCARD;
    }
  }

  /** What happens when nobody knows whether it was done. */
  enum Again {
    /** It is sent again: twice is as good as once. */
    SAFE,
    /** The key is looked at: it is not there, or as it was to be, or the answer stays unknown. */
    LOOK,
    /** The key is looked at: it is as it was to be, or the answer stays unknown. */
    COMPARE,
    /** It is sent again where the key is not there; else the answer stays unknown. */
    IF_ABSENT,
    /** The answer stays unknown. */
    NEVER
  }

  List<Request> requests(Chunk chunk) {
    return Resp.requests(chunk.out().bytes(), begin, end);
  }
}
