package dev.tarn.lake;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.when;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Expr;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.lake.iceberg.Predicates;
import dev.tarn.plan.Plan;
import dev.tarn.spi.TableScan;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rows where they stand, by copy-on-write: files that hold a row that changes are
 * written anew, all others stay. Each works on one version, and is done again on a newer one where
 * another writer's commit could have changed what it found.
 */
final class RowChanges {

  private static final String COUNT = "__tarn_count";

  private final Dataset dataset;

  RowChanges(Dataset dataset) {
    this.dataset = dataset;
  }

  /**
   * What stands where.
   *
   * @param whole files all of whose rows were found
   * @param partly files with other rows as well
   */
  record Found(Set<DataFile> whole, Set<DataFile> partly, long rows) {
    boolean isEmpty() {
      return whole.isEmpty() && partly.isEmpty();
    }

    List<DataFile> files() {
      var all = new ArrayList<>(whole);
      all.addAll(partly);
      return all;
    }
  }

  Committed delete(Expr predicate) {
    check("delete from", predicate);
    return Committer.retrying(() -> {
      Snapshot base = dataset.head();
      Found found = find(base, predicate);
      if (base == null || found.isEmpty()) {
        return Committed.nothing(base);
      }
      DataWriter.Written kept = write("delete from", rest(base, found, predicate));
      return commit("delete from", base, found.files(), kept, conflicts(predicate));
    });
  }

  Committed update(Expr predicate, List<Expr.Alias> assignments) {
    check("update", predicate);
    requireColumns(assignments);
    return Committer.retrying(() -> {
      Snapshot base = dataset.head();
      Found found = find(base, predicate);
      if (base == null || found.isEmpty()) {
        return Committed.nothing(base);
      }
      DataWriter.Written changed = update(only(base, found.files()), predicate, assignments);
      return commit("update", base, found.files(), changed, conflicts(predicate));
    });
  }

  private void requireColumns(List<Expr.Alias> assignments) {
    if (assignments.isEmpty()) {
      throw new InvalidRequest(
          "Cannot update [%s]: nothing is set. Say set(column, value).".formatted(dataset.name()));
    }
    Schema schema = dataset.schema();
    for (Expr.Alias assignment : assignments) {
      if (schema.indexOf(assignment.name()) < 0) {
        throw UnknownColumn.of(
            "set", assignment.name(), "[" + dataset.name() + "]", schema.names());
      }
    }
  }

  private DataWriter.Written update(Frame rows, Expr predicate, List<Expr.Alias> assignments) {
    Shaping shaping = shaping("update");
    return shaping.explaining(
        rows,
        predicate,
        assignments,
        () -> write(shaping.assign(rows, predicate, assignments), shaping));
  }

  /** An error in the predicate shows before any work. */
  private void check(String verb, Expr predicate) {
    Lake.call("%s [%s]".formatted(verb, dataset.name()), () -> dataset.frame().filter(predicate));
  }

  // ---- finding

  /** The files of a version that hold rows for which the predicate is true. */
  Found find(@Nullable Snapshot base, Expr predicate) {
    if (base == null) {
      return new Found(Set.of(), Set.of(), 0);
    }
    Frame rows =
        Frame.of(new Plan.Scan(dataset.current(base).withPositions()), dataset.engine())
            .filter(predicate)
            .groupBy(TableScan.FILE)
            .agg(count().as(COUNT));
    var counts = new HashMap<String, Long>();
    for (Row row : rows.collect()) {
      counts.put(String.valueOf(row.value(TableScan.FILE)), row.longValue(COUNT));
    }
    return found(base, counts);
  }

  private Found found(Snapshot base, Map<String, Long> counts) {
    Map<String, DataFile> files = files(base);
    var whole = new HashSet<DataFile>();
    var partly = new HashSet<DataFile>();
    long rows = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      DataFile file = Objects.requireNonNull(files.get(entry.getKey()), entry.getKey());
      rows += entry.getValue();
      (entry.getValue() == file.recordCount() ? whole : partly).add(file);
    }
    return new Found(whole, partly, rows);
  }

  /** The data files of a version by their plain paths. */
  Map<String, DataFile> files(Snapshot base) {
    return dataset
        .lake()
        .planner()
        .plan(dataset.table(), base, Expressions.alwaysTrue())
        .files()
        .stream()
        .collect(Collectors.toMap(file -> LocalFileIO.path(file.file().location()), f -> f.file()));
  }

  /** Files of a table without partitions that are as large as a new file together, in order. */
  List<List<DataFile>> bins(Collection<DataFile> files) {
    if (!dataset.table().spec().isUnpartitioned()) {
      return List.of(List.copyOf(files));
    }
    long most = new DataWriter(dataset.engine(), dataset.table()).fileBytes() / 4 * 5;
    var bins = new ArrayList<List<DataFile>>();
    var open = new ArrayList<DataFile>();
    long bytes = 0;
    for (DataFile file : files) {
      if (!open.isEmpty() && bytes + file.fileSizeInBytes() > most) {
        bins.add(List.copyOf(open));
        open.clear();
        bytes = 0;
      }
      open.add(file);
      bytes += file.fileSizeInBytes();
    }
    bins.add(List.copyOf(open));
    return bins;
  }

  /** The rows of some files of a version, under the columns of now. */
  Frame only(Snapshot base, Collection<DataFile> files) {
    Set<String> locations = files.stream().map(DataFile::location).collect(Collectors.toSet());
    return Frame.of(new Plan.Scan(dataset.current(base).only(locations)), dataset.engine());
  }

  /** The rows that stay of files that hold some that go. */
  @Nullable Frame rest(Snapshot base, Found found, Expr predicate) {
    return found.partly().isEmpty()
        ? null
        : only(base, found.partly()).filter(when(predicate).then(false).otherwise(true));
  }

  // ---- writing

  DataWriter.Written write(String verb, @Nullable Frame frame) {
    if (frame == null) {
      return DataWriter.Written.NOTHING;
    }
    Shaping shaping = shaping(verb);
    return shaping.explaining(frame, () -> write(frame, shaping));
  }

  private Shaping shaping(String verb) {
    return new Shaping(doing(verb), dataset.table().schema(), false);
  }

  private String doing(String verb) {
    return "%s [%s]".formatted(verb, dataset.name());
  }

  private DataWriter.Written write(Frame frame, Shaping shaping) {
    return Lake.call(
        doing("write to"),
        () -> new DataWriter(dataset.engine(), dataset.table()).write(shaping.shape(frame).plan()));
  }

  /** What another writer must not have added meanwhile: rows the predicate could be true for. */
  Expression conflicts(Expr predicate) {
    return Predicates.convert(List.of(predicate), dataset.table().schema()).expression();
  }

  Committed commit(
      String verb,
      @Nullable Snapshot base,
      Collection<DataFile> removed,
      DataWriter.Written written,
      Expression conflicts) {
    OverwriteFiles overwrite = dataset.table().newOverwrite().toBranch(dataset.branch());
    removed.forEach(overwrite::deleteFile);
    written.dataFiles().forEach(overwrite::addFile);
    if (base != null) {
      overwrite.validateFromSnapshot(base.snapshotId());
    }
    overwrite
        .conflictDetectionFilter(conflicts)
        .validateNoConflictingData()
        .validateNoConflictingDeletes();
    return Committed.of(dataset.committer().commit(verb, overwrite, written));
  }
}
