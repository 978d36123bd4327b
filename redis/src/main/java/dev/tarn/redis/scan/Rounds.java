package dev.tarn.redis.scan;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.search.SearchChoice;
import dev.tarn.redis.wire.Assignment;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Coverage;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * How a scan leaves nothing out: it goes in rounds. In the first, every primary is asked for its
 * keys. Keys that were on a server which was lost, and servers that can hold keys which nobody has
 * seen since because slots moved, are the next round's, until there are none.
 *
 * <p>One thread leads them; all else may be called by any.
 */
final class Rounds {

  /** Keys that wait to be read from a server. */
  private static final int KEYS_AHEAD = 50_000;

  /** A cluster that changes more often than this while it is scanned never comes to rest. */
  private static final int MOST_ROUNDS = 50;

  private final ScanRun run;
  private final Workers workers;

  /** Servers that lost their place in this round. */
  private final Set<Node> lost = ConcurrentHashMap.newKeySet();

  /** Keys for the next round. */
  private final ConcurrentLinkedQueue<Chunk> orphans = new ConcurrentLinkedQueue<>();

  /** Of this round. */
  private final Map<Node, ChunkQueue> queues = new ConcurrentHashMap<>();

  private final Map<Node, Integer> readers = new ConcurrentHashMap<>();
  private volatile String searched = "";

  Rounds(ScanRun run, Workers workers) {
    this.run = run;
    this.workers = workers;
  }

  // ---- the leader's

  /** Until none is left, or no more is wanted. */
  void run() {
    Assignment first = run.servers().assignment();
    List<byte[]> keys = run.selection().keys();
    if (keys != null) {
      @Nullable Object begin = run.readsValues() ? null : KeyExchange.ASK_TYPE;
      for (byte[] key : keys) {
        if (run.isNew(key)) {
          run.counters().keys.increment();
          orphaned(new Chunk(new byte[][] {key}, new Object[] {begin}));
        }
      }
    }
    var coverage = new Coverage(first);
    Set<Node> unseen = keys == null ? coverage.unseen() : Set.of();
    for (int rounds = 1; ; rounds++) {
      lost.clear();
      round(unseen);
      boolean restless = run.servers().isCluster() && keys == null;
      if (run.isOver()
          || run.hasEnoughRows()
          || (orphans.isEmpty() && lost.isEmpty() && !restless)) {
        return;
      }
      if (rounds >= MOST_ROUNDS) {
        throw new Unavailable(
            "Cannot scan [%s]: the servers changed %d times while they were read. Wait until all slots are where they belong. [%s]"
                .formatted(run.spec().name(), rounds, run.servers().name()));
      }
      Assignment now = run.servers().assignment();
      if (keys == null) {
        var complete = new HashSet<>(unseen);
        complete.removeAll(lost);
        coverage.completed(complete, now);
        unseen = coverage.unseen();
      }
      if (unseen.isEmpty() && orphans.isEmpty()) {
        return;
      }
    }
  }

  private void round(Set<Node> scanned) {
    queues.clear();
    readers.clear();
    var moved = new LinkedHashMap<Node, List<Chunk>>();
    for (Chunk chunk = orphans.poll(); chunk != null; chunk = orphans.poll()) {
      for (int i = 0; i < chunk.size(); i++) {
        byte[] key = chunk.keys()[i];
        moved
            .computeIfAbsent(run.servers().holding(key), node -> new ArrayList<>())
            .add(new Chunk(new byte[][] {key}, new Object[] {chunk.position(i)}));
      }
    }
    scanned.forEach(node -> queues.put(node, new ChunkQueue(KEYS_AHEAD)));
    moved.keySet().forEach(node -> queues.putIfAbsent(node, new ChunkQueue(KEYS_AHEAD)));
    queues.forEach((node, queue) ->
        workers.start(() -> {
          try {
            joined(moved.getOrDefault(node, List.of())).forEach(chunk -> give(queue, chunk));
            if (scanned.contains(node)) {
              findKeys(node, queue);
            }
          } finally {
            queue.end();
          }
        }));
    startReaders();
    workers.await();
  }

  /** By the index at first, if there is one; what came to be later is for the scan to find. */
  private void findKeys(Node node, ChunkQueue queue) {
    SearchChoice search = run.selection().search();
    boolean first = searched.isEmpty();
    if (search != null && search.required() && !first) {
      throw new Unavailable(
          "Cannot read [%s]: another server took the place of the one that was searched. Run it again. [%s]"
              .formatted(run.spec().name(), run.servers().name()));
    }
    if (search == null || !first || !new NodeSearch(run, search, node, queue).isDone()) {
      new NodeScan(run, node, queue).run();
    }
  }

  /** Keys one by one as chunks of the size that is asked for at a time. */
  private List<Chunk> joined(List<Chunk> single) {
    var joined = new ArrayList<Chunk>();
    int size = run.tuner().batchSize();
    for (int i = 0; i < single.size(); i += size) {
      List<Chunk> part = single.subList(i, Math.min(single.size(), i + size));
      joined.add(
          new Chunk(
              part.stream().map(chunk -> chunk.keys()[0]).toArray(byte[][]::new),
              part.stream().map(chunk -> chunk.position(0)).toArray()));
    }
    return joined;
  }

  // ---- what the others tell

  /** An index was asked. */
  void searched(String index) {
    searched = index;
  }

  /** Which index was asked, and what came of it; empty where none was. */
  String searched() {
    return searched;
  }

  /** Whoever waits to hand over keys that nobody reads any more is told. */
  void cancel() {
    queues.values().forEach(ChunkQueue::cancel);
  }

  /** Keys for the readers of a server. False when nobody wants them. */
  boolean give(ChunkQueue queue, Chunk chunk) {
    if (!queue.put(chunk)) {
      orphaned(chunk);
    }
    return !run.isOver();
  }

  /** Keys whose server is gone. */
  void orphaned(Chunk chunk) {
    orphans.add(chunk);
  }

  /**
   * Waits before a server is tried again.
   *
   * @return false when it has its place no more
   * @throws Unavailable when the time for attempts is up
   */
  boolean awaitReturn(Node node, Backoff.Attempts attempts, LostConnection why) {
    if (run.isOver()) {
      return false;
    }
    run.counters().reconnects.increment();
    if (!attempts.again()) {
      throw new Unavailable(
          "Cannot read [%s]: %s. Check that the server runs, or allow more time by retry_for. [%s]"
              .formatted(run.spec().name(), why.getMessage(), run.servers().name()),
          why);
    }
    if (lost.contains(node)) {
      return false;
    }
    if (run.servers().assignment().primaries().contains(node)) {
      return true;
    }
    lose(node);
    return false;
  }

  private void lose(Node node) {
    lost.add(node);
    ChunkQueue queue = queues.get(node);
    if (queue != null) {
      queue.cancel();
      queue.drain().forEach(this::orphaned);
    }
  }

  /** As many readers for each server as there are to be; never fewer than there are. */
  void startReaders() {
    queues.forEach(this::startReaders);
  }

  private void startReaders(Node node, ChunkQueue queue) {
    if (run.isOver() || readers.getOrDefault(node, 0) >= run.tuner().connections()) {
      return;
    }
    int reader = readers.merge(node, 1, Integer::sum);
    while (!run.isOver() && reader <= run.tuner().connections()) {
      workers.start(new NodeReader(run, node, queue, reader));
      reader = readers.merge(node, 1, Integer::sum);
    }
    readers.merge(node, -1, Integer::sum);
  }
}
