package dev.tarn.redis.scan;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Backoff;
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
@SuppressWarnings("ReferenceEquality") // chunks are meant themselves
final class NodeReader implements Runnable {

  private static final int SMALL_BATCH = 512;

  /**
   * Keys of which pages are asked for together, and such groups in flight: what is known of members
   * that were seen is kept for each key that was begun.
   */
  private static final int KEYS_IN_PAGES = 8;

  private static final int GROUPS_IN_PAGES = 4;

  /** A key for which more is kept is a group of its own, and others wait until it is read. */
  private static final int MOST_KEPT = 64 << 10;

  private final ScanRun run;
  private final Node node;
  private final ChunkQueue queue;
  private final int number;
  private final RowBuffer rows;
  private final KeyExchange exchange;

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
    this.rows = run.rows();
    this.exchange = new KeyExchange(run, rows, run.selection().search() != null);
  }

  @Override
  public void run() {
    // Where the server allows few connections they would leave none to whoever finds the keys
    if (number > 1 && !queue.awaitFirst()) {
      return;
    }
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
        if (!run.rounds().awaitReturn(node, attempts, e)) {
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
      run.rounds().orphaned(moved(rest(chunk, chunk == first ? done : 0)));
    }
    next.forEach(chunk -> run.rounds().orphaned(moved(chunk)));
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
      positions[i] = exchange.moved(chunk.position(i));
    }
    return new Chunk(chunk.keys(), positions);
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
      Chunk begun = chunk.startingAt(exchange.start());
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
      exchange.send(link::send, chunk.keys()[i], chunk.position(i));
    }
  }

  // ---- reading

  private void read(Link link) {
    Chunk chunk = inFlight.element();
    long bytesBefore = rows.bytesRead();
    long begin = System.nanoTime();
    long waitedBefore = link.waited();
    long waitedFirst = 0;
    int first = done;
    while (done < chunk.size()) {
      byte[] key = chunk.keys()[done];
      Object position = chunk.position(done);
      @Nullable Object[] replies = replies(link, position);
      if (done == first) {
        waitedFirst = link.waited() - waitedBefore;
      }
      boolean elsewhere = Arrays.stream(replies).anyMatch(NodeReader::isPassing);
      if (elsewhere) {
        position = exchange.moved(position);
        replies = askAgain(key, position);
      }
      requireExpected(key, position, replies);
      done++;
      Outcome outcome = exchange.outcome(key, position, replies);
      while (elsewhere && outcome instanceof Outcome.More more) {
        outcome = nextElsewhere(key, exchange.next(more));
      }
      switch (outcome) {
        case Outcome.More more -> later(key, exchange.next(more));
        case Outcome.Plain.UNSURE -> later(key, exchange.unsure());
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
    tune(waitedFirst, link.roundTrip());
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
      boolean alone = exchange.kept(laterPositions.get(end - 1)) > MOST_KEPT;
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
    var replies = new @Nullable Object[exchange.answers(position)];
    for (int i = 0; i < replies.length; i++) {
      replies[i] = link.reply();
    }
    return replies;
  }

  private static boolean isPassing(@Nullable Object reply) {
    return reply instanceof ServerError error && error.isPassing();
  }

  private void requireExpected(byte[] key, @Nullable Object position, @Nullable Object[] replies) {
    ServerError error = exchange.unexpected(position, replies);
    if (error != null) {
      throw new Unavailable(
          "Cannot read [%s]: the server at %s answered: %s. Check that the user may read these keys. [%s]"
              .formatted(run.spec().name(), node, error.message(), Texts.plain(key)));
    }
  }

  /** The next page of a key that is elsewhere, and may have been moved once more since the last. */
  private Outcome nextElsewhere(byte[] key, Object position) {
    Node before = elsewhere().answerer();
    Object asked = position;
    @Nullable Object[] replies = askAgain(key, asked);
    if (!Objects.equals(elsewhere().answerer(), before)) {
      asked = requireNonNull(exchange.moved(position));
      replies = askAgain(key, asked);
    }
    requireExpected(key, asked, replies);
    return exchange.outcome(key, asked, replies);
  }

  private Redirects elsewhere() {
    Redirects known = redirects == null ? run.redirects() : redirects;
    redirects = known;
    return known;
  }

  private @Nullable Object[] askAgain(byte[] key, @Nullable Object position) {
    var requests = new ArrayList<Request>();
    exchange.send(
        (command, arguments) -> requests.add(new Request(command, arguments)), key, position);
    return elsewhere().ask(key, requests).toArray();
  }
}
