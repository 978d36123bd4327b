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

  private static final Command MULTI = Command.of("MULTI");
  private static final Command EXEC = Command.of("EXEC");

  /** The position of a key whose time was asked for with its first page, and is that of all. */
  private record Timed(Object position, long ttlMillis) {}

  private final ValueReader reader;
  private final RowBuffer rows;
  private final String type;
  private final boolean readsValues;
  private final boolean readsTtl;
  private final boolean unsure;

  /**
   * @param rows where they go
   * @param unsure whether keys may be gone, which only their values would tell
   */
  KeyExchange(ScanRun run, RowBuffer rows, boolean unsure) {
    this.reader = run.reader();
    this.rows = rows;
    this.type = run.spec().type().server();
    this.readsValues = run.readsValues();
    this.readsTtl = run.readsTtl();
    this.unsure = unsure;
  }

  /** The position at which keys begin; null for the reader's own. */
  @Nullable Object start() {
    return readsValues ? reader.start() : unsure ? ASK_TYPE : null;
  }

  /** The position of a key whose reader has more to ask for; right after its answers were read. */
  Object next(Outcome.More more) {
    return readsTtl ? new Timed(more.position(), rows.ttlMillis()) : more.position();
  }

  /** The same position, for another server. */
  @Nullable Object moved(@Nullable Object position) {
    if (position == null || position == ASK_TYPE) {
      return position;
    }
    return position instanceof Timed timed
        ? new Timed(reader.moved(timed.position()), timed.ttlMillis())
        : reader.moved(position);
  }

  /** How many bytes, about, are kept for a key that was begun. */
  long kept(@Nullable Object position) {
    return reader.kept(own(position));
  }

  boolean expects(ServerError error) {
    return reader.expects(error);
  }

  private boolean asksTtl(@Nullable Object position) {
    return readsTtl && !(position instanceof Timed);
  }

  /** The position as the reader knows it. */
  private static @Nullable Object own(@Nullable Object position) {
    return position instanceof Timed timed ? timed.position() : position;
  }

  // ---- asking

  void send(Requests to, byte[] key, @Nullable Object position) {
    if (asksTtl(position)) {
      to.send(Command.PTTL, key);
    }
    boolean asksType = position == ASK_TYPE;
    if (asksType && readsValues) {
      to.send(MULTI); // so that it cannot become another between its type and its values
    }
    if (asksType) {
      to.send(Command.TYPE, key);
    }
    if (readsValues) {
      reader.send(to, key, asksType ? null : own(position));
    }
    if (asksType && readsValues) {
      to.send(EXEC);
    }
  }

  /** How many answers there are to what is sent. */
  int answers(@Nullable Object position) {
    boolean asksType = position == ASK_TYPE;
    int values = readsValues ? reader.commands(asksType ? null : own(position)) : 0;
    return (asksTtl(position) ? 1 : 0)
        + values
        + (asksType ? 1 : 0)
        + (asksType && readsValues ? 2 : 0);
  }

  // ---- reading

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
    if (position == ASK_TYPE) {
      return ofType(key, replies, first);
    }
    if (!readsValues) {
      return rows.endRow() ? Outcome.READ : Outcome.ENOUGH;
    }
    @Nullable Object[] own =
        first == 0 ? replies : Arrays.copyOfRange(replies, first, replies.length);
    return reader.read(key, own(position), own, rows);
  }

  private Outcome ofType(byte[] key, @Nullable Object[] replies, int first) {
    if (!readsValues) {
      Outcome outcome = ofType(replies[first]);
      return outcome == Outcome.READ ? reader.empty(rows) : outcome;
    }
    List<?> done = Link.list(replies[replies.length - 1]);
    if (done.size() != 1 + reader.commands(null)) {
      return Outcome.UNSURE; // the transaction was not done
    }
    Outcome outcome = ofType(done.getFirst());
    if (outcome != Outcome.READ) {
      return outcome;
    }
    @Nullable Object[] values = done.subList(1, done.size()).toArray();
    Outcome read = reader.read(key, null, values, rows);
    return read == Outcome.UNSURE ? reader.empty(rows) : read;
  }

  private Outcome ofType(@Nullable Object reply) {
    String found =
        switch (reply) {
          case byte[] bytes -> new String(bytes, UTF_8);
          case null, default -> String.valueOf(reply);
        };
    return found.equals(type)
        ? Outcome.READ
        : found.equals("none") ? Outcome.GONE : Outcome.OTHER_TYPE;
  }
}
