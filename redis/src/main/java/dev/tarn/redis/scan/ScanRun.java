package dev.tarn.redis.scan;

import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.redis.ScanReport;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Servers;
import dev.tarn.spi.Batch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A scan while it runs: for each server one thread that asks for keys and some that read them, and
 * one that sees to it, in {@link Rounds}, that nothing is left out. Fingerprints make each key come
 * once. Whoever reads its batches closes it.
 */
final class ScanRun implements AutoCloseable {

  private static final int FEW_KEYS = 16;

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
  private final Rounds rounds;
  private boolean begun;
  private final long start = System.nanoTime();

  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Set<Redirects> redirected = ConcurrentHashMap.newKeySet();
  private volatile boolean withoutTransactions;
  private volatile boolean over;
  private volatile boolean complete;

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
    this.rounds = new Rounds(this, workers);
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

  Rounds rounds() {
    return rounds;
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
      rounds.cancel();
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
      rounds.startReaders();
    }
  }

  // ---- its course

  private void coordinate() {
    try {
      rounds.run();
      complete = !over && !hasEnoughRows();
      out.end();
    } catch (Throwable e) {
      fail(e);
    } finally {
      workers.end();
      report();
    }
  }

  private void fail(Throwable e) {
    boolean ours = e instanceof TarnException || e instanceof Error;
    out.fail(
        over || ours ? e : new IllegalStateException("Cannot read [%s]".formatted(spec.name()), e));
    stop();
  }

  private void stop() {
    over = true;
    rounds.cancel();
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
                rounds.searched(),
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
