package dev.tarn.lake;

import dev.tarn.error.CommitConflict;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.lake.iceberg.IcebergErrors;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Commits to one table, and knows in the end whether a commit has happened. Iceberg tries a commit
 * again by itself where only the table's version was another; where rows that mattered have
 * changed, the work is done anew by {@link #retrying}.
 */
final class Committer {

  /** In a snapshot's summary: which commit made it. */
  static final String ID = "tarn.commit";

  private static final int ATTEMPTS = 6;
  private static final int FIRST_WAIT_MILLIS = 50;

  private final String name;
  private final Table table;

  Committer(String name, Table table) {
    this.name = name;
    this.table = table;
  }

  /**
   * Commits; where that is known to have failed, the files are removed.
   *
   * @param verb such as {@code append to}
   * @return the snapshot that it made
   * @throws CommitConflict when another writer was first; nothing was changed
   */
  Snapshot commit(String verb, SnapshotUpdate<?> update, DataWriter.Written written) {
    return commit(verb, update, update::commit, written);
  }

  /**
   * As {@link #commit(String, SnapshotUpdate, DataWriter.Written)}, where there is more to a commit
   * than the update.
   */
  Snapshot commit(
      String verb, SnapshotUpdate<?> update, Runnable commit, DataWriter.Written written) {
    String id = UUID.randomUUID().toString();
    String doing = "%s [%s]".formatted(verb, name);
    update.set(ID, id);
    update.scanManifestsWith(new CommitWorkers());
    try {
      commit.run();
      return landed(id);
    } catch (RuntimeException e) {
      if (e instanceof ValidationException) {
        written.remove();
        throw IcebergErrors.conflict(doing, e);
      }
      if (e instanceof CleanableFailure) {
        written.remove();
        throw IcebergErrors.of(doing, e);
      }
      return afterDoubt(doing, id, e);
    }
  }

  /** The answer of the catalog was lost, or it gave none: the table itself says what happened. */
  private Snapshot afterDoubt(String doing, String id, RuntimeException e) {
    try {
      table.refresh();
      return landed(id);
    } catch (RuntimeException stillOutOfReach) {
      TarnException failure = IcebergErrors.of(doing, e);
      failure.addSuppressed(stillOutOfReach);
      throw failure;
    }
  }

  private Snapshot landed(String id) {
    for (Snapshot snapshot : table.snapshots()) {
      if (id.equals(snapshot.summary().get(ID))) {
        return snapshot;
      }
    }
    throw new Unavailable("Cannot find commit %s in [%s].".formatted(id, name));
  }

  /** Does work whose outcome depends on the rows there are, anew while other writers win. */
  static <T> T retrying(Supplier<T> attempt) {
    for (int i = 1; ; i++) {
      try {
        return attempt.get();
      } catch (CommitConflict e) {
        if (i == ATTEMPTS) {
          throw e;
        }
        sleep(i, e);
      }
    }
  }

  private static void sleep(int attempt, CommitConflict e) {
    try {
      int most = FIRST_WAIT_MILLIS << attempt;
      Thread.sleep(ThreadLocalRandom.current().nextInt(most / 2, most));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }
}
