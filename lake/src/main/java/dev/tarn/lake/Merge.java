package dev.tarn.lake;

import static dev.tarn.Columns.col;
import static dev.tarn.Columns.count;
import static dev.tarn.Columns.countDistinct;
import static dev.tarn.Columns.desc;
import static dev.tarn.Columns.left;
import static dev.tarn.Columns.lit;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.min;
import static dev.tarn.Columns.right;
import static dev.tarn.Columns.rowNumber;
import static dev.tarn.Columns.when;

import dev.tarn.Columns;
import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.Rows;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Expr;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSink;
import dev.tarn.io.FileSource;
import dev.tarn.io.ReadOptions;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.plan.JoinKind;
import dev.tarn.plan.Plan;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.TableScan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes into a dataset by key. Rows match where all key columns are the same; nulls are
 * the same, too. Exact at any size: what does not fit into memory spills. Columns that the changes
 * lack keep their value in rows that are updated, and are null in rows that are inserted. Immutable
 * but for the frame of changes, which is run once.
 */
public final class Merge {

  /** More keys than these are told to the files by their range alone. */
  private static final int LISTED_KEYS = 200;

  private static final String PREFIX = "__change_";
  private static final String ROW = "__tarn_row";
  private static final String COUNT = "__tarn_count";
  private static final String CHANGED = "__tarn_changed";
  private static final String MATCHED = "__tarn_matched";
  private static final String VALUES = "__tarn_values_";
  private static final String LOW = "__tarn_low_";
  private static final String HIGH = "__tarn_high_";

  private enum Verb {
    UPSERT,
    INSERT,
    UPDATE,
    DELETE
  }

  private final Dataset dataset;
  private final Frame changes;
  private final List<Option.OfWrite> options;
  private final List<String> keys;
  private final boolean lastWins;

  Merge(Dataset dataset, Frame changes, List<Option.OfWrite> options) {
    this(dataset, changes, options, List.of(), false);
  }

  private Merge(
      Dataset dataset,
      Frame changes,
      List<Option.OfWrite> options,
      List<String> keys,
      boolean lastWins) {
    this.dataset = dataset;
    this.changes = changes;
    this.options = options;
    this.keys = keys;
    this.lastWins = lastWins;
  }

  /** The columns that say which rows are the same. */
  public Merge on(String... columns) {
    return new Merge(dataset, changes, options, List.of(columns), lastWins);
  }

  /** Of several changes with one key, the last one in the frame's order counts. */
  public Merge lastWins() {
    return new Merge(dataset, changes, options, keys, true);
  }

  /**
   * Updates rows that are there, and inserts those that are not.
   *
   * @throws BadData when two changes have one key, unless the last wins
   */
  public MergeResult upsert() {
    return run(Verb.UPSERT);
  }

  /** Inserts rows whose key is not there yet. */
  public MergeResult insertNew() {
    return run(Verb.INSERT);
  }

  /** Updates rows whose key is there. */
  public MergeResult updateExisting() {
    return run(Verb.UPDATE);
  }

  /** Removes rows whose key is among the changes. */
  public MergeResult delete() {
    return run(Verb.DELETE);
  }

  private String doing() {
    return "merge into [%s]".formatted(dataset.name());
  }

  private MergeResult run(Verb verb) {
    requireKeys();
    if (options.contains(new Option.Evolve())) {
      new SchemaChange(dataset).evolveTo(changes.schema());
    }
    dataset.refreshed();
    String folder = LocalFileIO.path(dataset.table().location()) + "/staging/" + UUID.randomUUID();
    try {
      Staged staged = stage(folder);
      return staged.rows() == 0
          ? new MergeResult(Committed.nothing(dataset.head()).snapshot(), 0, 0, 0, 0)
          : Committer.retrying(() -> new Attempt(staged, verb).run());
    } finally {
      Folders.delete(folder);
    }
  }

  private void requireKeys() {
    if (keys.isEmpty()) {
      throw new InvalidRequest(
          "Cannot %s: no key is said. Say on(\"…\") with the columns that identify a row."
              .formatted(doing()));
    }
    for (String key : keys) {
      if (changes.columns().stream().noneMatch(key::equalsIgnoreCase)) {
        throw UnknownColumn.of("merge on", key, "the frame of changes", changes.columns());
      }
      if (dataset.schema().indexOf(key) < 0) {
        throw UnknownColumn.of(
            "merge on", key, "[" + dataset.name() + "]", dataset.schema().names());
      }
    }
  }

  // ---- the changes, once

