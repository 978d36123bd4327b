package dev.tarn.lake;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.TableSource;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Version;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * A versioned table. Every change is one commit, which is there whole or not at all, whatever is
 * killed; readers keep the version they started with. Safe for use by several threads and, by way
 * of its catalog, several processes; owns nothing.
 *
 * <p><b>Isolation.</b> Queries see one version (snapshot isolation). Appends never conflict. A
 * merge, an update, a delete or an overwrite by predicate that another writer's commit could have
 * changed is done anew on the newer version (serializable), and ends as {@link
 * dev.tarn.error.CommitConflict} when others keep winning. An overwrite of all takes the place of
 * whatever is there when it commits.
 */
public final class Dataset {

  private final Lake lake;
  private final String name;
  private final Table table;
  private final String branch;

  Dataset(Lake lake, String name, Table table) {
    this(lake, name, table, SnapshotRef.MAIN_BRANCH);
  }

  private Dataset(Lake lake, String name, Table table, String branch) {
    this.lake = lake;
    this.name = name;
    this.table = table;
    this.branch = branch;
  }

  /** As the lake lists it. */
  public String name() {
    return name;
  }

  /** The table as it was last seen; for this room. */
  Table table() {
    return table;
  }

  String branch() {
    return branch;
  }

  Lake lake() {
    return lake;
  }

  Engine engine() {
    return lake.engine();
  }

  /** The table as it is now. */
  Table refreshed() {
    return Lake.call(
        "open [%s]".formatted(name),
        () -> {
          table.refresh();
          return table;
        });
  }

  Committer committer() {
    return new Committer(name, table);
  }

  // ---- reading

  /** Its columns now. */
  public Schema schema() {
    return IcebergTypes.schema(refreshed().schema());
  }

