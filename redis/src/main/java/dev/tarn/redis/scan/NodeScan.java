package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a server for its keys, from the first to the last, ahead of those who read them. A lost
 * connection is made again and the scan goes on from its cursor; where another server has taken the
 * place, the cursor means nothing, and the node counts as lost.
 */
@SuppressWarnings("ReferenceEquality") // the first cursor is also the sign of the end
final class NodeScan implements Runnable {

  private static final byte[] MATCH = "MATCH".getBytes(UTF_8);
  private static final byte[] COUNT = "COUNT".getBytes(UTF_8);
  private static final byte[] TYPE = "TYPE".getBytes(UTF_8);
  private static final byte[] START = {'0'};

  private final ScanRun run;
  private final Node node;
  private final ChunkQueue queue;
  private final KeyFeed feed;

  /** Whether the server leaves keys of other types out: it takes the time of looking each up. */
  private boolean typed = true;

  NodeScan(ScanRun run, Node node, ChunkQueue queue) {
    this.run = run;
    this.node = node;
    this.queue = queue;
    this.feed = new KeyFeed(run, queue);
  }

  @Override
  public void run() {
    byte[] cursor = START;
    Backoff.Attempts attempts = null;
    while (!run.isOver()) {
      try (Opened opened = run.open(node)) {
        Link link = opened.link();
        do {
          cursor = page(link, cursor);
          attempts = null;
        } while (cursor != START && !run.isOver() && !run.hasEnoughRows());
        feed.handOver();
        return;
      } catch (LostConnection e) {
        attempts = attempts == null ? run.servers().backoff().start() : attempts;
        if (!run.rounds().awaitReturn(node, attempts, e)) {
          feed.handOver();
          return;
        }
        if (!node.isRecognizable()) {
          cursor = START; // it may be another server by now
        }
      }
    }
  }

  private byte[] page(Link link, byte[] cursor) {
    int count = run.tuner().scanCount();
    boolean all = run.selection().match().isAll();
    var arguments = new ArrayList<byte[]>();
    arguments.add(cursor);
    if (!all) {
      arguments.add(MATCH);
      arguments.add(run.selection().match().bytes());
    }
    arguments.add(COUNT);
    arguments.add(Integer.toString(count).getBytes(UTF_8));
    if (typed) {
      arguments.add(TYPE);
      arguments.add(run.spec().type().server().getBytes(UTF_8));
    }
    long start = System.nanoTime();
    Object reply = link.call(Command.SCAN, arguments.toArray(byte[][]::new));
    long nanos = System.nanoTime() - start;
    if (reply instanceof ServerError error) {
      throw refused(error);
    }
    run.counters().scanCalls.increment();
    List<?> parts = Link.list(reply);
    List<?> keys = Link.list(parts.get(1));
    keys.forEach(key -> feed.found((byte[]) key));
    typed = !areOfTheType(keys.size(), count);
    run.tuner().scanned(queue.isAwaited(), nanos);
    if (queue.isEmpty() || feed.size() >= run.tuner().batchSize()) {
      feed.handOver();
    }
    byte[] next = (byte[]) parts.get(0);
    return next.length == 1 && next[0] == '0' ? START : next;
  }

  /** A page with as many keys as were looked at has left none out; reading them tells as well. */
  private boolean areOfTheType(int found, int lookedAt) {
    return run.readsValues()
        && run.spec().type().isBuiltIn()
        && found >= lookedAt
        && run.counters().otherType.sum() == 0;
  }

  private RuntimeException refused(ServerError error) {
    return error.isPassing()
        ? new LostConnection("Redis at %s: %s".formatted(node, error.message()), null)
        : new Unavailable(
            "Cannot scan [%s]: the server at %s answered: %s. Check that the user may read these keys."
                .formatted(run.spec().name(), node, error.message()));
  }
}
