package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what keys of one server hold, over one connection that always has some batches of commands
 * in flight. What was not answered when a connection broke is asked again.
 */
@SuppressWarnings(
    "ReferenceEquality") // chunks and the position that asks for a type are meant themselves
final class NodeReader implements Runnable {

  /** The position of a key that is asked for its type. */
  static final Object ASK_TYPE = "TYPE";

  private static final Command MULTI = Command.of("MULTI");
  private static final Command EXEC = Command.of("EXEC");

  private static final int SMALL_BATCH = 512;

  /**
   * Keys of which pages are asked for together, and such groups in flight: what is known of members
   * that were seen is kept for each key that was begun.
   */
  private static final int KEYS_IN_PAGES = 8;

  private static final int GROUPS_IN_PAGES = 4;

  /** A key for which more is kept is a group of its own, and others wait until it is read. */
  private static final int MOST_KEPT = 64 << 10;

  /** The position of a key whose time was asked for with its first page, and is that of all. */
  private record Timed(Object position, long ttlMillis) {}

  private final ScanRun run;
  private final Node node;
  private final ChunkQueue queue;
  private final int number;
  private final ValueReader reader;
  private final RowBuffer rows;
  private final boolean readsValues;
  private final boolean readsTtl;

  /** Where keys begin: an index may find some that are gone, and only their values would tell. */
  private final @Nullable Object start;

  /** Asked, in order; of the first, {@link #done} keys were answered. */
  private final Deque<Chunk> inFlight = new ArrayDeque<>();

  /** To be asked before new keys: pages, and types. */
  private final Deque<Chunk> next = new ArrayDeque<>();

  /** Keys of the batch that is being read, which are to be asked for more. */
  private final List<byte[]> laterKeys = new ArrayList<>();

  private final List<Object> laterPositions = new ArrayList<>();

  private int done;
  private @Nullable Redirects redirects;
  private int window = 2;
  private boolean enough;

  /**
   * One that has done nothing yet.
   *
   * @param number counts those of the server, from 1. The first reads to the end; the others end
   *     when there are to be fewer
   */
  NodeReader(ScanRun run, Node node, ChunkQueue queue, int number) {
    this.run = run;
    this.node = node;
    this.queue = queue;
    this.number = number;
    this.reader = run.reader();
    this.rows = run.rows();
    this.readsValues = run.readsValues();
    this.readsTtl = run.readsTtl();
    boolean unsure = run.selection().search() != null;
    this.start = readsValues ? reader.start() : unsure ? ASK_TYPE : null;
  }

  @Override
  public void run() {
    try {
      readAll();
    } finally {
      if (redirects != null) {
        redirects.close();
      }
    }
  }

  private void readAll() {
    Backoff.Attempts attempts = null;
    while (!run.isOver() && !enough) {
      int before = done;
      Chunk first = inFlight.peek();
      try (Opened opened = run.open(node)) {
        Link link = opened.link();
        inFlight.forEach(chunk -> send(link, chunk, chunk == first ? done : 0));
        while (fill(link)) {
          read(link);
          attempts = null;
        }
        rows.flush();
        return;
      } catch (LostConnection e) {
        if (number > 1 && inFlight.isEmpty() && next.isEmpty()) {
          rows.flush();
          return;
        }
        boolean progress = inFlight.peek() != first || done != before;
        attempts = attempts == null || progress ? run.servers().backoff().start() : attempts;
        if (!run.awaitReturn(node, attempts, e)) {
          leave();
          return;
        }
        if (!node.isRecognizable()) {
          beginPagesAnew(); // it may be another server by now
        }
      }
    }
  }

  /** Gives what is left to whoever has the keys now. */
  private void leave() {
    takeLater();
    Chunk first = inFlight.peek();
    for (Chunk chunk : inFlight) {
      run.orphaned(moved(rest(chunk, chunk == first ? done : 0)));
    }
    next.forEach(chunk -> run.orphaned(moved(chunk)));
    inFlight.clear();
    next.clear();
    rows.flush();
  }

