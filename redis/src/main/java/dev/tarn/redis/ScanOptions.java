package dev.tarn.redis;

import dev.tarn.error.InvalidRequest;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How keys are scanned. Immutable.
 *
 * @param keyColumn what the column with the key is called; empty for none
 * @param ttlColumn what the column with the seconds that a key has left is called; empty for none.
 *     BIGINT, rounded up; null where the key does not expire.
 * @param rowIndex what the column with a number of each row from 0 is called; empty for none
 * @param scoreColumn what the column with the score of a search is called; empty for none
 * @param batchSize keys that are asked for at a time; empty to find out while it runs
 * @param connections to each server; empty to find out while it runs
 * @param onBadValue what happens to a value that is none of its column's type
 * @param unique whether a key that {@code SCAN} returns twice is left out the second time, which
 *     takes memory for each key
 * @param memory bytes of values that may be in flight or wait for the engine, about; one value may
 *     be larger
 * @param formats of columns, by name, whose values are not written in ISO 8601
 * @param paths of columns of JSON documents, by name, that are not the members of their names
 * @param sample keys that are looked at where the schema is left out
 * @param index the only search index that filters may use; empty for whichever is found
 * @param indexUpTo the share of an index' documents, 0 to 1, up to which filters use it; empty to
 *     choose by what it would cost
 * @param onReport told how a scan went, when it has ended
 */
