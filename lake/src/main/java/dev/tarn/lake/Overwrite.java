package dev.tarn.lake;

import static dev.tarn.Columns.when;

import dev.tarn.Frame;
import dev.tarn.Rows;
import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSource;
import dev.tarn.io.ReadOptions;
import dev.tarn.plan.Plan;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.WrittenFile;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/** Writes of whole rows: append, and overwrite of all or of what a predicate names. */
final class Overwrite {

  private final Dataset dataset;
  private final boolean evolves;
  private final boolean truncatesNanos;
  private final Option.@Nullable Cursor cursor;

  Overwrite(Dataset dataset, Option.OfAppend... options) {
    this.dataset = dataset;
    this.evolves = List.of(options).contains(new Option.Evolve());
    this.truncatesNanos = List.of(options).contains(new Option.TruncateNanos());
    List<Option.Cursor> cursors =
        Arrays.stream(options)
            .filter(Option.Cursor.class::isInstance)
            .map(Option.Cursor.class::cast)
            .toList();
    if (cursors.size() > 1) {
      throw new InvalidRequest(
          "Cannot append to [%s] with %d cursors. Append the rows of each source by itself."
              .formatted(dataset.name(), cursors.size()));
    }
    this.cursor = cursors.isEmpty() ? null : cursors.getFirst();
  }

  Committed append(Frame frame) {
    DataWriter.Written written = write("append to", frame);
    if (cursor != null) {
      return Committed.of(new Cursors(dataset).append(written, cursor));
    }
    if (written.dataFiles().isEmpty()) {
      return Committed.nothing(dataset.head());
    }
    AppendFiles append = dataset.table().newAppend().toBranch(dataset.branch());
    written.dataFiles().forEach(append::appendFile);
    return Committed.of(dataset.committer().commit("append to", append, written));
  }

  Committed all(Frame frame) {
    DataWriter.Written written = write("overwrite", frame);
    OverwriteFiles overwrite = dataset.table().newOverwrite().toBranch(dataset.branch());
    overwrite.overwriteByRowFilter(Expressions.alwaysTrue());
    written.dataFiles().forEach(overwrite::addFile);
    return Committed.of(dataset.committer().commit("overwrite", overwrite, written));
  }

  Committed where(Frame frame, Expr predicate) {
    var rows = new RowChanges(dataset);
    return Committer.retrying(() -> {
      DataWriter.Written fresh = write("overwrite", frame);
      try {
        requireTrue(fresh, predicate);
        Snapshot base = dataset.head();
        RowChanges.Found found = rows.find(base, predicate);
        DataWriter.Written all =
            base == null
                ? fresh
                : fresh.and(rows.write("overwrite", rows.rest(base, found, predicate)));
        return found.isEmpty() && all.dataFiles().isEmpty()
            ? Committed.nothing(base)
            : rows.commit("overwrite", base, found.files(), all, rows.conflicts(predicate));
      } catch (BadData | InvalidRequest e) {
        fresh.remove();
        throw e;
      }
    });
  }

  /** What takes the place of rows must be found by the same predicate again. */
  private void requireTrue(DataWriter.Written written, Expr predicate) {
    if (written.files().isEmpty()) {
      return;
    }
    List<String> paths = written.files().stream().map(WrittenFile::path).toList();
    ReadOptions options = ReadOptions.DEFAULT.hivePartitions(ReadOptions.HivePartitions.NO);
    var files =
        new FileSource(
            "the new rows",
            dataset.engine().open(new FileScan(FileFormat.PARQUET, paths, options)));
    Rows others =
        Frame.of(new Plan.Scan(files), dataset.engine())
            .filter(when(predicate).then(false).otherwise(true))
            .limit(1)
            .collect();
    if (!others.isEmpty()) {
      throw new BadData(
          "Cannot overwrite [%s]: the predicate is not true for one of the new rows, %s. Leave such rows out, or append them."
              .formatted(dataset.name(), others.row(0)));
    }
  }

  /**
   * Writes the rows into files of the table as it is now, which is refreshed and evolved before.
   */
  DataWriter.Written write(String verb, Frame frame) {
    String doing = "%s [%s]".formatted(verb, dataset.name());
    if (evolves) {
      new SchemaChange(dataset).evolveTo(frame.schema());
    }
    Table table = dataset.refreshed();
    var shaping = new Shaping(doing, table.schema(), truncatesNanos);
    return shaping.explaining(
        frame,
        () ->
            Lake.call(
                doing,
                () ->
                    new DataWriter(dataset.engine(), table)
                        .inOrderOf(frame)
                        .write(shaping.shape(frame).plan())));
  }
}
