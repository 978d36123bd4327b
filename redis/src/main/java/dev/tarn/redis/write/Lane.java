package dev.tarn.redis.write;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.OneServer;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A thread, with its connection and what goes over it: chunks are sent in order, several before the
 * first is answered. Items of one key always go the same lane, so that their order is kept. What
 * was not answered when a connection broke is sent again, or looked for, over the next. Each item
 * is told of once, and the permits of each chunk are released once, whatever happens.
 */
final class Lane implements Runnable {

  private static final Chunk END = new Chunk(0);

  private final Lanes lanes;
  private final Servers servers;
  private final Outcomes outcomes;
  private final Redirects redirects;
  private final BlockingQueue<Chunk> queue = new LinkedBlockingQueue<>();
  private final Deque<Chunk> inFlight = new ArrayDeque<>();
  private long bytesInFlight;

  /** Taken from the queue, and not in flight yet. */
  private @Nullable Chunk taken;

  /** Keys whose item was done elsewhere, while later ones of theirs were in flight. */
  private final Set<ByteBuffer> diverted = new HashSet<>();

  private final LaneLink connection;
  private final LargeKey large;

  Lane(Lanes lanes, Servers servers, Outcomes outcomes) {
    this.lanes = lanes;
    this.servers = servers;
    this.outcomes = outcomes;
    this.redirects = new Redirects(servers);
    this.connection = new LaneLink(servers);
    this.large = new LargeKey(lanes, connection, outcomes, this::recover);
  }

  void put(Chunk chunk) {
    queue.add(chunk);
  }

  void end() {
    queue.add(END);
  }

  @Override
  public void run() {
    try (redirects) {
      while (step()) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(new IllegalStateException("interrupted", e));
    } catch (RuntimeException | Error e) {
      giveUp(e);
    } finally {
      connection.close();
    }
  }

  private boolean step() throws InterruptedException {
    Chunk chunk =
        inFlight.isEmpty() ? queue.take() : bytesInFlight < lanes.window() ? queue.poll() : null;
    if (chunk == END) {
      end(); // who gives up in its middle looks for it
      drain();
      return false;
    }
    if (chunk == null) {
      trying(this::receive);
    } else {
      start(chunk);
    }
    return true;
  }

  private void start(Chunk chunk) {
    taken = chunk;
    Item first = chunk.next();
    boolean isLarge = first.form() == Item.Form.FIRST_PART;
    if (isLarge || (!connection.transacts() && chunk.transacts())) {
      drain();
      connection.transact();
    }
    if (inFlight.isEmpty() && (isLarge || !first.form().isPart())) {
      connection.leave(first.key());
    }
    connect(first.key());
    if (isLarge) {
      large.begin(first);
    }
    taken = null;
    inFlight.add(chunk);
    bytesInFlight += chunk.out().size();
    trying(() -> send(connection.to(chunk.next().key()), chunk));
  }

  private void drain() {
    while (!inFlight.isEmpty()) {
      trying(this::receive);
    }
  }

  /** Before anything is sent: what was not sent needs no looking for. */
  private void connect(byte[] key) {
    while (true) {
      try {
        connection.to(key);
        return;
      } catch (LostConnection e) {
        recover(e);
      }
    }
  }

  private void trying(Runnable work) {
    try {
      work.run();
    } catch (LostConnection e) {
      recover(e);
    }
  }

  private void send(Link to, Chunk chunk) {
    List<Item> items = chunk.rest().stream().filter(item -> !large.drops(item)).toList();
    if (!items.isEmpty()) {
      large.sent(items.getLast());
      to.write(chunk.out().bytes(), items.getFirst().begin(), items.getLast().end());
    }
  }

  // ---- answers

  private void receive() {
    Chunk chunk = inFlight.element();
    while (!chunk.isDone()) {
      Item item = chunk.next();
      if (large.drops(item)) {
        large.drop(item);
      } else {
        judge(chunk, item, Verdict.of(item.form(), connection.replies(item)));
      }
      chunk.acknowledge();
    }
    inFlight.remove();
    bytesInFlight -= chunk.out().size();
    lanes.release(chunk);
    if (inFlight.isEmpty()) {
      diverted.clear();
    }
  }

