package dev.tarn.redis.scan;

import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.redis.ScanReport;
import dev.tarn.redis.search.SearchChoice;
import dev.tarn.redis.wire.Assignment;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Coverage;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import java.time.Duration;
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
 * A scan while it runs: for each server one thread that asks for keys and some that read them, and
 * one that sees to it that nothing is left out. Whoever reads its batches closes it.
 *
 * <p>It goes in rounds. In the first, every primary is asked for its keys. Keys that were on a
 * server which was lost, and servers that can hold keys which nobody has seen since because slots
 * moved, are the next round's, until there are none. Fingerprints make each key come once.
 */
final class ScanRun implements AutoCloseable {

  private static final int FEW_KEYS = 16;

  /** Keys that wait to be read from a server. */
  private static final int KEYS_AHEAD = 50_000;

  /** A cluster that changes more often than this while it is scanned never comes to rest. */
  private static final int MOST_ROUNDS = 50;

  private final Servers servers;
  private final ScanSpec spec;
  private final KeySelection selection;
  private final ReadBounds bounds;
  private final List<ScanColumn> columns;
  private final int wanted;
  private final BatchQueue out;
  private final Tuner tuner;
  private final Counters counters = new Counters();
  private final Relevance relevance = new Relevance();
  private final @Nullable Fingerprints seen;

  private final Workers workers;
  private boolean begun;
  private final long start = System.nanoTime();

  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Set<Redirects> redirected = ConcurrentHashMap.newKeySet();
  private final Set<Node> lost = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Chunk> orphans = new ConcurrentLinkedQueue<>();
  private final Map<Node, ChunkQueue> queues = new ConcurrentHashMap<>();
  private final Map<Node, Integer> readers = new ConcurrentHashMap<>();
  private volatile boolean withoutTransactions;
  private volatile boolean over;
  private volatile boolean complete;
  private volatile String searched = "";

  ScanRun(
      Servers servers,
      ScanSpec spec,
      KeySelection selection,
      ReadBounds bounds,
      List<ScanColumn> wanted) {
    this.servers = servers;
    this.spec = spec;
    this.selection = selection;
    this.bounds = bounds;
    this.columns = Columns.read(spec, wanted);
    this.wanted = wanted.size();
    this.out = new BatchQueue(isSmall() ? Long.MAX_VALUE / 2 : spec.options().memory() / 2);
    this.tuner = new Tuner(spec.options());
    boolean comesTwice = selection.keys() == null; // those that are named are distinct
    boolean unique = comesTwice && (spec.options().unique() || selection.search() != null);
    this.seen = unique ? new Fingerprints() : null;
    this.workers = isSmall() ? Workers.none(this::fail) : Workers.threads(this::fail);
    workers.begin(this::coordinate);
  }

  /** Whether there are so few rows that none has to wait for those before it to be taken. */
  private boolean isSmall() {
    List<byte[]> keys = selection.keys();
    return keys != null && keys.size() <= FEW_KEYS && spec.type().isOneRow();
  }

  // ---- what its threads need

  Servers servers() {
    return servers;
  }

  ScanSpec spec() {
    return spec;
  }

  KeySelection selection() {
    return selection;
  }

  Counters counters() {
    return counters;
  }

  /** How well a search found the keys. */
  Relevance relevance() {
    return relevance;
  }

  Tuner tuner() {
    return tuner;
  }

  boolean isOver() {
    return over;
  }

  ValueReader reader() {
    return spec.type().reader(spec, columns, bounds);
  }

  RowBuffer rows() {
    return new RowBuffer(spec.name(), columns, wanted, spec.options(), counters, relevance, out);
  }

  /** Whether it takes more than the key to make its rows. */
  boolean readsValues() {
    return Columns.needValues(spec.type(), columns);
  }

  boolean readsTtl() {
    return Columns.have(columns, Role.TTL);
  }

  /** Whoever waits to hand over keys that nobody reads any more is told, too. */
  boolean hasEnoughRows() {
    boolean enough = counters.rows.sum() >= selection.limit();
    if (enough) {
      queues.values().forEach(ChunkQueue::cancel);
    }
    return enough;
  }

  /** Whether a key comes for the first time. */
  boolean isNew(byte[] key) {
    if (seen == null || seen.add(key)) {
      return true;
    }
    counters.duplicates.increment();
    return false;
  }

  /** A connection that ends with the run at the latest. */
  Opened open(Node node) {
    Link link = servers.connect(node);
    links.add(link);
    if (over) {
      link.close();
    }
    return new Opened(servers, node, link, links);
  }

