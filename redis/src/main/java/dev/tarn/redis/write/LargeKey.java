package dev.tarn.redis.write;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.ServerError;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A key that is sent in parts, one transaction in all, of which memory never holds more than some:
 * what was sent is gone, so that it cannot be sent again, and a connection that is lost before EXEC
 * was sent ends it: nothing of it is there then. One at a time goes a lane; nothing else is under
 * way from before {@link #begin} until its last part is answered, or dropped. Used by one thread.
 */
final class LargeKey {

  private static final int MOST_HOPS = 5;
  private static final Command WATCH = Command.of("WATCH");
  private static final Command UNWATCH = Command.of("UNWATCH");

  private final Lanes lanes;
  private final LaneLink connection;
  private final Outcomes outcomes;
  private final Consumer<LostConnection> recovery;
  private byte @Nullable [] key;

  /** Whether EXEC was sent, so that nobody may know what became of it. */
  private boolean ended;

  /** The first that is no success. */
  private @Nullable Verdict bad;

  /** Says what became of it, once its last part has come by; till then parts are dropped. */
  private @Nullable Consumer<byte[]> dropping;

  /**
   * Of a lane.
   *
   * @param recovery waits till there is a connection again
   */
  LargeKey(Lanes lanes, LaneLink connection, Outcomes outcomes, Consumer<LostConnection> recovery) {
    this.lanes = lanes;
    this.connection = connection;
    this.outcomes = outcomes;
    this.recovery = recovery;
  }

  /**
   * Before its first part: finds the server that has it. Where it must not be there, looks whether
   * it is, and has the server go on looking till EXEC.
   */
  void begin(Item first) {
    boolean replaces = first.again() == Item.Again.SAFE;
    Object there =
        replaces && !connection.servers().isCluster() ? null : found(first.key(), !replaces);
    key = first.key();
    ended = false;
    bad = null;
    dropping = null;
    if (replaces) {
      return;
    }
    if (there instanceof ServerError error) {
      dropping = name -> outcomes.failed(name, error.brief(), false);
    } else if (!Long.valueOf(0).equals(there)) {
      dropping = outcomes::existed;
    }
  }

  /** What whoever has the key now says of it; the connection is to that server then. */
  private @Nullable Object found(byte[] wanted, boolean watches) {
    for (int hops = 0; ; hops++) {
      try {
        Object there = look(connection.to(wanted), wanted, watches);
        if (hops == MOST_HOPS || !(there instanceof ServerError error && error.is("MOVED"))) {
          return there;
        }
        lanes.strayed();
        connection.servers().assignment();
        connection.close();
      } catch (LostConnection e) {
        recovery.accept(e);
      }
    }
  }

  private static @Nullable Object look(Link to, byte[] key, boolean watches) {
    if (watches) {
      to.call(UNWATCH);
      if (to.call(WATCH, key) instanceof ServerError error) {
        return error;
      }
    }
    return to.call(Command.EXISTS, key);
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
