package dev.tarn.lake;

import dev.tarn.error.BadData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * How far sources have been read into a dataset. It stands in the summary of the version that holds
 * the rows, so that a rollback takes back both, and branches have their own. Before such a version
 * expires, a version without rows is committed that has it as well. The table's properties name
 * those that there are: one that is nowhere in the history was lost to another's expiry.
 */
final class Cursors {

  private static final String PREFIX = "tarn.cursor.";

  /** In a version after one that was rolled back: of this source nothing is there. */
  private static final String NOTHING = "";

  private final Dataset dataset;

  Cursors(Dataset dataset) {
    this.dataset = dataset;
  }

  /**
   * As it is now; empty where nothing has been read.
   *
   * @throws BadData when that cannot be told
   */
  Optional<String> of(String name) {
    Table table = dataset.refreshed();
    Snapshot head = table.snapshot(dataset.branch());
    if (head == null) {
      return Optional.empty();
    }
    Iterable<Snapshot> history = SnapshotUtil.ancestorsOf(head.snapshotId(), table::snapshot);
    @Nullable String found = found(history, name);
    if (found == null && isCutOff(history) && table.properties().containsKey(PREFIX + name)) {
      throw new BadData(
          "Cannot tell how much of %s is in [%s]: the versions that say so have expired. Append once with cursor(…) from nothing to where it is."
              .formatted(name, dataset.name()));
    }
    return Optional.ofNullable(found).filter(cursor -> !cursor.equals(NOTHING));
  }

  private static @Nullable String found(Iterable<Snapshot> history, String name) {
    for (Snapshot snapshot : history) {
      String cursor = snapshot.summary().get(PREFIX + name);
      if (cursor != null) {
        return cursor;
      }
    }
    return null;
  }

  /** Whether the oldest version that there is had one before it. */
  private static boolean isCutOff(Iterable<Snapshot> history) {
    @Nullable Snapshot oldest = null;
    for (Snapshot snapshot : history) {
      oldest = snapshot;
    }
    return oldest != null && oldest.parentId() != null;
  }

  Snapshot append(DataWriter.Written written, Option.Cursor cursor) {
    Table table = dataset.table();
    Transaction transaction = table.newTransaction();
    AppendFiles append = transaction.newAppend().toBranch(dataset.branch());
    written.dataFiles().forEach(append::appendFile);
    append.set(PREFIX + cursor.name(), cursor.to());
    var expected = new HashMap<String, @Nullable String>();
    expected.put(cursor.name(), cursor.from().orElse(null));
    append.validateWith(new Unmoved(expected));
    return dataset
        .committer()
        .commit(
            "append to",
            append,
            () -> {
              append.commit();
              if (!table.properties().containsKey(PREFIX + cursor.name())) {
                transaction.updateProperties().set(PREFIX + cursor.name(), "read").commit();
              }
              transaction.commitTransaction();
            },
            written);
  }

  // ---- what expires

  /** Commits the cursors that no version would have any more, on each branch. */
  static void keep(Table table, Predicate<Snapshot> expires) {
    for (String branch : branches(table)) {
      Snapshot head = table.snapshot(branch);
      Iterable<Snapshot> history = SnapshotUtil.ancestorsOf(head.snapshotId(), table::snapshot);
      Map<String, String> lost = lost(table, history, expires);
      if (!lost.isEmpty()) {
        AppendFiles version = table.newAppend().toBranch(branch);
        lost.forEach((name, cursor) -> version.set(PREFIX + name, cursor));
        version.validateWith(new Unmoved(new HashMap<>(lost)));
        version.commit();
      }
    }
  }

  private static Set<String> branches(Table table) {
    var branches = new LinkedHashMap<>(table.refs());
    branches.values().removeIf(ref -> !ref.isBranch());
    return branches.keySet();
  }

  private static Map<String, String> lost(
      Table table, Iterable<Snapshot> history, Predicate<Snapshot> expires) {
    var cursors = new LinkedHashMap<String, String>();
    var kept = new LinkedHashMap<String, String>();
    boolean cuts = false;
    for (Snapshot snapshot : history) {
      cuts |= expires.test(snapshot);
      snapshot
          .summary()
          .forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
              String name = key.substring(PREFIX.length());
              if (cursors.putIfAbsent(name, value) == null && !expires.test(snapshot)) {
                kept.put(name, value);
              }
            }
          });
    }
    if (cuts && !isCutOff(history)) {
      table.properties().keySet().stream()
          .filter(key -> key.startsWith(PREFIX))
          .forEach(key -> cursors.putIfAbsent(key.substring(PREFIX.length()), NOTHING));
    }
    cursors.keySet().removeAll(kept.keySet());
    return cursors;
  }

  /**
   * Makes sure that nobody has read on since, and that nothing was taken back.
   *
   * @param expected where cursors were; null for nothing read
   */
  private record Unmoved(Map<String, @Nullable String> expected)
      implements SnapshotAncestryValidator {

    @Override
    public boolean validate(Iterable<Snapshot> ancestors) {
      return expected.entrySet().stream()
          .allMatch(cursor -> isAt(found(ancestors, cursor.getKey()), cursor.getValue()));
    }

    private static boolean isAt(@Nullable String found, @Nullable String wanted) {
      return Objects.requireNonNullElse(found, NOTHING)
          .equals(Objects.requireNonNullElse(wanted, NOTHING));
    }

    @Override
    public String errorMessage() {
      return "a cursor is no longer where it was, at %s".formatted(expected);
    }
  }
}