  /** Keys for the readers of a server. False when nobody wants them. */
  boolean give(ChunkQueue queue, Chunk chunk) {
    if (!queue.put(chunk)) {
      orphaned(chunk);
    }
    return !over;
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
    if (over) {
      return false;
    }
    counters.reconnects.increment();
    if (!attempts.again()) {
      throw new Unavailable(
          "Cannot read [%s]: %s. Check that the server runs, or allow more time by retry_for. [%s]"
              .formatted(spec.name(), why.getMessage(), servers.name()),
          why);
    }
    if (lost.contains(node)) {
      return false;
    }
    if (servers.assignment().primaries().contains(node)) {
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

  /** For keys whose server says that they are elsewhere, or not to be had for the moment. */
  Redirects redirects() {
    var redirects = new Redirects(servers);
    redirected.add(redirects);
    return redirects;
  }

  /** Whether the user may have no transaction. */
  boolean isWithoutTransactions() {
    return withoutTransactions;
  }

  /** A server has said that the user may have no transaction. */
  void doWithoutTransactions() {
    withoutTransactions = true;
  }

  /** A reader more for each server, where that may be worth it; or one less. */
  void considerConnection(boolean busy, long roundTrip) {
    if (workers.areThreads()) {
      tuner.judge(busy && !out.isFull(), roundTrip);
      queues.forEach(this::startReaders);
    }
  }

  private void startReaders(Node node, ChunkQueue queue) {
    if (over || readers.getOrDefault(node, 0) >= tuner.connections()) {
      return;
    }
    int reader = readers.merge(node, 1, Integer::sum);
    while (!over && reader <= tuner.connections()) {
      workers.start(new NodeReader(this, node, queue, reader));
      reader = readers.merge(node, 1, Integer::sum);
    }
    readers.merge(node, -1, Integer::sum);
  }

  // ---- its course

  private void coordinate() {
    try {
      rounds();
      complete = !over && !hasEnoughRows();
      out.end();
    } catch (Throwable e) {
      fail(e);
    } finally {
      workers.end();
      report();
    }
  }

  private void rounds() {
    Assignment first = servers.assignment();
    List<byte[]> keys = selection.keys();
    if (keys != null) {
      @Nullable Object begin = readsValues() ? null : KeyExchange.ASK_TYPE;
      for (byte[] key : keys) {
        if (isNew(key)) {
          counters.keys.increment();
          orphaned(new Chunk(new byte[][] {key}, new Object[] {begin}));
        }
      }
    }
    var coverage = new Coverage(first);
    Set<Node> unseen = keys == null ? coverage.unseen() : Set.of();
    for (int rounds = 1; ; rounds++) {
      lost.clear();
      round(unseen);
      boolean restless = servers.isCluster() && keys == null;
      if (over || hasEnoughRows() || (orphans.isEmpty() && lost.isEmpty() && !restless)) {
        return;
      }
      if (rounds >= MOST_ROUNDS) {
        throw new Unavailable(
            "Cannot scan [%s]: the servers changed %d times while they were read. Wait until all slots are where they belong. [%s]"
                .formatted(spec.name(), rounds, servers.name()));
      }
      Assignment now = servers.assignment();
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
            .computeIfAbsent(servers.holding(key), node -> new ArrayList<>())
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
    queues.forEach(this::startReaders);
    workers.await();
  }

  /** By the index at first, if there is one; what came to be later is for the scan to find. */
  private void findKeys(Node node, ChunkQueue queue) {
    SearchChoice search = selection.search();
    boolean first = searched.isEmpty();
    if (search != null && search.required() && !first) {
      throw new Unavailable(
          "Cannot read [%s]: another server took the place of the one that was searched. Run it again. [%s]"
              .formatted(spec.name(), servers.name()));
    }
    if (search == null || !first || !new NodeSearch(this, search, node, queue).isDone()) {
      new NodeScan(this, node, queue).run();
    }
  }

  /** An index was asked. */
  void searched(String index) {
    searched = index;
  }

  /** Keys one by one as chunks of the size that is asked for at a time. */
  private List<Chunk> joined(List<Chunk> single) {
    var joined = new ArrayList<Chunk>();
    int size = tuner.batchSize();
    for (int i = 0; i < single.size(); i += size) {
      List<Chunk> part = single.subList(i, Math.min(single.size(), i + size));
      joined.add(
          new Chunk(
              part.stream().map(chunk -> chunk.keys()[0]).toArray(byte[][]::new),
              part.stream().map(chunk -> chunk.position(0)).toArray()));
    }
    return joined;
  }

  private void fail(Throwable e) {
    boolean ours = e instanceof TarnException || e instanceof Error;
    out.fail(
        over || ours ? e : new IllegalStateException("Cannot read [%s]".formatted(spec.name()), e));
    stop();
  }

  private void stop() {
    over = true;
    queues.values().forEach(ChunkQueue::cancel);
    for (Link link : Set.copyOf(links)) {
      if (links.remove(link)) {
        link.close();
      }
    }
    redirected.forEach(Redirects::close);
    workers.interrupt();
  }

  private void report() {
    spec.options()
        .onReport()
        .accept(
            new ScanReport(
                spec.name(),
                counters.keys.sum(),
                counters.rows.sum(),
                counters.duplicates.sum(),
                counters.vanished.sum(),
                counters.otherType.sum(),
                counters.badValues.sum(),
                counters.bytes.sum(),
                counters.scanCalls.sum(),
                counters.reconnects.sum(),
                Duration.ofNanos(System.nanoTime() - start),
                complete,
                searched,
                tuner.batchSizeChosen(),
                tuner.connectionsChosen(),
                tuner.scanCountChosen()));
  }

  // ---- for whoever reads it

  /** Makes whoever waits for a batch fail. */
  void cancel() {
    fail(
        new LimitExceeded(
            "Cannot read [%s]: the query was stopped. Run it again.".formatted(spec.name())));
  }

  /** The next batch; null at the end. Safe for use by several threads. */
  @Nullable Batch next() {
    if (!workers.areThreads()) {
      read();
    }
    return out.take();
  }

  private synchronized void read() {
    if (!begun) {
      begun = true;
      workers.enter();
      coordinate();
    }
  }

  /** Ends it, and waits until its threads have ended too. */
  @Override
  public void close() {
    out.drop();
    stop();
    workers.stop();
  }
}