  private void judge(Chunk chunk, Item item, Verdict verdict) {
    if (isStray(verdict)) {
      lanes.strayed();
    }
    if (item.form().isPart()) {
      large.answered(item, verdict).ifPresent(whole -> tell(item, whole));
    } else if (isPassing(verdict) || isOvertaken(item)) {
      diverted.add(ByteBuffer.wrap(item.key()));
      elsewhere(chunk, item);
    } else {
      tell(item, verdict);
    }
  }

  private boolean isPassing(Verdict verdict) {
    return verdict instanceof Verdict.Refused(ServerError error)
        && error.isPassing()
        && !(error.is("READONLY") && servers instanceof OneServer);
  }

  /** Whether the keys are to be divided anew: what is elsewhere goes one way to and fro each. */
  private boolean isStray(Verdict verdict) {
    return isPassing(verdict)
        && verdict instanceof Verdict.Refused(ServerError error)
        && (error.isElsewhere() || error.is("READONLY"));
  }

  /** Done before an earlier item of its key was, and so once more: the last row of a key wins. */
  private boolean isOvertaken(Item item) {
    return item.again() == Item.Again.SAFE && diverted.contains(ByteBuffer.wrap(item.key()));
  }

  private void tell(Item item, Verdict verdict) {
    switch (verdict) {
      case Verdict.Done(Object reply) -> outcomes.done(item, reply);
      case Verdict.Existed() -> outcomes.existed(item.key());
      case Verdict.Refused refused ->
          outcomes.failed(item.key(), refused.reason(), refused.isLasting());
      case Verdict.Loose(ServerError error) ->
          outcomes.uncertain(item.key(), "it was not written as a whole: " + error.brief());
    }
  }

  /** Asks whoever has the key now, one item after another. */
  private void elsewhere(Chunk chunk, Item item) {
    List<Request> requests = item.requests(chunk);
    if (item.again() == Item.Again.SAFE) {
      tell(item, Verdict.of(item.form(), redirects.ask(item.key(), requests)));
      return;
    }
    try {
      tell(item, Verdict.of(item.form(), redirects.askOnce(item.key(), requests)));
    } catch (LostConnection e) {
      find(chunk, item, e);
    }
  }

  // ---- a lost connection

  private void recover(LostConnection first) {
    LostConnection why = first;
    large.lost(why);
    while (true) {
      lanes.reconnects().increment();
      connection.lost(why);
      try {
        again();
        return;
      } catch (LostConnection e) {
        why = e;
      }
    }
  }

  private void again() {
    servers.assignment();
    if (inFlight.isEmpty()) {
      return;
    }
    Link open = connection.again(inFlight.element().next().key());
    for (Chunk chunk : List.copyOf(inFlight)) {
      if (chunk.rest().stream().allMatch(item -> item.again() == Item.Again.SAFE)) {
        send(open, chunk);
      } else {
        findAll(chunk);
      }
    }
  }

  private void findAll(Chunk chunk) {
    while (inFlight.element() != chunk) { // what was sent again before comes first
      receive();
    }
    while (!chunk.isDone()) {
      Item item = chunk.next();
      if (item.form().isPart()) {
        large.drop(item);
      } else {
        find(chunk, item, new LostConnection("the connection was lost", null));
      }
      chunk.acknowledge();
    }
    receive();
  }

  private void find(Chunk chunk, Item item, LostConnection why) {
    Verdict found = new Search(redirects, item, item.requests(chunk)).result();
    if (found == null) {
      outcomes.uncertain(item.key(), "its answer was lost: " + why.getMessage());
    } else {
      tell(item, found);
    }
  }

  // ---- the end, where there is nobody left to write to

  private void giveUp(Throwable why) {
    if (taken != null) {
      unsent(taken);
    }
    for (Chunk chunk : inFlight) {
      chunk.rest().stream()
          .filter(item -> !item.form().isPart())
          .forEach(item -> outcomes.uncertain(item.key(), "its answer was lost"));
      lanes.release(chunk);
    }
    inFlight.clear();
    large.abandon();
    lanes.fail(why);
    try {
      for (Chunk chunk = queue.take(); chunk != END; chunk = queue.take()) {
        unsent(chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unsent(Chunk chunk) {
    chunk.rest().stream()
        .filter(item -> !item.form().isPart() || item.form() == Item.Form.FIRST_PART)
        .forEach(item -> outcomes.failed(item.key(), "it was not sent", false));
    lanes.release(chunk);
  }
}
