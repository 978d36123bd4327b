package dev.tarn.redis.write;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether an item whose answer was lost was done, and does it where it was not. */
final class Search {

  private static final int MOST_ATTEMPTS = 20;

  private final Redirects redirects;
  private final Item item;
  private final List<Request> requests;

  Search(Redirects redirects, Item item, List<Request> requests) {
    this.redirects = redirects;
    this.item = item;
    this.requests = requests;
  }

  /** What became of it; null where nobody can know. */
  @Nullable Verdict result() {
    if (item.again() == Item.Again.SAFE) {
      return Verdict.of(item.form(), redirects.ask(item.key(), requests));
    }
    for (int i = 0; i < MOST_ATTEMPTS && item.again() != Item.Again.NEVER; i++) {
      Object there = ask(Command.EXISTS, item.key());
      if (there instanceof ServerError) {
        return null;
      }
      if (!Long.valueOf(0).equals(there)) {
        return isCompared() && isAsWritten() ? new Verdict.Done(null) : null;
      }
      if (item.again() == Item.Again.COMPARE) {
        return null;
      }
      try {
        return Verdict.of(item.form(), redirects.askOnce(item.key(), requests));
      } catch (LostConnection e) {
        log(e); // it is looked for again
      }
    }
    return null;
  }

  private static void log(LostConnection e) {
    System.getLogger(Search.class.getName())
        .log(System.Logger.Level.DEBUG, "Lost a connection to Redis", e);
  }

  private boolean isCompared() {
    return item.again() == Item.Again.LOOK || item.again() == Item.Again.COMPARE;
  }

  private boolean isAsWritten() {
    List<Request> commands =
        item.form() == Item.Form.SCRIPT ? Written.ofScript(requests.getFirst()) : requests;
    return !commands.isEmpty() && Written.matches(item.key(), commands, this::ask);
  }

  private @Nullable Object ask(Command command, byte[]... arguments) {
    return redirects.ask(item.key(), List.of(new Request(command, arguments))).getFirst();
  }
}
