package dev.tarn.redis.write;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;

/**
 * Whether a server takes transactions. Where it denies MULTI, it does the commands that follow one
 * by one: a key would lose its old value and get the new one later, or only a part of it.
 */
final class Transactions {

  static final Command MULTI = Command.of("MULTI");
  static final Command EXEC = Command.of("EXEC");

  private Transactions() {}

  /**
   * Tries an empty one, before anything depends on it; nothing may be under way.
   *
   * @param name of the servers, for the message
   * @throws Unavailable when it is denied
   */
  static void require(Link link, String name) {
    link.send(MULTI);
    link.send(EXEC);
    Object begun = link.reply();
    Object ended = link.reply();
    Object denied = begun instanceof ServerError ? begun : ended;
    if (denied instanceof ServerError error && !error.isPassing()) {
      throw new Unavailable(
          "Cannot write to Redis: it denies MULTI and EXEC, by which a key is written in one step: %s. Grant +@transaction. [%s]"
              .formatted(error.brief(), name));
    }
  }
}