  /**
   * The changes in a file of their own, as they are read more than once.
   *
   * @param frame the dataset's columns that the changes have, each key once, under a prefix
   * @param reach true for every row of the dataset that could match
   * @param folder for what is computed of them; gone when the merge has ended
   */
  private record Staged(Frame frame, List<String> columns, long rows, Expr reach, String folder) {}

  private Staged stage(String folder) {
    List<String> columns = givenColumns();
    var shaping =
        new Shaping(
            doing(),
            dataset.table().schema().caseInsensitiveSelect(columns),
            options.contains(new Option.TruncateNanos()));
    Frame numbered =
        Lake.call(
            doing(),
            () -> shaping.shape(changes).withColumns(rowNumber().over(Columns.allRows()).as(ROW)));
    String path = folder + "/changes.parquet";
    shaping.explaining(changes, () -> numbered.write(FileSink.of(FileFormat.PARQUET, path)));
    Frame file = parquet("changes", path);
    Frame once = lastWins ? lastOfEach(file) : uniqueKeys(file);
    Row survey = survey(file);
    return new Staged(
        prefixed(once, columns), columns, survey.longValue(COUNT), reach(file, survey), folder);
  }

  private Frame parquet(String name, String path) {
    ReadOptions own = ReadOptions.DEFAULT.checksums(ReadOptions.Checksums.NEVER); // just written
    var scan = new FileScan(FileFormat.PARQUET, List.of(path), own);
    return Frame.of(
        new Plan.Scan(new FileSource(name, dataset.engine().open(scan))), dataset.engine());
  }

  private static long number(Frame one) {
    return ((Number) Objects.requireNonNull(one.collect().value())).longValue();
  }

  /** The dataset's columns that the changes have, in its order and writing. */
  private List<String> givenColumns() {
    List<String> given = changes.columns();
    List<String> columns =
        dataset.schema().names().stream()
            .filter(name -> given.stream().anyMatch(name::equalsIgnoreCase))
            .toList();
    if (columns.size() < given.size()) {
      // fails, and says which column there is not
      new Shaping(doing(), dataset.table().schema(), false).shape(changes);
    }
    return columns;
  }

  private Frame lastOfEach(Frame file) {
    return file.distinctOn(keys, desc(ROW));
  }

  private Frame uniqueKeys(Frame file) {
    Rows twice =
        file.groupBy(keys.toArray())
            .agg(count().as(COUNT))
            .filter(col(COUNT).gt(1))
            .limit(1)
            .collect();
    for (Row row : twice) {
      String key =
          keys.stream()
              .map(name -> name + " = " + row.value(name))
              .collect(Collectors.joining(", "));
      throw new BadData(
          "Cannot %s: %s changes have the key %s. Say lastWins(), or make the keys unique before."
              .formatted(doing(), row.value(COUNT), key));
    }
    return file;
  }

  private static Frame prefixed(Frame frame, List<String> columns) {
    var prefixed = new ArrayList<Object>();
    columns.forEach(name -> prefixed.add(col(name).as(PREFIX + name)));
    prefixed.add(col(ROW));
    return frame.select(prefixed.toArray());
  }

  /** What one look at the changes says of them: how many, and of each key its values and bounds. */
  private Row survey(Frame file) {
    var all = new ArrayList<Expr>();
    all.add(count().as(COUNT));
    for (int i = 0; i < keys.size(); i++) {
      all.add(count(keys.get(i)).as(VALUES + i));
      all.add(min(keys.get(i)).as(LOW + i));
      all.add(max(keys.get(i)).as(HIGH + i));
    }
    return file.agg(all.toArray(Expr[]::new)).collect().row(0);
  }

  /** What is known of the keys, as a predicate over the dataset that its statistics can use. */
  private Expr reach(Frame file, Row survey) {
    Expr reach = null;
    for (int i = 0; i < keys.size(); i++) {
      Expr of = reach(file, survey, i);
      reach = reach == null ? of : reach.and(of);
    }
    return Objects.requireNonNull(reach);
  }

  private Expr reach(Frame file, Row survey, int i) {
    long values = survey.longValue(VALUES + i);
    boolean allDiffer = keys.size() == 1 && !lastWins;
    Rows some =
        allDiffer && values > LISTED_KEYS
            ? null
            : file.select(col(keys.get(i))).distinct().limit(LISTED_KEYS + 1L).collect();
    Expr reach =
        some != null && some.size() <= LISTED_KEYS
            ? listed(some, keys.get(i))
            : range(survey, i, keys.get(i));
    return values < survey.longValue(COUNT) ? reach.or(col(keys.get(i)).isNull()) : reach;
  }

