package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.ServerError;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one key is asked for, and what its answers mean: its value by the reader of its type, with
 * the time to live, and with its type where the value does not tell. Used by one thread.
 */
@SuppressWarnings("ReferenceEquality") // the position that asks for a type is meant itself
final class KeyExchange {

  /** The position of a key that is asked for its type. */
  static final Object ASK_TYPE = "TYPE";

  /** The same before and after its value, for users who may not have all in a transaction. */
  private static final Object ASK_TYPE_TWICE = "TYPE TYPE";

  private static final Command MULTI = Command.of("MULTI");
  private static final Command EXEC = Command.of("EXEC");

  /** The position of a key whose time was asked for with its first page, and is that of all. */
  private record Timed(Object position, long ttlMillis) {}

  private final ScanRun run;
  private final ValueReader reader;
  private final RowBuffer rows;
  private final String type;
  private final boolean readsValues;
  private final boolean readsTtl;
  private final boolean mayBeGone;

  /**
   * @param rows where they go
   * @param mayBeGone whether keys may be gone, which only their values would tell
   */
  KeyExchange(ScanRun run, RowBuffer rows, boolean mayBeGone) {
    this.run = run;
    this.reader = run.reader();
    this.rows = rows;
    this.type = run.spec().type().server();
    this.readsValues = run.readsValues();
    this.readsTtl = run.readsTtl();
    this.mayBeGone = mayBeGone;
  }

  /** The position at which keys begin; null for the reader's own. */
  @Nullable Object start() {
    return readsValues ? reader.start() : mayBeGone ? ASK_TYPE : null;
  }

  /** The position of a key whose answers do not tell whether it is there. */
  Object unsure() {
    return readsValues && run.isWithoutTransactions() ? ASK_TYPE_TWICE : ASK_TYPE;
  }

  /** The position of a key whose reader has more to ask for; right after its answers were read. */
  Object next(Outcome.More more) {
    return readsTtl ? new Timed(more.position(), rows.ttlMillis()) : more.position();
  }

  /** The same position, for another server. */
  @Nullable Object moved(@Nullable Object position) {
    if (position == null || asksType(position)) {
      return position;
    }
    return position instanceof Timed timed
        ? new Timed(reader.moved(timed.position()), timed.ttlMillis())
        : reader.moved(position);
  }

  /** How many bytes, about, are kept for a key that was begun. */
  long kept(@Nullable Object position) {
    return reader.kept(ofReader(position));
  }

  private static boolean asksType(@Nullable Object position) {
    return position == ASK_TYPE || position == ASK_TYPE_TWICE;
  }

  /** Whether its type is asked for in one transaction with its value. */
  private boolean isTransaction(@Nullable Object position) {
    return position == ASK_TYPE && readsValues;
  }

  private boolean asksTtl(@Nullable Object position) {
    return readsTtl && !(position instanceof Timed);
  }

  /** The position as the reader knows it. */
  private static @Nullable Object ofReader(@Nullable Object position) {
    return position instanceof Timed timed
        ? timed.position()
        : asksType(position) ? null : position;
  }

  // ---- asking

  void send(Requests to, byte[] key, @Nullable Object position) {
    if (asksTtl(position)) {
      to.send(Command.PTTL, key);
    }
    if (isTransaction(position)) {
      to.send(MULTI); // so that it cannot become another between its type and its values
    }
    if (asksType(position)) {
      to.send(Command.TYPE, key);
    }
    if (readsValues) {
      reader.send(to, key, ofReader(position));
    }
    if (isTransaction(position)) {
      to.send(EXEC);
    } else if (position == ASK_TYPE_TWICE) {
      to.send(Command.TYPE, key);
    }
  }

  /** How many answers there are to what is sent. */
  int answers(@Nullable Object position) {
    int values = readsValues ? reader.commands(ofReader(position)) : 0;
    int types = position == ASK_TYPE_TWICE ? 2 : asksType(position) ? 1 : 0;
    return (asksTtl(position) ? 1 : 0) + types + values + (isTransaction(position) ? 2 : 0);
  }

  // ---- reading

  /** The first answer that is an error of which nothing can be made; null where there is none. */
  @Nullable ServerError unexpected(@Nullable Object position, @Nullable Object[] replies) {
    if (isRefused(position, replies)) {
      return null;
    }
    for (Object reply : replies) {
      if (reply instanceof ServerError error && !reader.expects(error)) {
        return error;
      }
    }
    return null;
  }

  /** Whether the user may have no transaction; the other answers are of none, then. */
  private boolean isRefused(@Nullable Object position, @Nullable Object[] replies) {
    return isTransaction(position)
        && replies[asksTtl(position) ? 1 : 0] instanceof ServerError error
        && error.is("NOPERM");
  }

  /** Makes rows of answers, or says what is to be asked next. */
  Outcome outcome(byte[] key, @Nullable Object position, @Nullable Object[] replies) {
    rows.key(key);
    int first = 0;
    if (position instanceof Timed timed) {
      rows.ttl(timed.ttlMillis());
    }
    if (asksTtl(position)) {
      long ttl = replies[first++] instanceof Long millis ? millis : -2;
      if (ttl == -2) {
        return Outcome.GONE;
      }
      rows.ttl(ttl);
    }
    if (isRefused(position, replies)) {
      run.doWithoutTransactions();
      return Outcome.UNSURE;
    }
    @Nullable Object[] own =
        first == 0 ? replies : Arrays.copyOfRange(replies, first, replies.length);
    if (position == ASK_TYPE_TWICE) {
      return betweenTypes(key, own);
    }
    if (position == ASK_TYPE) {
      return readsValues ? inTransaction(key, own) : ofTypeAlone(own[0]);
    }
    if (!readsValues) {
      return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
    }
    return reader.read(key, ofReader(position), own, rows);
  }

  private Outcome ofTypeAlone(@Nullable Object reply) {
    Outcome outcome = ofType(reply);
    return outcome == Outcome.READ ? reader.empty(rows) : outcome;
  }

  private Outcome inTransaction(byte[] key, @Nullable Object[] replies) {
    List<?> done = Link.list(replies[replies.length - 1]);
    if (done.size() != 1 + reader.commands(null)) {
      return Outcome.UNSURE; // the transaction was not done
    }
    return ofTypeAndValues(key, done.getFirst(), done.subList(1, done.size()).toArray());
  }

  /** A key that had the same type before and after had it when its value was asked for. */
  private Outcome betweenTypes(byte[] key, @Nullable Object[] replies) {
    int last = replies.length - 1;
    if (!typeOf(replies[0]).equals(typeOf(replies[last]))) {
      return Outcome.UNSURE;
    }
    return ofTypeAndValues(key, replies[0], Arrays.copyOfRange(replies, 1, last));
  }

  private Outcome ofTypeAndValues(byte[] key, @Nullable Object reply, @Nullable Object[] values) {
    Outcome outcome = ofType(reply);
    if (outcome != Outcome.READ) {
      return outcome;
    }
    Outcome read = reader.read(key, null, values, rows);
    return read == Outcome.UNSURE ? reader.empty(rows) : read;
  }

  private Outcome ofType(@Nullable Object reply) {
    String found = typeOf(reply);
    return found.equals(type)
        ? Outcome.READ
        : found.equals("none") ? Outcome.GONE : Outcome.OTHER_TYPE;
  }

  private static String typeOf(@Nullable Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, UTF_8);
      case null, default -> String.valueOf(reply);
    };
  }
}
