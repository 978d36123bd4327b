package dev.tarn.redis.write;

import dev.tarn.error.LimitExceeded;
import dev.tarn.redis.wire.Assignment;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Resp;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.wire.Slots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Connections to all servers, among which keys are divided. Filled by one thread, which waits while
 * too many bytes are under way; whoever opened it closes it. Where a key was found to be elsewhere,
 * they are divided anew, now and then, once nothing is under way, so that the order of each key's
 * items is kept.
 */
final class Lanes implements AutoCloseable {

  private static final int CHUNK_BYTES = 128 << 10;
  private static final int PERMIT_BYTES = 1024;

  /** What is known of a key while it is under way, beside its commands, about. */
  private static final int ITEM_BYTES = 100;

  /** How long they stay divided as they are. */
  private static final long DIVISION_NANOS = 1_000_000_000;

  private final Servers servers;
  private final Outcomes outcomes;
  private final int connections;
  private final Map<Node, List<Open>> lanes = new HashMap<>();
  private final List<Open> all = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Semaphore permits;
  private final int permitsInAll;
  private final long window;
  private final LongAdder reconnects = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private Assignment assignment;
  private long divided;
  private volatile boolean stray;

  /** A lane with the chunk that is being filled for it. */
  private static final class Open {
    private final Lane lane;
    private Chunk chunk = new Chunk(CHUNK_BYTES + CHUNK_BYTES / 8);

    Open(Lane lane) {
      this.lane = lane;
    }
  }

  /**
   * Opens them.
   *
   * @param connections to each server
   * @param memory bytes that may be under way, about
   */
  Lanes(Servers servers, Outcomes outcomes, int connections, long memory) {
    this.servers = servers;
    this.outcomes = outcomes;
    this.connections = connections;
    this.assignment = servers.assignment();
    this.divided = System.nanoTime() - DIVISION_NANOS;
    this.permitsInAll = Math.toIntExact(Math.min(Integer.MAX_VALUE, memory / PERMIT_BYTES));
    this.permits = new Semaphore(permitsInAll);
    int count = connections * assignment.primaries().size();
    this.window = Math.max(2 * CHUNK_BYTES, memory / 2 / count);
    assignment.primaries().forEach(node -> lanes.put(node, lanesToOne()));
  }

  private List<Open> lanesToOne() {
    var ofNode = new ArrayList<Open>();
    for (int i = 0; i < connections; i++) {
      var lane = new Lane(this, servers, outcomes);
      ofNode.add(new Open(lane));
      threads.add(Thread.ofPlatform().daemon().name("tarn-redis-write").start(lane));
    }
    all.addAll(ofNode);
    return ofNode;
  }

  /** Bytes that may be unanswered on a connection. */
  long window() {
    return window;
  }

  LongAdder reconnects() {
    return reconnects;
  }

  int connections() {
    return all.size();
  }

  /** Bytes that were given. */
  long bytes() {
    return bytes.sum();
  }

  private Open lane(byte[] key) {
    Assignment.Owner owner =
        assignment.owners().isEmpty() ? null : assignment.owners().get(Slots.of(key));
    List<Open> ofNode = owner == null ? all : lanes.getOrDefault(owner.node(), all);
    int hash = Arrays.hashCode(key);
    return ofNode.get(Math.floorMod(hash ^ (hash >>> 16), ofNode.size()));
  }

  /** Where what is sent for a key is written to. */
  Resp out(byte[] key) {
    return lane(key).chunk.out();
  }

  /** What was written for a key is whole. */
  void add(Item item) {
    Open open = lane(item.key());
    open.chunk.items().add(item);
    if (open.chunk.out().size() >= CHUNK_BYTES || item.form().isLast()) {
      submit(open);
    }
    boolean isBetweenKeys = item.form().isLast() || !item.form().isPart();
    if (stray && isBetweenKeys && !hasFailed() && System.nanoTime() - divided >= DIVISION_NANOS) {
      divide();
    }
  }

  /** A key was elsewhere; may be called by any thread. */
  void strayed() {
    stray = true;
  }

  /** Once all is answered. */
  private void divide() {
    all.forEach(this::submit);
    acquire(permitsInAll);
    permits.release(permitsInAll);
    stray = false;
    assignment = servers.assignment();
    lanes
        .entrySet()
        .removeIf(entry -> {
          boolean isGone = !assignment.primaries().contains(entry.getKey());
          if (isGone) {
            entry.getValue().forEach(open -> open.lane.end());
            all.removeAll(entry.getValue());
          }
          return isGone;
        });
    assignment.primaries().forEach(node -> lanes.computeIfAbsent(node, added -> lanesToOne()));
    divided = System.nanoTime();
  }

  /** What comes next for a key goes into a chunk of its own. */
  void separate(byte[] key) {
    submit(lane(key));
  }

  private void submit(Open open) {
    Chunk chunk = open.chunk;
    if (chunk.items().isEmpty()) {
      return;
    }
    long size = chunk.out().bytes().length + (long) ITEM_BYTES * chunk.items().size();
    chunk.permits(Math.clamp(size / PERMIT_BYTES, 1, permitsInAll));
    bytes.add(chunk.out().size());
    acquire(chunk.permits());
    open.lane.put(chunk);
    open.chunk = new Chunk(CHUNK_BYTES + CHUNK_BYTES / 8);
  }

  private void acquire(int count) {
    try {
      permits.acquire(count);
    } catch (InterruptedException e) {
      throw Backoff.interrupted("write to", e);
    }
  }

  void release(Chunk chunk) {
    permits.release(chunk.permits());
  }

  void fail(Throwable why) {
    failure.compareAndSet(null, why);
  }

  /** Why a connection was given up; null while none was. */
  @Nullable Throwable failure() {
    return failure.get();
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Sends what is left, and waits for all answers. */
  @Override
  public void close() {
    RuntimeException interrupted = null;
    for (Open open : all) {
      try {
        submit(open);
      } catch (LimitExceeded e) {
        interrupted = e;
        fail(e);
      }
      open.lane.end();
    }
    boolean wasInterrupted = Thread.interrupted();
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    if (interrupted != null) {
      throw interrupted;
    }
  }
}