  private static Expr listed(Rows some, String key) {
    var values = new ArrayList<Object>();
    for (Row row : some) {
      Object value = row.value(0);
      if (value != null) {
        values.add(value);
      }
    }
    if (values.isEmpty()) {
      return lit(false);
    }
    return isPlain(values.getFirst()) ? col(key).in(values) : lit(true);
  }

  private static Expr range(Row survey, int i, String key) {
    Object low = survey.value(LOW + i);
    Object high = survey.value(HIGH + i);
    return low == null || high == null || !isPlain(low) ? lit(true) : col(key).between(low, high);
  }

  /** Whether a value can stand in a predicate; floats cannot, as NaN is in no range. */
  private static boolean isPlain(Object value) {
    return !(value instanceof Double
        || value instanceof Float
        || value instanceof Collection<?>
        || value instanceof Map<?, ?>
        || value instanceof byte[]);
  }

  // ---- one attempt, on one version

  private final class Attempt {
    private final Staged staged;
    private final Verb verb;
    private final RowChanges rows = new RowChanges(dataset);
    private final @Nullable Snapshot base;

    Attempt(Staged staged, Verb verb) {
      this.staged = staged;
      this.verb = verb;
      this.base = dataset.head();
    }

    MergeResult run() {
      Found found = base == null || verb == Verb.INSERT ? Found.NOTHING : find(base);
      Collection<DataFile> touched = files(found.touched());
      DataWriter.Written files = write(found, touched);
      if (touched.isEmpty() && files.dataFiles().isEmpty()) {
        return new MergeResult(Committed.nothing(base).snapshot(), 0, 0, found.matched(), 0);
      }
      long before = rowsOf(touched);
      Committed committed =
          rows.commit("merge into", base, touched, files, rows.conflicts(staged.reach()));
      return result(committed.snapshot(), found, files.rows() - before);
    }

    /** Files of other writers can have rows that are deleted though they hold them. */
    private long rowsOf(Collection<DataFile> touched) {
      if (base == null || touched.isEmpty()) {
        return 0;
      }
      return "0".equals(base.summary().getOrDefault("total-delete-files", "0"))
          ? touched.stream().mapToLong(DataFile::recordCount).sum()
          : number(rows.only(base, touched).select(count()));
    }

    private MergeResult result(long snapshot, Found found, long more) {
      return switch (verb) {
        case UPSERT, INSERT, UPDATE ->
            new MergeResult(snapshot, more, found.changed(), found.matched() - found.changed(), 0);
        case DELETE -> new MergeResult(snapshot, 0, 0, 0, -more);
      };
    }

    private Collection<DataFile> files(Set<String> paths) {
      if (base == null || paths.isEmpty()) {
        return List.of();
      }
      Map<String, DataFile> all = rows.files(base);
      return paths.stream().map(path -> Objects.requireNonNull(all.get(path), path)).toList();
    }

    /** Which files hold rows that match, and rows that would change. */
    private Found find(Snapshot version) {
      List<String> others = others();
      Frame target =
          Frame.of(new Plan.Scan(dataset.current(version).withPositions()), dataset.engine())
              .filter(staged.reach());
      var wanted = new ArrayList<Object>();
      keys.forEach(wanted::add);
      if (verb != Verb.DELETE) {
        wanted.addAll(others);
      }
      wanted.add(TableScan.FILE);
      // which change meets which file is kept: what is new needs no second look at the dataset
      String path = staged.folder() + "/matches-" + UUID.randomUUID() + ".parquet";
      target
          .select(wanted.toArray())
          .join(JoinKind.INNER, staged.frame(), sameKey())
          .select(
              col(TableScan.FILE),
              col(ROW),
              (verb == Verb.DELETE ? lit(true) : differs(others)).as(CHANGED))
          .write(FileSink.of(FileFormat.PARQUET, path));
      Frame matches = parquet("matches", path);
      var files = new HashMap<String, long[]>();
      Frame counts =
          matches
              .groupBy(TableScan.FILE)
              .agg(count().as(COUNT), count().where(col(CHANGED)).as(CHANGED));
      for (Row row : counts.collect()) {
        files.put(
            String.valueOf(row.value(TableScan.FILE)),
            new long[] {row.longValue(COUNT), row.longValue(CHANGED)});
      }
      return new Found(files, matches.select(col(ROW).as(MATCHED)));
    }

