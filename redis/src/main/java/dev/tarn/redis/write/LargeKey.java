package dev.tarn.redis.write;

import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.ServerError;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A key that is sent in parts, one transaction in all, of which memory never holds more than some:
 * what was sent is gone, so that it cannot be sent again. One at a time goes a lane; nothing else
 * is under way then. Used by one thread.
 */
final class LargeKey {

  private final Outcomes outcomes;
  private byte @Nullable [] key;
  private boolean ended;

  /** The first that is no success. */
  private @Nullable Verdict bad;

  /** Says what became of it, once its last part has come by; till then parts are dropped. */
  private @Nullable Consumer<byte[]> dropping;

  LargeKey(Outcomes outcomes) {
    this.outcomes = outcomes;
  }

  void begin(byte[] newKey) {
    key = newKey;
    ended = false;
    bad = null;
    dropping = null;
  }

  void sent(Item item) {
    ended |= item.form() == Item.Form.LAST_PART;
  }

  boolean drops(Item item) {
    return dropping != null && item.form().isPart();
  }

  void drop(Item item) {
    if (item.form().isLast()) {
      end();
    }
  }

  private void end() {
    if (dropping != null && key != null) {
      dropping.accept(key);
    }
    dropping = null;
    key = null;
  }

  /** What became of the whole, with the answer to its last part. */
  Optional<Verdict> answered(Item item, Verdict verdict) {
    boolean isBad = verdict instanceof Verdict.Refused || verdict instanceof Verdict.Loose;
    if (isBad && bad == null) {
      bad = verdict;
    }
    if (!item.form().isLast()) {
      return Optional.empty();
    }
    key = null;
    if (item.form() == Item.Form.DISCARD) {
      outcomes.failed(item.key(), String.valueOf(item.tag()), true);
      return Optional.empty();
    }
    return Optional.of(bad == null ? verdict : bad);
  }

  void existed() {
    dropping = outcomes::existed;
  }

  void refused(ServerError why) {
    dropping = name -> outcomes.failed(name, why.brief(), false);
  }

  void lost(LostConnection why) {
    if (key == null || dropping != null) {
      return;
    }
    dropping =
        ended
            ? name -> outcomes.uncertain(name, "its answer was lost: " + why.getMessage())
            : name ->
                outcomes.failed(
                    name,
                    "the connection was lost before its end, so the key is as it was: "
                        + why.getMessage(),
                    false);
  }

  /** Nobody is left to write to. */
  void abandon() {
    lost(new LostConnection("nobody answers", null));
    end();
  }
}
