package dev.tarn.lake;

import dev.tarn.lake.iceberg.IcebergErrors;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.spi.ParquetFooter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Compares what the metadata of a dataset says with its files and rows. */
final class Verification {

  private final Dataset dataset;
  private final Table table;
  private final List<String> problems = new ArrayList<>();
  private final FileList files;

  Verification(Dataset dataset) {
    this.dataset = dataset;
    this.table = dataset.refreshed();
    this.files = new FileList(table, problems);
  }

  /** Every row of the current version. */
  VerifyResult current() {
    Snapshot head = table.snapshot(dataset.branch());
    if (head == null) {
      return result(null, 0, RowChecksum.NOTHING);
    }
    files.add(head);
    if (!problems.isEmpty()) { // without its manifests no row can be read
      present();
      return result(head, 1, null);
    }
    checkTotals(head);
    List<DataFile> there = present();
    List<DataFile> whole = withTrueFooters(there);
    boolean complete = whole.size() == files.data().size() && problems.isEmpty();
    RowChecksum rows = readable(head, whole);
    return result(head, 1, complete && problems.isEmpty() ? rows : null);
  }

  /** That the files of all versions are there. */
  VerifyResult history() {
    int snapshots = 0;
    for (Snapshot snapshot : table.snapshots()) {
      files.add(snapshot);
      snapshots++;
    }
    present();
    return result(table.snapshot(dataset.branch()), snapshots, null);
  }

  private VerifyResult result(
      @org.jspecify.annotations.Nullable Snapshot head,
      int snapshots,
      @org.jspecify.annotations.Nullable RowChecksum checksum) {
    long bytes =
        Stream.<ContentFile<?>>concat(files.data().stream(), files.deletes().stream())
            .mapToLong(ContentFile::fileSizeInBytes)
            .sum();
    return new VerifyResult(
        head == null ? -1 : head.snapshotId(),
        snapshots,
        files.data().size(),
        files.deletes().size(),
        bytes,
        Optional.ofNullable(checksum),
        problems);
  }

  private List<DataFile> present() {
    List<DataFile> there = files.data().stream().filter(files::isThere).toList();
    files.deletes().forEach(files::isThere);
    return there;
  }

  private void checkTotals(Snapshot head) {
    long rows = files.data().stream().mapToLong(DataFile::recordCount).sum();
    checkTotal(head, "total-records", rows, "rows");
    checkTotal(head, "total-data-files", files.data().size(), "data files");
  }

  private void checkTotal(Snapshot head, String key, long found, String what) {
    String said = head.summary() == null ? null : head.summary().get(key);
    if (said != null && Long.parseLong(said) != found) {
      problems.add(
          "version %d: its summary says %s %s, and its manifests have %d"
              .formatted(head.snapshotId(), said, what, found));
    }
  }

  private List<DataFile> withTrueFooters(List<DataFile> there) {
    var whole = new ArrayList<DataFile>();
    bisect(
        there,
        some -> {
          List<ParquetFooter> footers =
              dataset
                  .engine()
                  .footers(some.stream().map(f -> LocalFileIO.path(f.location())).toList());
          for (int i = 0; i < some.size(); i++) {
            DataFile file = some.get(i);
            if (footers.get(i).rows() == file.recordCount()) {
              whole.add(file);
            } else {
              problems.add(
                  "%s: has %d rows, and its manifest says %d"
                      .formatted(file.location(), footers.get(i).rows(), file.recordCount()));
            }
          }
        });
    return whole;
  }

  private RowChecksum readable(Snapshot head, List<DataFile> whole) {
    Map<String, Boolean> deletes = withDeletes(head);
    Map<Integer, List<DataFile>> bySpec =
        whole.stream().collect(Collectors.groupingBy(DataFile::specId));
    var sums = new ArrayList<RowChecksum>();
    bySpec.forEach((spec, some) ->
        bisect(
            some,
            part -> {
              var check =
                  new StatisticsCheck(
                      dataset, head, Objects.requireNonNull(table.specs().get(spec)), deletes);
              sums.add(check.run(part));
              problems.addAll(check.problems());
            }));
    return sums.stream().reduce(RowChecksum.NOTHING, RowChecksum::and);
  }

  /** Whether rows of a file are gone, by its location. */
  private Map<String, Boolean> withDeletes(Snapshot head) {
    if (files.deletes().isEmpty() || !problems.isEmpty()) {
      return Map.of();
    }
    return dataset
        .lake()
        .planner()
        .plan(table, head, org.apache.iceberg.expressions.Expressions.alwaysTrue())
        .files()
        .stream()
        .collect(Collectors.toMap(f -> f.file().location(), f -> !f.deletes().isEmpty()));
  }

  /** Finds the files for which some work fails. */
  private void bisect(List<DataFile> some, Consumer<List<DataFile>> work) {
    if (some.isEmpty()) {
      return;
    }
    try {
      work.accept(some);
    } catch (RuntimeException e) {
      if (some.size() == 1) {
        problems.add(
            "%s: cannot be read: %s"
                .formatted(some.getFirst().location(), IcebergErrors.reason(e)));
      } else {
        int half = some.size() / 2;
        bisect(some.subList(0, half), work);
        bisect(some.subList(half, some.size()), work);
      }
    }
  }
}
