package dev.tarn.redis.write;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a frame's manifest in the place of the one before, whose parts end soon then. Where the
 * answer is lost, the manifest that is there says whether it was done. It is sent again only where
 * it was not: another's that came after it would be undone, and the parts, which end soon since,
 * would be those of the frame again. For the same reason nothing is done about a manifest that has
 * changed since it was looked at, as a command that arrives late would.
 */
final class Swap {

  /** How long the parts stay for readers that have begun. */
  static final Duration GRACE = Duration.ofMinutes(2);

  private final Servers servers;
  private final Redirects redirects;
  private final String name;
  private final Manifest manifest;
  private final Duration ttl;

  /** Whether it was sent once, and what was there then. */
  private boolean sent;

  private Optional<Manifest> before = Optional.empty();

  Swap(Servers servers, Redirects redirects, String name, Manifest manifest, Duration ttl) {
    this.servers = servers;
    this.redirects = redirects;
    this.name = name;
    this.manifest = manifest;
    this.ttl = ttl;
  }

  void run() {
    servers.backoff().persist(this::replaced, this::lost).ifPresent(this::retire);
  }

  /** The manifest in whose place it is. */
  private Optional<Manifest> replaced() {
    try {
      while (!exchange()) {
        // others were at it, and what they did may be undone again
      }
    } catch (LostConnection e) {
      if (!isDone(current())) {
        throw e;
      }
    }
    return before;
  }

  /** False where the key has changed since it was looked at. */
  private boolean exchange() {
    List<@Nullable Object> answers = redirects.askWatching(key(), this::commands);
    if (answers.isEmpty()) {
      return isDone(current());
    }
    answers.forEach(answer -> FrameStore.answered(name, answer));
    List<?> done = Link.list(answers.getLast());
    done.forEach(answer -> FrameStore.answered(name, answer));
    return !done.isEmpty();
  }

  private List<Request> commands(@Nullable Object text) {
    Optional<Manifest> now = manifest(text);
    if (isPast(now)) {
      return List.of();
    }
    if (!sent) {
      before = now;
      sent = true;
    }
    return List.of(FrameStore.set(key(), manifest.text(), ttl));
  }

  private boolean isDone(Optional<Manifest> now) {
    if (!isPast(now)) {
      return false;
    }
    if (!isSame(now, Optional.of(manifest))) {
      retire(manifest); // another came after it, or right before, which is the same to readers
    }
    return true;
  }

  /** Whether something is there that came after it was sent; it may be itself. */
  private boolean isPast(Optional<Manifest> now) {
    return sent && now.isPresent() && !isSame(now, before);
  }

  private static boolean isSame(Optional<Manifest> one, Optional<Manifest> other) {
    return one.map(Manifest::id).equals(other.map(Manifest::id));
  }

  private Optional<Manifest> current() {
    return manifest(redirects.ask(key(), List.of(new Request(Command.GET, key()))).getFirst());
  }

  private byte[] key() {
    return FrameStore.bytes(FrameStore.key(name));
  }

  private Optional<Manifest> manifest(@Nullable Object answer) {
    return FrameStore.answered(name, answer) instanceof byte[] text
        ? Optional.ofNullable(Manifest.parse(text))
        : Optional.empty();
  }

  private void retire(Manifest old) {
    byte[] grace = FrameStore.bytes(Long.toString(GRACE.toMillis()));
    for (int i = 0; i < old.parts(); i++) {
      byte[] part = FrameStore.part(FrameStore.key(name), old.id(), i);
      redirects.ask(part, List.of(new Request(Command.of("PEXPIRE"), part, grace)));
    }
  }

  private Unavailable lost(LostConnection e) {
    return new Unavailable(
        "Cannot keep frame %s in Redis: %s. Store it again.".formatted(name, e.getMessage()), e);
  }
}
