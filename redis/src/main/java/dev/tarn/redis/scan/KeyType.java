package dev.tarn.redis.scan;

import dev.tarn.redis.wire.Command;
import java.util.List;

/** A type of keys. */
public enum KeyType {
  HASH("hash", "hashes", "redis_hashes"),
  STRING("string", "strings", "redis_strings"),
  JSON("ReJSON-RL", "JSON documents", "redis_json"),
  SET("set", "sets", "redis_sets"),
  LIST("list", "lists", "redis_lists"),
  SORTED_SET("zset", "sorted sets", "redis_sorted_sets"),
  STREAM("stream", "streams", "redis_streams"),
  TIME_SERIES("TSDB-TYPE", "time series", "redis_time_series");

  private final String server;
  private final String plural;
  private final String function;

  KeyType(String server, String plural, String function) {
    this.server = server;
    this.plural = plural;
    this.function = function;
  }

  /** What {@code TYPE} answers for such a key. */
  public String server() {
    return server;
  }

  /** What such keys are called. */
  public String plural() {
    return plural;
  }

  /** The table function in SQL. */
  public String function() {
    return function;
  }

  /** What reads such keys. */
  ValueReader reader(ScanSpec spec, List<ScanColumn> wanted, ReadBounds bounds) {
    boolean counts = Columns.haveNoValues(wanted);
    return switch (this) {
      case HASH -> new HashReader(wanted);
      case STRING -> new StringReader(wanted);
      case JSON -> new JsonReader(wanted);
      case SET ->
          counts
              ? new CountReader(Command.SCARD, Outcome.GONE, wanted, Span.ALL)
              : new SetReader(spec, wanted);
      case LIST ->
          counts
              ? new CountReader(Command.LLEN, Outcome.GONE, wanted, bounds.indexes())
              : new ListReader(wanted, bounds);
      case SORTED_SET ->
          counts
              ? new CountReader(Command.ZCARD, Outcome.GONE, wanted, bounds.indexes())
              : bounds.isOfRanks() || Columns.have(wanted, Role.RANK)
                  ? new RankReader(spec, wanted, bounds)
                  : new SortedSetReader(spec, wanted);
      case STREAM ->
          counts
              ? new CountReader(Command.XLEN, Outcome.UNSURE, wanted, Span.ALL)
              : new StreamReader(wanted, bounds);
      case TIME_SERIES -> new TimeSeriesReader(spec, wanted, bounds);
    };
  }

  /** Whether each of such keys may have columns of its own; those of the others are the same. */
  public boolean hasOwnColumns() {
    return this == HASH || this == STRING || this == JSON;
  }

  /** Whether search indexes can have such keys. */
  public boolean isIndexed() {
    return this == HASH || this == JSON;
  }

  /** Whether every server has such keys, without a module. */
  boolean isBuiltIn() {
    return this != JSON && this != TIME_SERIES;
  }

  /** Whether a key is one row, whatever it holds. */
  boolean isOneRow() {
    return this == HASH || this == STRING || this == JSON;
  }

  /** Whether what it holds has names, which become columns. */
  public boolean hasFields() {
    return this == HASH || this == JSON || this == STREAM;
  }
}
