package dev.tarn.lake;

import dev.tarn.Frame;
import dev.tarn.error.BadData;
import dev.tarn.error.CommitConflict;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.SortKey;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.Predicates;
import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import dev.tarn.plan.Plan;
import dev.tarn.spi.Tally;
import dev.tarn.spi.WrittenFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Puts the rows of files into files of a good size, or into another order. Never changes which rows
 * there are: they are counted while they are read, and what was written is read again and compared
 * before it is committed.
 */
final class Compaction {

  private static final String VERB = "compact";

  private final Dataset dataset;
  private final CompactionOptions options;
  private final long targetBytes;

  Compaction(Dataset dataset, Option.OfCompaction... options) {
    this.dataset = dataset;
    this.options = CompactionOptions.of(options);
    this.targetBytes =
        this.options
            .targetBytes()
            .orElseGet(() ->
                PropertyUtil.propertyAsLong(
                    dataset.refreshed().properties(),
                    TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
                    DataWriter.DEFAULT_FILE_BYTES));
  }

  CompactionResult run() {
    check();
    CompactionResult total = CompactionResult.nothing(options.dryRun());
    for (List<PlannedFile> group : groups()) {
      total =
          total.and(
              options.dryRun()
                  ? expected(group)
                  : Committer.retrying(() -> rewrite(locations(group))));
    }
    return total;
  }

  /** Errors in what was asked for show before any work. */
  private void check() {
    Frame rows = dataset.frame();
    if (options.only() != null) {
      rows.filter(options.only()).schema();
    }
    if (options.sortedBy() != null) {
      if (options.sortedBy().isEmpty()) {
        throw new InvalidRequest(
            "Cannot compact [%s] sorted by nothing. Name a column.".formatted(dataset.name()));
      }
      rows.sort(options.sortedBy().toArray()).schema();
    }
    if (options.zorder() != null) {
      ZOrder.requireOrdered(rows.schema(), options.zorder());
    }
  }

  /** Files for each commit. */
  List<List<PlannedFile>> groups() {
    return Lake.call(
        doing(),
        () -> {
          Snapshot base = dataset.head();
          return base == null ? List.of() : plan().groups(files(base, filter()));
        });
  }

  boolean isSmall(PlannedFile file) {
    return file.file().fileSizeInBytes() < smallBytes();
  }

  /** Smaller files are put together. */
  long smallBytes() {
    return plan().smallBytes();
  }

  private CompactionPlan plan() {
    return new CompactionPlan(dataset.table(), options, targetBytes);
  }

  private Expression filter() {
    if (options.only() == null) {
      return Expressions.alwaysTrue();
    }
    Schema columns = dataset.table().schema();
    Predicates.Converted said = Predicates.convert(List.of(options.only()), columns);
    return said.unused().isEmpty()
        ? said.expression()
        : Predicates.convert(new Pushed(dataset).filters(options.only()), columns).expression();
  }

  private List<PlannedFile> files(Snapshot base, Expression filter) {
    return dataset.lake().planner().plan(dataset.table(), base, filter).files();
  }

  private CompactionResult expected(List<PlannedFile> group) {
    long bytes = CompactionPlan.bytes(group);
    long rows = group.stream().mapToLong(file -> file.file().recordCount()).sum();
    return new CompactionResult(
        1,
        group.size(),
        plan().expectedFiles(group),
        bytes,
        bytes,
        new RowChecksum(rows, java.math.BigInteger.ZERO),
        true);
  }

  private String doing() {
    return "%s [%s]".formatted(VERB, dataset.name());
  }

  // ---- one commit

  /** Rewrites those of the files that are still there, as they are now. */
  private CompactionResult rewrite(Set<String> wanted) {
    Snapshot base = dataset.head();
    if (base == null) {
      return CompactionResult.nothing(false);
    }
    List<PlannedFile> all = files(base, Expressions.alwaysTrue());
    List<PlannedFile> files =
        all.stream().filter(file -> wanted.contains(file.file().location())).toList();
    return files.isEmpty() || !plan().isWorthIt(files)
        ? CompactionResult.nothing(false)
        : new Attempt(base, all, files).run();
  }

  private static Set<String> locations(Collection<PlannedFile> files) {
    return files.stream().map(file -> file.file().location()).collect(Collectors.toSet());
  }

  private final class Attempt {
    private final Table table = dataset.table();
    private final Schema schema = table.schema();
    private final Snapshot base;
    private final List<PlannedFile> all;
    private final List<PlannedFile> files;

    Attempt(Snapshot base, List<PlannedFile> all, List<PlannedFile> files) {
      this.base = base;
      this.all = all;
      this.files = files;
    }