  private void beginPagesAnew() {
    takeLater();
    for (Deque<Chunk> chunks : List.of(inFlight, next)) {
      var begun = List.copyOf(chunks);
      chunks.clear();
      begun.forEach(chunk -> chunks.add(moved(chunk)));
    }
  }

  private static Chunk rest(Chunk chunk, int from) {
    if (from == 0) {
      return chunk;
    }
    int left = chunk.size() - from;
    var keys = new byte[left][];
    var positions = new @Nullable Object[left];
    for (int i = 0; i < left; i++) {
      keys[i] = chunk.keys()[from + i];
      positions[i] = chunk.position(from + i);
    }
    return new Chunk(keys, positions);
  }

  /** The same keys, to be read on at another server. */
  private Chunk moved(Chunk chunk) {
    var positions = new @Nullable Object[chunk.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = moved(chunk.position(i));
    }
    return new Chunk(chunk.keys(), positions);
  }

  private @Nullable Object moved(@Nullable Object position) {
    if (position == null || position == ASK_TYPE) {
      return position;
    }
    return position instanceof Timed timed
        ? new Timed(reader.moved(timed.position()), timed.ttlMillis())
        : reader.moved(position);
  }

  // ---- asking

  /** Sends until as much is in flight as may be. False when there is nothing left to do. */
  private boolean fill(Link link) {
    int most = Math.min(window, run.tuner().mostInFlight());
    while (inFlight.isEmpty()
        || inFlight.size() < (next.isEmpty() ? most : Math.min(most, GROUPS_IN_PAGES))) {
      Chunk chunk = next.poll();
      if (chunk == null) {
        if (inFlight.isEmpty() && rows.rows() > 0 && queue.isEmpty()) {
          rows.flush();
        }
        chunk = run.hasEnoughRows() || isOneTooMany() ? null : queue.take(inFlight.isEmpty());
      }
      if (chunk == null) {
        break;
      }
      Chunk begun = chunk.startingAt(start);
      inFlight.add(begun);
      send(link, begun, 0);
    }
    return !inFlight.isEmpty() && !run.isOver() && !enough;
  }

  private boolean isOneTooMany() {
    return number > run.tuner().connections();
  }

  private void send(Link link, Chunk chunk, int from) {
    for (int i = from; i < chunk.size(); i++) {
      byte[] key = chunk.keys()[i];
      send(link::send, key, chunk.position(i));
    }
  }

