package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import dev.tarn.plan.Plan;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.write.TimeToLive;
import dev.tarn.redis.write.ValueKind;
import dev.tarn.redis.write.WriteRun;
import dev.tarn.redis.write.WriteSpec;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Sink;
import dev.tarn.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Keys to write a frame to, made by {@link Redis#toHashes} and its siblings. Immutable; each method
 * returns a new one.
 *
 * <p><b>Keys</b> are the prefix and the values of the key's columns, which are not written as
 * values. A null in one of them fails the row. Of hashes, documents and strings each row is a key,
 * the last one of a key wins; of sets, lists, sorted sets and streams rows of the same key are its
 * elements, wherever they come in the frame, which is sorted for that.
 *
 * <p><b>Values</b> are text such as a scan reads back: numbers in the fewest digits that tell them
 * apart, decimals in full, dates and times in ISO 8601, moments in UTC, {@code true} and {@code
 * false}, bytes as they are, lists, structs and maps as JSON. A null field is left out, or removed
 * by {@link IfExists#MERGE}; a null element is left out. A key without any value is not there. Of
 * numbers RedisJSON keeps integers of 64 bits and doubles: a document with one that it would change
 * is not written, nor one of more than 127 levels.
 *
 * <p><b>Each key is written as a whole</b>, with its time to live: others see it as it was, or as
 * it is then, whatever is killed; what {@link IfExists#MERGE} adds to a key of more than some MiB
 * comes in parts. The write as a whole is not one step. Where a connection breaks, what was not
 * acknowledged is sent again if that can do no harm, or looked for; only what cannot be found out
 * is reported as uncertain: elements that MERGE adds to lists, and to streams that are there
 * already; keys that KEEP and FAIL find there, unless they are as they were to be; and lists that
 * they do not find, for one that others have emptied is no key. A key that is sent in parts fails
 * where its connection breaks.
 *
 * <p>{@link IfExists#KEEP} and {@link IfExists#FAIL} take the permission to run scripts, but for
 * strings; so does MERGE with a time to live. All else that takes more than one command for a key
 * takes the permission to use MULTI and EXEC, which is asked for before the first such key.
 */
public final class RedisSink implements Sink {

  /** 32 MiB. */
  private static final long MEMORY = 32L << 20;

  private static final long LEAST_MEMORY = 1 << 20;
  private static final int MOST_CONNECTIONS = 64;

  private final Servers servers;
  private final WriteSpec spec;
  private final Consumer<WriteReport> onReport;
  private final boolean fails;

  private RedisSink(
      Servers servers, WriteSpec spec, Consumer<WriteReport> onReport, boolean fails) {
    this.servers = servers;
    this.spec = spec;
    this.onReport = onReport;
    this.fails = fails;
  }

  static RedisSink of(Servers servers, ValueKind kind, String prefix) {
    Optional<String> order = kind == ValueKind.SORTED_SET ? Optional.of("score") : Optional.empty();
    var spec =
        new WriteSpec(
            kind,
            prefix,
            List.of(),
            ":",
            Optional.empty(),
            Optional.empty(),
            IfExists.REPLACE,
            Optional.empty(),
            order,
            OptionalInt.empty(),
            MEMORY);
    return new RedisSink(servers, spec, report -> {}, true);
  }

  private RedisSink with(UnaryOperator<Draft> change) {
    return new RedisSink(servers, change.apply(new Draft(spec)).spec(), onReport, fails);
  }

  /** Columns whose values, after the prefix, make the key. */
  public RedisSink key(String... columns) {
    if (columns.length == 0) {
      throw new InvalidRequest("Cannot write to Redis without a key. Name its columns.");
    }
    return with(draft -> draft.key(List.of(columns)));
  }

  /**
   * What stands between the values of several key columns; a colon unless said. All of the values
   * but the last may not contain it.
   */
  public RedisSink separator(String text) {
    return with(draft -> draft.separator(text));
  }

  /**
   * How long each key lives from when it is written; takes the place of a column that says so.
   *
   * @throws InvalidRequest when it is less than a millisecond, or more than some 73 million years
   */
  public RedisSink ttl(Duration time) {
    TimeToLive.require(time, "write to Redis with a time to live of");
    return with(draft -> draft.ttl(Optional.of(time), Optional.empty()));
  }

  /**
   * The column that says how many seconds each key lives; null for no end. Of the rows of one key
   * the last that is not null. It is not written as a value.
   */
  public RedisSink ttlColumn(String column) {
    return with(draft -> draft.ttl(Optional.empty(), Optional.of(column)));
  }

  /** What to do with keys that are there; REPLACE unless said. */
  public RedisSink ifExists(IfExists mode) {
    return with(draft -> draft.ifExists(mode));
  }

  /**
   * The column with the string, the member or the element; the only one left unless said. For
   * hashes, documents and streams the only field.
   */
  public RedisSink value(String column) {
    return with(draft -> draft.value(column));
  }

  /** Sorted sets: the column with the score; {@code score} unless said. */
  public RedisSink score(String column) {
    return ordered(ValueKind.SORTED_SET, column);
  }

  /** Lists: the column by which elements are ordered; in the frame's order unless said. */
  public RedisSink position(String column) {
    return ordered(ValueKind.LIST, column);
  }

  /**
   * Streams: the column with the entries' ids, {@code 5-1}, which must grow within each key in the
   * frame's order; unless said the server gives them.
   */
  public RedisSink id(String column) {
    return ordered(ValueKind.STREAM, column);
  }

  private RedisSink ordered(ValueKind kind, String column) {
    if (spec.kind() != kind) {
      throw new InvalidRequest(
          "Cannot write to [%s] by column %s: scores are for sorted sets, positions for lists, ids for streams."
              .formatted(spec.name(), column));
    }
    return with(draft -> draft.order(column));
  }

  /** Writes over so many connections to each server; 2 unless said. */
  public RedisSink connections(int count) {
    if (count < 1 || count > MOST_CONNECTIONS) {
      throw new InvalidRequest(
          "Cannot write to Redis over %d connections. Give 1 to %d."
              .formatted(count, MOST_CONNECTIONS));
    }
    return with(draft -> draft.connections(count));
  }

  /** Bytes that may be under way, about; one value may be larger. 32 MiB unless said. */
  public RedisSink memory(long bytes) {
    if (bytes < LEAST_MEMORY) {
      throw new InvalidRequest(
          "Cannot write to Redis with %d bytes under way. Give 1 MiB or more.".formatted(bytes));
    }
    return with(draft -> draft.memory(bytes));
  }

  /** Told how a write went when it has ended, however it did, before an error is thrown. */
  public RedisSink onReport(Consumer<WriteReport> listener) {
    return new RedisSink(servers, spec, listener, fails);
  }

  /** Keys that could not be written are reported, and are no error. */
  public RedisSink reportFailures() {
    return new RedisSink(servers, spec, onReport, false);
  }

  /**
   * Runs the plan and writes its rows.
   *
   * @return rows of the keys, no files, and the bytes that were sent
   * @throws dev.tarn.error.BadData when a key could not be written because of what is in it, or in
   *     Redis; the others are written
   * @throws dev.tarn.error.Unavailable when servers are out of reach, full, or deny it
   */
  @Override
  public WriteResult write(Plan plan, Engine engine, RunOptions options) {
    if (spec.key().isEmpty()) {
      throw new InvalidRequest(
          "Cannot write to [%s] without a key. Say key(\"column\").".formatted(spec.name()));
    }
    var run = new WriteRun(servers, spec);
    WriteReport report = run.write(plan, engine, options, onReport);
    if ((fails && !report.isSuccess()) || !report.complete()) {
      throw run.error(report);
    }
    return new WriteResult(report.rows(), 0, report.bytes());
  }

  /** What it writes to. */
  @Override
  public String toString() {
    return spec.name();
  }
}
