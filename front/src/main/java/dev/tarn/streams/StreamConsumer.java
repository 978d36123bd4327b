package dev.tarn.streams;

import static dev.tarn.lake.Options.cursor;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.CommitConflict;
import dev.tarn.error.Unavailable;
import dev.tarn.io.BatchSource;
import dev.tarn.lake.Dataset;
import dev.tarn.plan.Plan;
import dev.tarn.redis.EntryRows;
import dev.tarn.redis.RedisStream;
import dev.tarn.redis.StreamEntry;
import dev.tarn.spi.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends the entries of a stream to a dataset, each exactly once, whatever is killed.
 *
 * <p>The dataset keeps the id of the last entry that it holds, in the same commit as the rows: its
 * cursor, one for each stream and group. Entries are appended in the order of their ids without a
 * gap, so that those up to the cursor are in the dataset and those after it are not. The group is
 * there for acknowledgement: entries are taken from it and stay pending until the commit, and then
 * all up to the cursor are acknowledged, whichever consumer they were pending at. What a consumer
 * that died was given and did not commit lies after the cursor, and is read again by its id; it
 * need not be claimed.
 *
 * <p>A commit takes place only if the cursor is where it was read. Of several processes with the
 * same group one is first and the others go on from its cursor: they stand by rather than share the
 * work. A dataset that is rolled back takes its cursor along; entries are consumed again if the
 * stream still has them.
 *
 * <p>Runs on the calling thread; {@link #stop} may come from any. Closing frees the connections.
 */
public final class StreamConsumer implements AutoCloseable {

  private static final int FIRST_COUNT = 100;
  private static final int MOST_COUNT = 10_000;

  /** The id before the first. */
  private static final String NONE = "0-0";

  private static final Duration WAIT = Duration.ofMillis(250);

  /** How many times the time between commits another consumer has to commit what it was given. */
  private static final int PATIENCE = 2;

  private final RedisStream stream;
  private final Dataset dataset;
  private final Engine engine;
  private final ConsumeOptions options;
  private final String source;
  private final String consumer = "tarn-" + UUID.randomUUID();
  private final List<StreamEntry> entries = new ArrayList<>();

  private Optional<String> cursor = Optional.empty();
  private @Nullable String catchUpTo;

  /** What the group was given after the cursor, to whomever, and since when that is known. */
  private @Nullable String awaited;

  private long awaitedSince;
  private long bytes;
  private long since;
  private int count = FIRST_COUNT;
  private volatile boolean stopped;

  private long rows;
  private long commits;
  private long skipped;
  private long conflicts;

  /** The stream becomes the consumer's, which closes it. */
  public StreamConsumer(
      RedisStream stream, Dataset dataset, Engine engine, ConsumeOptions options) {
    this.stream = stream;
    this.dataset = dataset;
    this.engine = engine;
    this.options = options;
    this.source = "redis:%s:%s".formatted(stream.key(), options.group());
  }

  /**
   * Consumes until it is stopped; what was read is committed before it returns.
   *
   * @throws BadData when an entry is malformed and such are not to be skipped; those before it are
   *     in the dataset. Also when the stream was made anew with ids that the dataset is past
   */
  public ConsumeReport run() {
    start();
    while (!stopped) {
      step(WAIT);
    }
    commit();
    leave();
    return report();
  }

  /** Consumes what is there, and returns when there is no more. */
  public ConsumeReport drain() {
    start();
    while (!stopped && (step(Duration.ZERO) || !entries.isEmpty())) {
      if (entries.isEmpty()) {
        continue;
      }
      if (!step(Duration.ZERO)) {
        commit();
      }
    }
    commit();
    leave();
    return report();
  }

  /** Ends {@link #run}, once what it has read is committed. */
  public void stop() {
    stopped = true;
  }

  public ConsumeReport report() {
    return new ConsumeReport(rows, commits, skipped, conflicts);
  }

  /** A group that is made is given what the dataset does not have; of an empty stream, all. */
  private void start() {
    forget();
    String lastId = checkedLastId();
    stream.ensureGroup(options.group(), RedisStream.isAfter(last(), lastId) ? lastId : last());
    catchUpTo = stream.lastDelivered(options.group());
    cursor.ifPresent(id -> stream.acknowledge(options.group(), id));
  }

  /** What the group was given and the dataset does not have is read by its id. */
  private void restart() {
    forget();
    checkedLastId();
    catchUpTo = stream.lastDelivered(options.group());
  }

  private void forget() {
    entries.clear();
    bytes = 0;
    awaited = null;
    cursor = dataset.cursor(source);
  }

  private String last() {
    return entries.isEmpty() ? cursor.orElse(NONE) : entries.getLast().id();
  }

  /**
   * The highest id of the stream. Where that is before what the dataset has, and not of an empty
   * stream that waits for its first entry, the stream is another than it was, and its entries are
   * not those that the dataset has.
   */
  private String checkedLastId() {
    String lastId = stream.lastId();
    if (RedisStream.isAfter(last(), lastId) && !lastId.equals(NONE)) {
      throw new BadData(
          "Cannot append entries to [%s]: it is at %s, and the stream's last id is %s, so the stream was made anew or has lost its end. Consume with another group, which begins at the first entry, or give entries later ids. [redis stream %s]"
              .formatted(dataset.name(), last(), lastId, stream.key()));
    }
    return lastId;
  }

  /** Takes some entries, and commits when there are enough. False when there were none. */
  private boolean step(Duration wait) {
    List<StreamEntry> some = next(wait);
    if (!some.isEmpty() && entries.isEmpty()) {
      since = System.nanoTime();
    }
    entries.addAll(some);
    long size = some.stream().mapToLong(StreamEntry::bytes).sum();
    bytes += size;
    adapt(some.size(), size);
    boolean late = System.nanoTime() - since >= options.every().toNanos();
    if (entries.size() >= options.rows() || bytes >= options.bytes() || late) {
      commit();
    }
    return !some.isEmpty();
  }

  /** The next entries may be as large as the largest of these were on average. */
  private void adapt(int entriesRead, long size) {
    if (entriesRead > 0) {
      long fitting = options.bytes() / 4 / Math.max(1, size / entriesRead);
      count = Math.clamp(Math.min(count * 2L, fitting), 1, MOST_COUNT);
    }
  }

  private List<StreamEntry> next(Duration wait) {
    while (!stopped) {
      int wanted = Math.min(count, options.rows() - entries.size());
      List<StreamEntry> missed = catchUp(wanted);
      if (!missed.isEmpty()) {
        return missed;
      }
      List<StreamEntry> some = stream.read(options.group(), consumer, wanted, wait);
      if (some.isEmpty()) {
        return entries.isEmpty() ? leftBehind(wanted, wait) : some;
      }
      awaited = null;
      if (!RedisStream.isAfter(some.getLast().id(), last())) {
        passOver();
      } else if (isGapBefore(some.getFirst().id())) {
        catchUpTo = some.getLast().id();
      } else {
        return some;
      }
    }
    return List.of();
  }

  private List<StreamEntry> catchUp(int wanted) {
    if (catchUpTo == null) {
      return List.of();
    }
    List<StreamEntry> some = stream.between(last(), catchUpTo, wanted);
    catchUpTo = some.isEmpty() ? null : catchUpTo;
    return some;
  }

  /** A group that was made anew gives what the dataset has again; a stream that was does not. */
  private void passOver() {
    commit();
    checkedLastId();
    cursor.ifPresent(id -> stream.acknowledge(options.group(), id));
  }

  /**
   * What the group was given and nobody commits: entries of a consumer that died, or those of an
   * answer that was lost. They are read by their ids; who does not want to wait does not wait for
   * another consumer that may be about to commit.
   */
  private List<StreamEntry> leftBehind(int wanted, Duration wait) {
    String given = stream.lastDelivered(options.group());
    if (RedisStream.isAfter(last(), given)) {
      checkedLastId();
    }
    if (!RedisStream.isAfter(given, last())) {
      awaited = null;
      return List.of();
    }
    if (!given.equals(awaited)) {
      awaited = given;
      awaitedSince = System.nanoTime();
    }
    long patience = wait.isZero() ? 0 : PATIENCE * options.every().toNanos();
    if (System.nanoTime() - awaitedSince < patience) {
      return List.of();
    }
    restart();
    return catchUp(wanted);
  }

  /** Whether another consumer of the group was given entries in between. */
  private boolean isGapBefore(String id) {
    return !RedisStream.isAfter(id, last())
        || stream.before(id).filter(before -> RedisStream.isAfter(before, last())).isPresent();
  }

  private void commit() {
    if (entries.isEmpty()) {
      return;
    }
    EntryRows read = EntryRows.of(entries, dataset.schema(), dataset.requiredColumns());
    if (!read.malformed().isEmpty() && !mayBeSkipped(read)) {
      return;
    }
    String to = last();
    try {
      var batch = new BatchSource(stream.key(), read.batch().schema(), List.of(read.batch()));
      dataset.append(Frame.of(new Plan.Scan(batch), engine), cursor(source, cursor, to));
    } catch (CommitConflict e) {
      conflicts++;
      restart();
      return;
    }
    rows += read.batch().size();
    skipped += read.malformed().size();
    commits++;
    cursor = Optional.of(to);
    entries.clear();
    bytes = 0;
    stream.acknowledge(options.group(), to);
  }

  /**
   * Where such are an error, what comes before the first is committed, and then it is thrown. False
   * when another consumer committed first: then it is for the next commit to say.
   */
  private boolean mayBeSkipped(EntryRows read) {
    if (options.skipped() != null) {
      read.malformed().forEach(options.skipped());
      return true;
    }
    EntryRows.Malformed first = read.malformed().getFirst();
    int index = entries.indexOf(first.entry());
    entries.subList(index, entries.size()).clear();
    long before = conflicts;
    commit();
    if (conflicts > before) {
      return false;
    }
    throw new BadData(
        "Cannot append entry %s to [%s]: %s. Say skipMalformed(…), or delete the entry. [redis stream %s]"
            .formatted(first.entry().id(), dataset.name(), first.reason(), stream.key()));
  }

  /** The group would keep the name of each consumer that there ever was. */
  private void leave() {
    try {
      stream.leave(options.group(), consumer);
    } catch (Unavailable e) { // all is committed, and a name that stays does no harm
      System.getLogger(StreamConsumer.class.getName())
          .log(System.Logger.Level.DEBUG, "Cannot leave the group of a stream", e);
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