  private void send(Requests to, byte[] key, @Nullable Object position) {
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

  private boolean asksTtl(@Nullable Object position) {
    return readsTtl && !(position instanceof Timed);
  }

  /** The position as the reader knows it. */
  private static @Nullable Object own(@Nullable Object position) {
    return position instanceof Timed timed ? timed.position() : position;
  }

  /** The position of what is left of the key that is read. */
  private Object timed(Outcome.More more) {
    return readsTtl ? new Timed(more.position(), rows.ttlMillis()) : more.position();
  }

  private int count(@Nullable Object position) {
    boolean asksType = position == ASK_TYPE;
    int values = readsValues ? reader.commands(asksType ? null : own(position)) : 0;
    return (asksTtl(position) ? 1 : 0)
        + values
        + (asksType ? 1 : 0)
        + (asksType && readsValues ? 2 : 0);
  }

  // ---- reading

  private void read(Link link) {
    Chunk chunk = inFlight.element();
    long bytesBefore = rows.bytesRead();
    long begin = System.nanoTime();
    long waitedBefore = link.waited();
    long waited = 0;
    int first = done;
    while (done < chunk.size()) {
      byte[] key = chunk.keys()[done];
      Object position = chunk.position(done);
      long start = done == first ? System.nanoTime() : 0;
      @Nullable Object[] replies = replies(link, position);
      if (done == first) {
        waited = System.nanoTime() - start;
      }
      boolean elsewhere = Arrays.stream(replies).anyMatch(NodeReader::isPassing);
      if (elsewhere) {
        position = moved(position);
        replies = askAgain(key, position);
      }
      requireExpected(key, replies);
      done++;
      Outcome outcome = outcome(key, position, replies);
      while (elsewhere && outcome instanceof Outcome.More more) {
        outcome = nextElsewhere(key, timed(more));
      }
      switch (outcome) {
        case Outcome.More more -> later(key, timed(more));
        case Outcome.Plain.UNSURE -> later(key, ASK_TYPE);
        case Outcome.Plain.GONE -> run.counters().vanished.increment();
        case Outcome.Plain.OTHER_TYPE -> run.counters().otherType.increment();
        case Outcome.Plain.ENOUGH -> {
          enough = true;
          return;
        }
        case Outcome.Plain.READ -> {}
      }
    }
    inFlight.remove();
    done = 0;
    takeLater();
    run.tuner()
        .read(
            chunk.size() - first,
            rows.bytesRead() - bytesBefore,
            System.nanoTime() - begin,
            link.waited() - waitedBefore);
    tune(waited, link.roundTrip());
    if (rows.rows() >= SMALL_BATCH) {
      enough = !rows.flush();
    }
  }

  private void later(byte[] key, Object position) {
    laterKeys.add(key);
    laterPositions.add(position);
  }

  /** What was begun last is ended first, so that few keys are open at a time. */
  private void takeLater() {
    int begin;
    for (int end = laterKeys.size(); end > 0; end = begin) {
      boolean alone = reader.kept(own(laterPositions.get(end - 1))) > MOST_KEPT;
      begin = Math.max(0, end - (alone ? 1 : KEYS_IN_PAGES));
      next.push(
          new Chunk(
              laterKeys.subList(begin, end).toArray(byte[][]::new),
              laterPositions.subList(begin, end).toArray()));
    }
    laterKeys.clear();
    laterPositions.clear();
  }

  /** Waiting for the first byte of an answer means that too little was in flight. */
  private void tune(long waited, long roundTrip) {
    boolean starved = queue.isEmpty() && next.isEmpty();
    if (waited > 200_000 && !starved && window < run.tuner().mostInFlight()) {
      window++;
    }
    run.considerConnection(!starved, roundTrip);
  }

  private @Nullable Object[] replies(Link link, @Nullable Object position) {
    var replies = new @Nullable Object[count(position)];
    for (int i = 0; i < replies.length; i++) {
      replies[i] = link.reply();
    }
    return replies;
  }

  private static boolean isPassing(@Nullable Object reply) {
    return reply instanceof ServerError error && error.isPassing();
  }

  private void requireExpected(byte[] key, @Nullable Object[] replies) {
    for (Object reply : replies) {
      if (reply instanceof ServerError error && !reader.expects(error)) {
        throw new Unavailable(
            "Cannot read [%s]: the server at %s answered: %s. Check that the user may read these keys. [%s]"
                .formatted(run.spec().name(), node, error.message(), Texts.plain(key)));
      }
    }
  }

  /** The next page of a key that is elsewhere, and may have been moved once more since the last. */
  private Outcome nextElsewhere(byte[] key, Object position) {
    Node before = elsewhere().answerer();
    Object asked = position;
    @Nullable Object[] replies = askAgain(key, asked);
    if (!Objects.equals(elsewhere().answerer(), before)) {
      asked = requireNonNull(moved(position));
      replies = askAgain(key, asked);
    }
    requireExpected(key, replies);
    return outcome(key, asked, replies);
  }

  private Redirects elsewhere() {
    Redirects known = redirects == null ? run.redirects() : redirects;
    redirects = known;
    return known;
  }

  private @Nullable Object[] askAgain(byte[] key, @Nullable Object position) {
    var requests = new ArrayList<Request>();
    send((command, arguments) -> requests.add(new Request(command, arguments)), key, position);
    return elsewhere().ask(key, requests).toArray();
  }

  private Outcome outcome(byte[] key, @Nullable Object position, @Nullable Object[] replies) {
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
    String type =
        switch (reply) {
          case byte[] bytes -> new String(bytes, UTF_8);
          case null, default -> String.valueOf(reply);
        };
    return type.equals(run.spec().type().server())
        ? Outcome.READ
        : type.equals("none") ? Outcome.GONE : Outcome.OTHER_TYPE;
  }
}