    /** Columns that the changes may give another value. */
    private List<String> others() {
      return staged.columns().stream()
          .filter(name -> keys.stream().noneMatch(name::equalsIgnoreCase))
          .toList();
    }

    private Expr differs(List<String> columns) {
      Expr differs = lit(false);
      for (String name : columns) {
        differs = differs.or(col(name).different(col(PREFIX + name)));
      }
      return differs;
    }

    /** Dataset on the left, changes on the right. */
    private Expr sameKey() {
      return sameKey(name -> left(name).same(right(PREFIX + name)));
    }

    private Expr sameKey(Function<String, Expr> same) {
      return staged.columns().stream()
          .filter(name -> keys.stream().anyMatch(name::equalsIgnoreCase))
          .map(same)
          .reduce(Expr::and)
          .orElseThrow();
    }

    /** Writes the rows that take the place of the touched files, and those that are new. */
    private DataWriter.Written write(Found found, Collection<DataFile> touched) {
      var frames = new ArrayList<Frame>();
      for (Collection<DataFile> some : bins(touched)) {
        frames.add(rewritten(some));
      }
      if ((verb == Verb.UPSERT && !found.matchesAll(staged.rows())) || verb == Verb.INSERT) {
        Frame inserted = inserted(found);
        frames.add(frames.isEmpty() ? inserted : frames.removeLast().union(inserted));
      }
      DataWriter.Written all = DataWriter.Written.NOTHING;
      try {
        for (Frame frame : frames) {
          all = all.and(rows.write("merge into", frame));
        }
        return all;
      } catch (RuntimeException | Error e) {
        all.remove();
        throw e;
      }
    }

    /**
     * Files for each file that is written, as the engine writes one at its full speed. Not where a
     * look at all changes for each would cost more than that saves.
     */
    private List<List<DataFile>> bins(Collection<DataFile> touched) {
      if (touched.isEmpty()) {
        return List.of();
      }
      List<List<DataFile>> bins = rows.bins(touched);
      long all = touched.stream().mapToLong(DataFile::recordCount).sum();
      return staged.rows() * bins.size() > all ? List.of(List.copyOf(touched)) : bins;
    }

    private Frame rewritten(Collection<DataFile> touched) {
      Frame old = rows.only(Objects.requireNonNull(base), touched);
      if (verb == Verb.DELETE) {
        return old.join(JoinKind.ANTI, staged.frame(), sameKey());
      }
      Set<String> others = new LinkedHashSet<>(others());
      Frame joined =
          old.join(JoinKind.LEFT, staged.frame().withColumns(lit(true).as(MATCHED)), sameKey());
      Expr isMatched = col(MATCHED).isNotNull();
      return joined.select(
          old.columns().stream()
              .map(name ->
                  others.contains(name)
                      ? when(isMatched).then(col(PREFIX + name)).otherwise(col(name)).as(name)
                      : col(name).as(name))
              .toArray());
    }

    private Frame inserted(Found found) {
      Frame fresh = staged.frame();
      Frame matches = found.matches();
      if (matches != null) {
        fresh = fresh.join(JoinKind.ANTI, matches, left(ROW).eq(right(MATCHED)));
      } else if (base != null) {
        Frame target =
            Frame.of(new Plan.Scan(dataset.current(base)), dataset.engine())
                .filter(staged.reach())
                .select(keys.toArray());
        fresh =
            fresh.join(
                JoinKind.ANTI, target, sameKey(name -> left(PREFIX + name).same(right(name))));
      }
      Object[] columns =
          staged.columns().stream().map(name -> col(PREFIX + name).as(name)).toArray();
      return new Shaping(doing(), dataset.table().schema(), false).shape(fresh.select(columns));
    }
  }

  /**
   * Rows that match, and rows that would change, by the path of their file.
   *
   * @param matches the numbers of the changes that match; null where that was not asked
   */
  private record Found(Map<String, long[]> files, @Nullable Frame matches) {
    static final Found NOTHING = new Found(Map.of(), null);

    /** Not by the rows that match alone: a dataset can have a key twice. */
    boolean matchesAll(long staged) {
      return matches != null
          && matched() >= staged
          && number(matches.select(countDistinct(MATCHED))) == staged;
    }

    long matched() {
      return files.values().stream().mapToLong(counts -> counts[0]).sum();
    }

    long changed() {
      return files.values().stream().mapToLong(counts -> counts[1]).sum();
    }

    Set<String> touched() {
      return files.entrySet().stream()
          .filter(entry -> entry.getValue()[1] > 0)
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }
  }
}