  /** The columns in which null is refused. */
  public Set<String> requiredColumns() {
    return refreshed().schema().columns().stream()
        .filter(Types.NestedField::isRequired)
        .map(Types.NestedField::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * All rows. Each time the frame is run it reads the version that is the newest then; its columns
   * stay those of now.
   */
  public Frame frame() {
    return Frame.of(new Plan.Scan(source()), engine());
  }

  TableSource source() {
    return TableSource.newest(name, refreshed(), branch, lake.planner(), engine());
  }

  TableSource source(@Nullable Snapshot snapshot) {
    return TableSource.of(name, table, snapshot, lake.planner(), engine());
  }

  /** The rows of a version under the columns of now. */
  TableSource current(Snapshot snapshot) {
    return source(snapshot).under(table.schema());
  }

  /** The rows of a version, under the names that its columns had then. */
  public Frame at(long snapshot) {
    return Frame.of(new Plan.Scan(source(snapshot(snapshot))), engine());
  }

  /** The rows of a tag, or of a branch's newest version. */
  public Frame at(String tagOrBranch) {
    return Frame.of(new Plan.Scan(source(snapshot(tagOrBranch))), engine());
  }

  /** The rows of a version that SQL text names. */
  public Frame at(Version version) {
    return switch (version) {
      case Version.Number(long snapshot) -> at(snapshot);
      case Version.Name(String ref) -> at(ref);
      case Version.Time(Instant time) -> asOf(time);
    };
  }

  /**
   * The rows of the version that was the newest at a time.
   *
   * @throws InvalidRequest when it had none yet
   */
  public Frame asOf(Instant time) {
    Table now = refreshed();
    Long id = SnapshotUtil.nullableSnapshotIdAsOfTime(now, time.toEpochMilli());
    if (id == null) {
      throw new InvalidRequest(
          "Cannot read [%s] as of %s: it has no version as old as that.".formatted(name, time));
    }
    return Frame.of(new Plan.Scan(source(now.snapshot(id))), engine());
  }

  /**
   * What has changed between two versions: rows with {@value Changes#TYPE}, {@code insert} or
   * {@code delete}, before the columns. A changed row is both. Rows that were only moved between
   * files are left out.
   */
  public Frame changes(long from, long to) {
    return Changes.between(this, snapshot(from), snapshot(to));
  }

  /** All versions, the oldest first. */
  public List<SnapshotInfo> history() {
    var versions = new ArrayList<SnapshotInfo>();
    for (Snapshot snapshot : refreshed().snapshots()) {
      versions.add(SnapshotInfo.of(snapshot));
    }
    versions.sort(Comparator.comparing(SnapshotInfo::at));
    return versions;
  }

  /** The newest version of this branch; null while there is none. */
  @Nullable Snapshot head() {
    return refreshed().snapshot(branch);
  }

  Snapshot snapshot(long id) {
    Snapshot snapshot = refreshed().snapshot(id);
    if (snapshot == null) {
      throw new InvalidRequest(
          "Cannot read [%s] at %d: it has no such version, or it has expired. history() lists them."
              .formatted(name, id));
    }
    return snapshot;
  }

  private Snapshot snapshot(String ref) {
    Snapshot snapshot = refreshed().snapshot(ref);
    if (snapshot == null) {
      throw new InvalidRequest(
          "Cannot read [%s] at %s: it has no such tag or branch; it has %s."
              .formatted(name, ref, String.join(", ", refs().keySet())));
    }
    return snapshot;
  }

  /** How far a source has been read into it, as {@link Options#cursor} notes it. */
  public Optional<String> cursor(String source) {
    return new Cursors(this).of(source);
  }

  // ---- tags and branches

  /** Tags and branches with the versions that they name. */
  public SortedMap<String, Long> refs() {
    var refs = new TreeMap<String, Long>();
    refreshed().refs().forEach((ref, target) -> refs.put(ref, target.snapshotId()));
    return refs;
  }

  /** Gives a version a name that keeps it from expiring. */
  public Dataset tag(String tag, long snapshot) {
    return manage("tag", m -> m.createTag(tag, snapshot(snapshot).snapshotId()));
  }

  /** Gives the newest version a name that keeps it from expiring. */
  public Dataset tag(String tag) {
    return tag(tag, requireHead("tag").snapshotId());
  }

  /** Starts a line of versions beside this one, from the newest version. */
  public Dataset createBranch(String newBranch) {
    Snapshot head = requireHead("branch");
    return manage("branch", m -> m.createBranch(newBranch, head.snapshotId()));
  }

  /** This dataset on a branch: it reads and writes there. */
  public Dataset onBranch(String existing) {
    SnapshotRef ref = refreshed().refs().get(existing);
    if (ref == null || !ref.isBranch()) {
      throw new InvalidRequest(
          "Cannot open branch %s of [%s]: it has no such branch; createBranch makes one."
              .formatted(existing, name));
    }
    return new Dataset(lake, name, table, existing);
  }

  /** Removes a tag or a branch; the versions that only it named can then expire. */
  public Dataset dropRef(String ref) {
    SnapshotRef found = refreshed().refs().get(ref);
    if (found == null) {
      throw new InvalidRequest(
          "Cannot drop %s of [%s]: it has no such tag or branch.".formatted(ref, name));
    }
    return manage(
        "drop " + ref + " of", m -> found.isBranch() ? m.removeBranch(ref) : m.removeTag(ref));
  }

  /** Moves this branch on to what another has, if this has not changed since that was made. */
  public Dataset fastForward(String from) {
    return manage("fast-forward", m -> m.fastForwardBranch(branch, from));
  }

  /**
   * Makes an older version the newest of this branch again. The versions after it stay until they
   * expire.
   *
   * @param snapshot a version that the newest one was made from
   */
  public Dataset rollbackTo(long snapshot) {
    long id = snapshot(snapshot).snapshotId();
    Snapshot head = requireHead("roll back");
    if (!SnapshotUtil.isAncestorOf(table, head.snapshotId(), id)) {
      throw new InvalidRequest(
          "Cannot roll back [%s] to %d: its newest version was not made from that. Choose one of its own history."
              .formatted(name, id));
    }
    return manage(
        "roll back",
        m ->
            branch.equals(SnapshotRef.MAIN_BRANCH)
                ? m.rollbackTo(id)
                : m.replaceBranch(branch, id));
  }

  private Snapshot requireHead(String verb) {
    Snapshot head = head();
    if (head == null) {
      throw new InvalidRequest(
          "Cannot %s [%s]: it has no version yet. Append rows first.".formatted(verb, name));
    }
    return head;
  }

  private Dataset manage(
      String verb, java.util.function.UnaryOperator<org.apache.iceberg.ManageSnapshots> change) {
    Lake.call(
        "%s [%s]".formatted(verb, name),
        () -> {
          change.apply(refreshed().manageSnapshots()).commit();
          return true;
        });
    return this;
  }

  // ---- writing

  /**
   * Adds rows. Columns are matched by name; those that the frame lacks are null.
   *
   * @throws dev.tarn.error.BadData when the frame has a column that this has not, or a value does
   *     not fit; nothing is changed then
   */
  public Committed append(Frame frame, Option.OfAppend... options) {
    return new Overwrite(this, options).append(frame);
  }

  /** Puts the rows in the place of all rows, by one commit. */
  public Committed overwrite(Frame frame, Option.OfWrite... options) {
    return new Overwrite(this, options).all(frame);
  }

  /**
   * Puts the rows in the place of those for which a predicate is true, by one commit.
   *
   * @throws dev.tarn.error.BadData when it is not true for one of the new rows
   */
  public Committed overwrite(Frame frame, Expr predicate, Option.OfWrite... options) {
    return new Overwrite(this, options).where(frame, predicate);
  }

  /** Brings changes in by key: say {@code on(…)}, then what is to be done. */
  public Merge merge(Frame changes, Option.OfWrite... options) {
    return new Merge(this, changes, List.of(options));
  }

  /**
   * Removes the rows for which a predicate is true; only the files that hold such are rewritten.
   */
  public Committed delete(Expr predicate) {
    return new RowChanges(this).delete(predicate);
  }

  /**
   * Gives columns of the rows for which a predicate is true new values, computed from their old
   * ones; only the files that hold such are rewritten.
   */
  public Committed update(Expr predicate, Expr.Alias... assignments) {
    return new RowChanges(this).update(predicate, List.of(assignments));
  }

  // ---- columns: no file is rewritten

  /** Adds a column, or a member of a struct by a name with dots; null in the rows there are. */
  public Dataset addColumn(String column, DataType type) {
    return new SchemaChange(this).add(column, type, null);
  }

  /**
   * Adds a column, or a member of a struct by a name with dots, with a value for the rows there are
   * and for later ones that lack it; structs that are null stay null. The dataset then has version
   * 3 of the table format, which older readers of Iceberg do not know.
   */
  public Dataset addColumn(String column, DataType type, Object defaultValue) {
    return new SchemaChange(this).add(column, type, defaultValue);
  }

  /** Takes a column away; versions that have it can still be read. */
  public Dataset dropColumn(String column) {
    return new SchemaChange(this).drop(column);
  }

  public Dataset renameColumn(String column, String newName) {
    return new SchemaChange(this).rename(column, newName);
  }

  /** Widens a column: int to long, float to double, decimal to more digits before the point. */
  public Dataset widen(String column, DataType type) {
    return new SchemaChange(this).widen(column, type);
  }

  /** Makes a column the first one, or the first member of its struct. */
  public Dataset moveFirst(String column) {
    return new SchemaChange(this).moveFirst(column);
  }

  public Dataset moveAfter(String column, String other) {
    return new SchemaChange(this).moveAfter(column, other);
  }

  /** Allows null in a column that was required. */
  public Dataset makeOptional(String column) {
    return new SchemaChange(this).makeOptional(column);
  }

  // ---- layout

  /**
   * Partitions what is written from now on in another way. Files that are there stay as they are
   * and are still pruned by their own; {@code compact(rewriteAll())} moves their rows.
   */
  public Dataset repartition(Transform... transforms) {
    return new SchemaChange(this).repartition(List.of(transforms));
  }

  /** Sorts the rows of files that are written from now on; no key for no order. */
  public Dataset sortBy(Object... keys) {
    return new SchemaChange(this).sortBy(SortKey.all(keys));
  }

  /** How it is partitioned now. */
  public List<String> partitioning() {
    Table now = refreshed();
    return now.spec().fields().stream()
        .filter(field -> !field.transform().isVoid())
        .map(field -> {
          String transform = field.transform().toString().toLowerCase(Locale.ROOT);
          String column = now.schema().findColumnName(field.sourceId());
          return transform.equals("identity")
              ? String.valueOf(column)
              : transform.contains("[")
                  ? transform.replace("[", "(").replace("]", ", " + column + ")")
                  : transform + "(" + column + ")";
        })
        .toList();
  }

  /** Its name. */
  @Override
  public String toString() {
    return name + (branch.equals(SnapshotRef.MAIN_BRANCH) ? "" : "@" + branch);
  }

  RunOptions runOptions() {
    return RunOptions.DEFAULT;
  }

  // ---- keeping it in shape

  /**
   * Puts the rows of small files together, takes very large files apart, and writes files with
   * deleted rows anew without them, partition by partition. Rows are sorted as the dataset is, or
   * as the options say; files of a good size are left alone unless {@code rewriteAll()} is said,
   * which a new order or partitioning needs to reach all rows. No row is added, lost or changed:
   * each commit is checked for that. Appends go on meanwhile.
   *
   * @throws dev.tarn.error.CommitConflict when another writer keeps rewriting the same files; what
   *     was committed before stays
   * @throws dev.tarn.error.BadData when the new files do not hold the rows of the old ones; nothing
   *     of them is committed
   */
  public CompactionResult compact(Option.OfCompaction... options) {
    return new Compaction(this, options).run();
  }

  /**
   * Takes versions that are older than this out of the history. The current one stays, and so does
   * what a tag or a branch names. Files stay until a vacuum.
   */
  public ExpireResult expireSnapshots(Duration olderThan) {
    return expireSnapshots(olderThan, 1);
  }

  /** The same, with so many of the newest versions of each branch kept, however old. */
  public ExpireResult expireSnapshots(Duration olderThan, int keepAtLeast) {
    return new Expiry(this, olderThan, keepAtLeast).run();
  }

  /** What {@link #expireSnapshots(Duration, int)} would do; nothing is done. */
  public ExpireResult expirable(Duration olderThan, int keepAtLeast) {
    return new Expiry(this, olderThan, keepAtLeast).dryRun();
  }

  /** {@link #vacuum(Duration)} with a grace period of three days. */
  public VacuumResult vacuum() {
    return vacuum(Vacuum.GRACE);
  }

  /**
   * Removes files from its folder that no version needs: what killed writers have left, and what
   * expired versions had. Files that are younger than the grace period stay, and so does all that a
   * version has that was the current one within it: readers that started since then are not
   * disturbed. Files outside of its folder, such as adopted ones, are never touched.
   *
   * @param grace longer than any query or write that may be under way; 0 only where there is none
   * @throws dev.tarn.error.Unavailable when metadata that says what is needed cannot be read;
   *     nothing is removed then
   */
  public VacuumResult vacuum(Duration grace) {
    return new Vacuum(this, grace).run();
  }

  /** What {@link #vacuum()} would remove. */
  public List<UnusedFile> vacuumable() {
    return vacuumable(Vacuum.GRACE);
  }

  /** What {@link #vacuum(Duration)} would remove. */
  public List<UnusedFile> vacuumable(Duration grace) {
    return new Vacuum(this, grace).unused();
  }

  /**
   * Compares the current version with what is on the disk: that every file is there, of its size,
   * with its number of rows, with true statistics and in its partition. Reads every row.
   */
  public VerifyResult verify() {
    return Lake.call("verify [%s]".formatted(name), () -> new Verification(this).current());
  }

  /** Looks whether the files of all versions are there, of their sizes. Reads only metadata. */
  public VerifyResult verifyHistory() {
    return Lake.call("verify [%s]".formatted(name), () -> new Verification(this).history());
  }

  /** Sizes and counts, and what maintenance it would profit from. Reads only metadata. */
  public DatasetStatistics statistics() {
    return new StatisticsReader(this).read();
  }
}
