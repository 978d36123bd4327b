package dev.tarn.lake;

import dev.tarn.error.BadData;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * How far sources have been read into a dataset. It stands in the summary of the version that holds
 * the rows: a rollback takes back both. As versions expire, the table's properties have it as well,
 * with the number of a version before it.
 */
final class Cursors {

  private static final String PREFIX = "tarn.cursor.";

  private final Dataset dataset;

  Cursors(Dataset dataset) {
    this.dataset = dataset;
  }

  /** As it is now; empty where nothing has been read. */
  Optional<String> of(String name) {
    Table table = dataset.refreshed();
    Snapshot head = table.snapshot(dataset.branch());
    if (head == null) {
      return Optional.empty();
    }
    Snapshot oldest = head;
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(head.snapshotId(), table::snapshot)) {
      String cursor = snapshot.summary().get(PREFIX + name);
      if (cursor != null) {
        return Optional.of(cursor);
      }
      oldest = snapshot;
    }
    String noted = table.properties().get(property(name));
    return noted == null || oldest.parentId() == null
        ? Optional.empty()
        : Optional.of(expired(name, noted, oldest));
  }

  /** The version with the cursor is one of those that expired, or one that was rolled back. */
  private String expired(String name, String noted, Snapshot oldest) {
    int space = noted.indexOf(' ');
    if (Long.parseLong(noted.substring(0, space)) >= oldest.sequenceNumber()) {
      throw new BadData(
          "Cannot tell how much of %s is in [%s]: it was rolled back past versions that have expired. Append once with cursor(…) from nothing to where it is; it was noted at %s."
              .formatted(name, dataset.name(), noted.substring(space + 1)));
    }
    return noted.substring(space + 1);
  }

  private String property(String name) {
    return PREFIX + dataset.branch() + "." + name;
  }

  Snapshot append(DataWriter.Written written, Option.Cursor cursor) {
    Snapshot head = dataset.table().snapshot(dataset.branch());
    String noted = (head == null ? 0 : head.sequenceNumber()) + " " + cursor.to();
    Transaction transaction = dataset.table().newTransaction();
    AppendFiles append = transaction.newAppend().toBranch(dataset.branch());
    written.dataFiles().forEach(append::appendFile);
    append.set(PREFIX + cursor.name(), cursor.to());
    append.validateWith(
        new Unmoved(cursor, () -> dataset.table().properties().get(property(cursor.name()))));
    return dataset
        .committer()
        .commit(
            "append to",
            append,
            () -> {
              append.commit();
              transaction.updateProperties().set(property(cursor.name()), noted).commit();
              transaction.commitTransaction();
            },
            written);
  }

  /**
   * Makes sure that nobody has read on since, and that nothing was taken back.
   *
   * @param noted what the table's properties say at the time of the commit
   */
  private record Unmoved(Option.Cursor cursor, Supplier<@Nullable String> noted)
      implements SnapshotAncestryValidator {

    @Override
    public boolean validate(Iterable<Snapshot> ancestors) {
      Snapshot oldest = null;
      for (Snapshot snapshot : ancestors) {
        @Nullable String found = snapshot.summary().get(PREFIX + cursor.name());
        if (found != null) {
          return cursor.from().filter(found::equals).isPresent();
        }
        oldest = snapshot;
      }
      return cursor.from().isEmpty() || isNoted(oldest, cursor.from().get());
    }

    /** Whether it stood in a version that has expired, and not in one that was taken back. */
    private boolean isNoted(@Nullable Snapshot oldest, String from) {
      String text = noted.get();
      return oldest != null
          && oldest.parentId() != null
          && text != null
          && text.endsWith(" " + from)
          && Long.parseLong(text.substring(0, text.indexOf(' '))) < oldest.sequenceNumber();
    }

    @Override
    public String errorMessage() {
      return "the cursor %s is no longer at %s"
          .formatted(cursor.name(), cursor.from().orElse("the start"));
    }
  }
}
