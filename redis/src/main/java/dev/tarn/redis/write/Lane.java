package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.OneServer;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A connection with what goes over it: chunks are sent in order, several before the first is
 * answered. Items of one key always go the same lane, so that their order is kept. What was not
 * answered when a connection broke is sent again, or looked for, over the next.
 */
final class Lane implements Runnable {

  private static final Chunk END = new Chunk(0);
  private static final int MOST_HOPS = 5;
  private static final Command WATCH = Command.of("WATCH");
  private static final Command UNWATCH = Command.of("UNWATCH");

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

  private @Nullable Link link;
  private @Nullable Node node;
  private @Nullable Long clientId;

  /** Whether transactions go over it, and whether the connection was asked if it takes them. */
  private boolean transacts;

  private boolean asked;
  private Backoff.@Nullable Attempts attempts;

  private final LargeKey large;

  Lane(Lanes lanes, Servers servers, Outcomes outcomes) {
    this.lanes = lanes;
    this.servers = servers;
    this.outcomes = outcomes;
    this.redirects = new Redirects(servers);
    this.large = new LargeKey(outcomes);
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
      close();
    }
  }

  private boolean step() throws InterruptedException {
    Chunk chunk =
        inFlight.isEmpty() ? queue.take() : bytesInFlight < lanes.window() ? queue.poll() : null;
    if (chunk == END) {
      end(); // once more, for whoever gives up while the last answers come
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
    if (isLarge || (!transacts && chunk.transacts())) {
      drain();
      transacts = true;
    }
    if (isLarge || !first.form().isPart()) {
      leaveIfIdle(first.key());
    }
    connect(first.key());
    if (isLarge) {
      begin(first);
    }
    taken = null;
    inFlight.add(chunk);
    bytesInFlight += chunk.out().size();
    trying(() -> send(connected(chunk.next().key()), chunk));
  }

  /** Where another server has the key now, and nothing is under way. */
  private void leaveIfIdle(byte[] key) {
    if (link != null && inFlight.isEmpty() && !servers.holding(key).equals(node)) {
      close();
    }
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
        connected(key);
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
        var replies = new ArrayList<@Nullable Object>(item.replies());
        Link from = connected(item.key());
        for (int i = 0; i < item.replies(); i++) {
          replies.add(from.reply());
        }
        attempts = null;
        judge(chunk, item, Verdict.of(item.form(), replies));
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

  /** Where a large key must not be there, looks whether it is, and goes on looking till EXEC. */
  private void begin(Item first) {
    boolean replaces = first.again() == Item.Again.SAFE;
    Object there = replaces && !servers.isCluster() ? null : found(first.key(), !replaces);
    large.begin(first.key());
    if (replaces) {
      return;
    }
    if (there instanceof ServerError error) {
      large.refused(error);
    } else if (!Long.valueOf(0).equals(there)) {
      large.existed();
    }
  }

  /** What whoever has the key now says of it; its parts will go there. */
  private @Nullable Object found(byte[] key, boolean watches) {
    for (int hops = 0; ; hops++) {
      try {
        Object there = look(connected(key), key, watches);
        if (hops == MOST_HOPS || !(there instanceof ServerError error && error.is("MOVED"))) {
          return there;
        }
        lanes.strayed();
        servers.assignment();
        close();
      } catch (LostConnection e) {
        recover(e);
      }
    }
  }

  private static @Nullable Object look(Link to, byte[] key, boolean watches) {
    if (watches) {
      to.call(UNWATCH);
      if (to.call(WATCH, key) instanceof ServerError error) {
        return error;
      }
    }
    return to.call(Command.EXISTS, key);
  }

  // ---- connections

  private Link connected(byte[] key) {
    Link open = link;
    if (open == null) {
      Node holding = servers.holding(key);
      open = servers.connect(holding);
      link = open;
      node = holding;
      clientId = open.call(Command.CLIENT, "ID".getBytes(UTF_8)) instanceof Long id ? id : null;
      asked = false;
    }
    if (transacts && !asked) {
      Transactions.require(open, servers.name());
      asked = true;
    }
    return open;
  }

  private void recover(LostConnection first) {
    LostConnection why = first;
    large.lost(why);
    while (true) {
      lanes.reconnects().increment();
      close();
      attempts = attempts == null ? servers.backoff().start() : attempts;
      if (!attempts.again()) {
        throw outOfReach(why);
      }
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
    Long former = clientId;
    Node before = node;
    Link open = connected(inFlight.element().next().key());
    boolean isSameRun = before != null && before.isRecognizable() && before.equals(node);
    if (former != null && isSameRun) {
      open.call(
          Command.CLIENT,
          "KILL".getBytes(UTF_8),
          "ID".getBytes(UTF_8),
          former.toString().getBytes(UTF_8));
    }
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

  private Unavailable outOfReach(LostConnection why) {
    return new Unavailable(
        "Cannot write to Redis: %s. Check that the server runs, or allow more time by retry_for. [%s]"
            .formatted(why.getMessage(), servers.name()),
        why);
  }

  private void close() {
    Link open = link;
    link = null;
    if (open != null) {
      open.close();
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