public record ScanOptions(
    Optional<String> keyColumn,
    Optional<String> ttlColumn,
    Optional<String> rowIndex,
    Optional<String> scoreColumn,
    OptionalInt batchSize,
    OptionalInt connections,
    BadValue onBadValue,
    boolean unique,
    long memory,
    Map<String, ValueFormat> formats,
    Map<String, String> paths,
    int sample,
    Optional<String> index,
    OptionalDouble indexUpTo,
    Consumer<ScanReport> onReport) {

  /** {@code _key} alone; all else found out; bad values fail; each key once; 64 MiB in flight. */
  public static final ScanOptions DEFAULT =
      new ScanOptions(
          Optional.of("_key"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          BadValue.FAIL,
          true,
          64L << 20,
          Map.of(),
          Map.of(),
          1000,
          Optional.empty(),
          OptionalDouble.empty(),
          report -> {});

  public ScanOptions {
    formats = byName(formats);
    paths = byName(paths);
    requireBetween("batch size", batchSize.orElse(1), 1, 100_000);
    requireBetween("number of connections", connections.orElse(1), 1, 64);
    requireBetween("sample", sample, 1, 10_000_000);
    double share = indexUpTo.orElse(1);
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidRequest(
          "Cannot use an index up to a share of %s. Give 0 to 1.".formatted(share));
    }
    if (memory < 1 << 20) {
      throw new InvalidRequest(
          "Cannot scan Redis with %d bytes in flight. Give 1 MiB or more.".formatted(memory));
    }
  }

  private static <T> Map<String, T> byName(Map<String, T> given) {
    var byName = new TreeMap<String, T>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(given);
    return Collections.unmodifiableMap(byName);
  }

  private static void requireBetween(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidRequest(
          "Cannot scan Redis with a %s of %d. Give %d to %,d.".formatted(what, value, least, most));
    }
  }

  public ScanOptions keyColumn(String name) {
    return with(draft -> draft.keyColumn = Optional.of(name));
  }

  /** Leaves the key out. */
  public ScanOptions withoutKey() {
    return with(draft -> draft.keyColumn = Optional.empty());
  }

  public ScanOptions ttlColumn(String name) {
    return with(draft -> draft.ttlColumn = Optional.of(name));
  }

  public ScanOptions rowIndex(String name) {
    return with(draft -> draft.rowIndex = Optional.of(name));
  }

  /**
   * Adds a column with the score of each row, of hashes and JSON documents. DOUBLE: how well the
   * row fits, as the server computes it for {@link Redis#search} and for {@link
   * dev.tarn.Columns#matches}; for {@link dev.tarn.Columns#nearest} the distance. Null where
   * neither found the row.
   */
  public ScanOptions scoreColumn(String name) {
    return with(draft -> draft.scoreColumn = Optional.of(name));
  }

  /** Asks for so many keys at a time, whatever the server and the network would allow. */
  public ScanOptions batchSize(int keys) {
    return with(draft -> draft.batchSize = OptionalInt.of(keys));
  }

  /** Reads over so many connections to each server. */
  public ScanOptions connections(int count) {
    return with(draft -> draft.connections = OptionalInt.of(count));
  }

  public ScanOptions onBadValue(BadValue what) {
    return with(draft -> draft.onBadValue = what);
  }

  /** Keeps keys that {@code SCAN} returns twice, and takes no memory for keys that were seen. */
  public ScanOptions allowDuplicates() {
    return with(draft -> draft.unique = false);
  }

  /** Bytes of values that may be in flight. */
  public ScanOptions memory(long bytes) {
    return with(draft -> draft.memory = bytes);
  }

  /**
   * Reads dates or times of a column by a pattern of {@link java.time.format.DateTimeFormatter}.
   */
  public ScanOptions pattern(String column, String pattern) {
    return format(column, new ValueFormat.Pattern(pattern));
  }

  /** Reads dates or times of a column as whole units since 1970-01-01 00:00 UTC. */
  public ScanOptions epoch(String column, ChronoUnit unit) {
    return format(column, new ValueFormat.Epoch(unit));
  }

  private ScanOptions format(String column, ValueFormat format) {
    var more = new TreeMap<>(formats);
    more.put(column, format);
    return with(draft -> draft.formats = more);
  }

  /**
   * Reads a column of JSON documents from where a path leads, {@code $.address.city} or {@code
   * $["first line"][0]}, and not from the member of its name. It leads to one place: it has no
   * wildcards. Null where nothing is there.
   */
  public ScanOptions path(String column, String path) {
    var more = new TreeMap<>(paths);
    more.put(column, path);
    return with(draft -> draft.paths = more);
  }

  /** Looks at so many keys where the schema is left out. */
  public ScanOptions sample(int keys) {
    return with(draft -> draft.sample = keys);
  }

  /**
   * Filters may use this search index and no other. An index of version 1 of the search module is
   * used only if it is named: whoever names it says that it has all the keys that are scanned, and
   * their values as they are.
   */
  public ScanOptions index(String name) {
    return with(draft -> draft.index = Optional.of(name));
  }

  /** Filters use no search index. */
  public ScanOptions withoutIndex() {
    return indexUpTo(0);
  }

  /** Filters use a search index up to this share of its documents, 0 to 1, whatever it costs. */
  public ScanOptions indexUpTo(double share) {
    return with(draft -> draft.indexUpTo = OptionalDouble.of(share));
  }

  /** Is told how each scan went. Called by a thread of the scan. */
  public ScanOptions onReport(Consumer<ScanReport> listener) {
    return with(draft -> draft.onReport = listener);
  }

  private ScanOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** The same, to be changed. */
  private static final class Draft {
    private Optional<String> keyColumn;
    private Optional<String> ttlColumn;
    private Optional<String> rowIndex;
    private Optional<String> scoreColumn;
    private OptionalInt batchSize;
    private OptionalInt connections;
    private BadValue onBadValue;
    private boolean unique;
    private long memory;
    private Map<String, ValueFormat> formats;
    private Map<String, String> paths;
    private int sample;
    private Optional<String> index;
    private OptionalDouble indexUpTo;
    private Consumer<ScanReport> onReport;

    Draft(ScanOptions from) {
      keyColumn = from.keyColumn;
      ttlColumn = from.ttlColumn;
      rowIndex = from.rowIndex;
      scoreColumn = from.scoreColumn;
      batchSize = from.batchSize;
      connections = from.connections;
      onBadValue = from.onBadValue;
      unique = from.unique;
      memory = from.memory;
      formats = from.formats;
      paths = from.paths;
      sample = from.sample;
      index = from.index;
      indexUpTo = from.indexUpTo;
      onReport = from.onReport;
    }

    ScanOptions options() {
      return new ScanOptions(
          keyColumn,
          ttlColumn,
          rowIndex,
          scoreColumn,
          batchSize,
          connections,
          onBadValue,
          unique,
          memory,
          formats,
          paths,
          sample,
          index,
          indexUpTo,
          onReport);
    }
  }
}
