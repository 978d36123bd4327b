package dev.tarn.redis.infer;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Short work on servers, done again where a connection was lost: another may have taken the place
 * of one of them.
 */
final class Retries {

  private Retries() {}

  /**
   * Does the work on the servers as they are then, from its begin each time.
   *
   * @throws Unavailable when the time for attempts is up
   */
  static <T> T on(Servers servers, Function<List<Node>, T> work) {
    return servers
        .backoff()
        .persist(
            () -> work.apply(servers.assignment().primaries()),
            e ->
                new Unavailable(
                    "Cannot look at Redis: %s. Check that the server runs, or allow more time by retry_for. [%s]"
                        .formatted(e.getMessage(), servers.name()),
                    e));
  }

  /** A lost connection, where the error says that it is over in a moment. */
  static Optional<LostConnection> passing(Link link, ServerError error) {
    return error.isPassing()
        ? Optional.of(
            new LostConnection("Redis at %s: %s".formatted(link.address(), error.message()), null))
        : Optional.empty();
  }
}
