package dev.tarn.redis.infer;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.Optional;
import java.util.function.Function;

/** Short work on a server, done again where its connection was lost. */
final class Retries {

  private Retries() {}

  /**
   * Does the work, from its begin each time.
   *
   * @throws Unavailable when the time for attempts is up
   */
  static <T> T on(Servers servers, Node node, Function<Link, T> work) {
    return servers
        .backoff()
        .persist(
            () -> {
              try (Link link = servers.connect(node)) {
                return work.apply(link);
              }
            },
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
