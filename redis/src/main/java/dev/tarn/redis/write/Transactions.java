package dev.tarn.redis.write;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server takes transactions. Where it denies MULTI, it does the commands that follow one
 * by one: a key would lose its old value and get the new one later, or only a part of it.
 */
final class Transactions {

  static final Command MULTI = Command.of("MULTI");
  static final Command EXEC = Command.of("EXEC");

  private static final List<Request> EMPTY = List.of(new Request(MULTI), new Request(EXEC));

  private Transactions() {}

  /** Sends requests, and waits for their answers. */
  interface Asked {
    List<@Nullable Object> ask(List<Request> requests);
  }

  /**
   * Tries an empty one, before anything depends on it; nothing may be under way.
   *
   * @return why it is denied; empty where it is not, or may not be in a moment
   */
  static Optional<ServerError> denial(Asked server) {
    return server.ask(EMPTY).stream()
        .filter(ServerError.class::isInstance)
        .map(ServerError.class::cast)
        .findFirst()
        .filter(error -> !error.isPassing());
  }
}