    CompactionResult run() {
      var parts = new ArrayList<DataWriter.Written>();
      DataWriter.Written written;
      RowChecksum checksum;
      try (Tally tally = dataset.engine().tally()) {
        write(parts, tally);
        written = together(parts);
        checksum = checksum(written);
        requireSame(tally, checksum);
        requireSameColumns();
      } catch (RuntimeException | Error e) {
        parts.forEach(DataWriter.Written::remove);
        throw e;
      }
      dataset.committer().commit(VERB, change(written), written);
      return new CompactionResult(
          1,
          files.size(),
          written.files().size(),
          CompactionPlan.bytes(files),
          written.bytes(),
          checksum,
          false);
    }

    private Frame rows(Collection<PlannedFile> some) {
      return Frame.of(
          new Plan.Scan(dataset.source(base).under(schema).only(locations(some))),
          dataset.engine());
    }

    private void write(List<DataWriter.Written> written, Tally tally) {
      List<SortKey> keys = keys();
      List<List<PlannedFile>> writes =
          keys.isEmpty() && table.spec().isUnpartitioned() ? plan().bins(files) : List.of(files);
      for (List<PlannedFile> some : writes) {
        written.add(
            Lake.call(
                doing(),
                () ->
                    new DataWriter(dataset.engine(), table)
                        .sortedBy(keys)
                        .fileBytes(targetBytes)
                        .rowGroupRows(plan().rowGroupRows(files))
                        .write(RowChecksum.counted(rows(some).plan(), schema, tally))));
      }
    }

    private List<SortKey> keys() {
      return options.zorder() != null
          ? ZOrder.keys(rows(files), options.zorder())
          : options.sortedBy() != null
              ? options.sortedBy()
              : DataWriter.sortKeys(table.sortOrder());
    }

    private RowChecksum checksum(DataWriter.Written written) {
      if (written.files().isEmpty()) {
        return RowChecksum.NOTHING;
      }
      var source =
          new FileRows(
              dataset.name(),
              IcebergTypes.columns(schema),
              written.files().stream().map(WrittenFile::path).toList());
      return RowChecksum.of(Frame.of(new Plan.Scan(source), dataset.engine()), schema);
    }

    /** An engine that read some rows twice has counted them twice: they are read once more then. */
    private void requireSame(Tally tally, RowChecksum after) {
      if (RowChecksum.of(tally).equals(after)) {
        return;
      }
      RowChecksum before = RowChecksum.of(rows(files), schema);
      if (!before.equals(after)) {
        throw new BadData(
            "Cannot %s: rows read again from the new files are not the rows of the old ones (%s before, %s after). Nothing was changed; verify the dataset and the disk."
                .formatted(doing(), before, after));
      }
    }

    /** The table is shared with other threads, and may have been refreshed since. */
    private void requireSameColumns() {
      if (table.schema().schemaId() != schema.schemaId()) {
        throw new CommitConflict(
            "Cannot %s: its columns have changed at the same time. Run it again."
                .formatted(doing()));
      }
    }

    private RewriteFiles change(DataWriter.Written written) {
      RewriteFiles rewrite =
          table.newRewrite().toBranch(dataset.branch()).validateFromSnapshot(base.snapshotId());
      if (((HasTableOperations) table).operations().current().formatVersion() > 1) {
        // deletes by value that come in meanwhile still apply to the rows
        rewrite.dataSequenceNumber(base.sequenceNumber());
      }
      files.forEach(file -> rewrite.deleteFile(file.file()));
      spentDeletes().forEach(rewrite::deleteFile);
      written.dataFiles().forEach(rewrite::addFile);
      return rewrite;
    }

    /** Delete files that were meant for the rewritten files alone; vectors go by themselves. */
    private List<DeleteFile> spentDeletes() {
      var others = new HashSet<String>();
      var spent = new HashMap<String, DeleteFile>();
      Map<String, PlannedFile> rewritten = CompactionPlan.byLocation(files);
      for (PlannedFile file : all) {
        boolean stays = !rewritten.containsKey(file.file().location());
        for (DeleteFile delete : file.deletes()) {
          if (stays) {
            others.add(delete.location());
          } else if (delete.contentOffset() == null) {
            spent.put(delete.location(), delete);
          }
        }
      }
      spent.keySet().removeAll(others);
      return List.copyOf(spent.values());
    }
  }

  private static DataWriter.Written together(List<DataWriter.Written> parts) {
    DataWriter.Written all = DataWriter.Written.NOTHING;
    for (DataWriter.Written part : parts) {
      all = all.and(part);
    }
    return all;
  }
}
