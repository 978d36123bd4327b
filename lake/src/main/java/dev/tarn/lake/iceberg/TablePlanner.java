package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tarn.error.LimitExceeded;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ParquetFooter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.iceberg.util.ThreadPools;
import org.jspecify.annotations.Nullable;

/**
 * Finds the data files of a snapshot that can hold rows for a filter. Keeps what it read of
 * manifests and footers, which never change: one for each lake. Safe for use by several threads.
 */
public final class TablePlanner {

  private static final long MANIFEST_BYTES =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

  private static final long FOOTER_COLUMNS = 1_000_000;

  /**
   * Tables with more columns keep statistics only of those that were filtered by. Others keep all
   * of them as soon as a second filter has other columns: the first query should not wait for what
   * it does not need.
   */
  private static final int FEW_COLUMNS = 64;

  private final Cache<ManifestKey, ManifestContent> manifests =
      Caffeine.newBuilder()
          .maximumWeight(MANIFEST_BYTES / 1024)
          .weigher((ManifestKey key, ManifestContent content) -> kilobytes(content.weight()))
          .build();

  private final Cache<FooterKey, List<FileColumn>> footers =
      Caffeine.newBuilder()
          .maximumWeight(FOOTER_COLUMNS)
          .weigher((FooterKey key, List<FileColumn> columns) -> 1 + columns.size())
          .build();

  /** A column whose type was widened is decoded to other objects in partitions. */
  private record ManifestKey(String path, Types.StructType partition) {}

  private record FooterKey(String path, long bytes) {}

  /**
   * A data file, and the files with its deleted rows.
   *
   * @param file its entry, without statistics
   */
  public record PlannedFile(DataFile file, List<DeleteFile> deletes) {
    public PlannedFile {
      deletes = List.copyOf(deletes);
    }
  }

  /**
   * What a plan found.
   *
   * @param files those that are left
   * @param totalFiles how many data files the snapshot has
   */
  public record Planned(List<PlannedFile> files, int totalFiles) {
    public Planned {
      files = List.copyOf(files);
    }
  }

  /** One with nothing kept yet. */
  public TablePlanner() {}

  /**
   * The files of a snapshot that can hold rows for which the filter is true.
   *
   * @param snapshot null for a table without any, which has no files
   * @param filter over the table's columns of today
   */
  public Planned plan(Table table, @Nullable Snapshot snapshot, Expression filter) {
    if (snapshot == null) {
      return new Planned(List.of(), 0);
    }
    List<ManifestFile> data =
        snapshot.dataManifests(table.io()).stream().filter(TablePlanner::hasFiles).toList();
    List<PlannedFile> files =
        snapshot.deleteManifests(table.io()).stream().anyMatch(TablePlanner::hasFiles)
            ? withDeletes(table, snapshot, filter)
            : withoutDeletes(table, data, filter);
    return new Planned(files, total(data, files.size(), snapshot));
  }

  private static boolean hasFiles(ManifestFile manifest) {
    return manifest.hasAddedFiles() || manifest.hasExistingFiles();
  }

  private static int total(List<ManifestFile> manifests, int kept, Snapshot snapshot) {
    int total = 0;
    for (ManifestFile manifest : manifests) {
      Integer added = manifest.addedFilesCount();
      Integer existing = manifest.existingFilesCount();
      if (added == null || existing == null) {
        String said = snapshot.summary().get("total-data-files");
        return said == null ? kept : Integer.parseInt(said);
      }
      total += added + existing;
    }
    return total;
  }

  // ---- tables with deleted rows: Iceberg knows which of them belong to which file

  private static List<PlannedFile> withDeletes(Table table, Snapshot snapshot, Expression filter) {
    Schema schema = SnapshotUtil.schemaFor(table, snapshot.snapshotId());
    Expression renamed = Renames.apply(filter, table.schema(), schema);
    var files = new ArrayList<PlannedFile>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).filter(renamed).planFiles()) {
      tasks.forEach(task -> files.add(new PlannedFile(task.file(), task.deletes())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  // ---- tables without

  private List<PlannedFile> withoutDeletes(
      Table table, List<ManifestFile> data, Expression filter) {
    Set<Integer> columns =
        new HashSet<>(Binder.boundReferences(table.schema().asStruct(), List.of(filter), true));
    Map<Integer, SpecFilter> filters = new LinkedHashMap<>();
    for (ManifestFile manifest : data) {
      filters.computeIfAbsent(
          manifest.partitionSpecId(),
          id -> new SpecFilter(filter, spec(table, id), table.schema()));
    }
    var kept = new ArrayList<Future<List<DataFile>>>();
    for (ManifestFile manifest : data) {
      SpecFilter pruning = requireNonNull(filters.get(manifest.partitionSpecId()));
      if (pruning.mayHold(manifest)) {
        kept.add(submit(() -> pruning.kept(content(table, manifest, columns))));
      }
    }
    var files = new ArrayList<PlannedFile>();
    for (Future<List<DataFile>> some : kept) {
      await(some).forEach(file -> files.add(new PlannedFile(file, List.of())));
    }
    return files;
  }

  /**
   * Reading and evaluating are work for a processor: Iceberg's pool has one thread for each. Not
   * the common pool, which can be full of callers that wait for this.
   */
  private static <T> Future<T> submit(Callable<T> work) {
    return ThreadPools.getWorkerPool().submit(work);
  }

  private static <T> T await(Future<T> work) {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LimitExceeded(
          "Cannot plan the query: its thread was interrupted. Run it again.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(e);
    }
  }

  private static PartitionSpec spec(Table table, int id) {
    return requireNonNull(table.specs().get(id));
  }

  private ManifestContent content(Table table, ManifestFile manifest, Set<Integer> columns) {
    var key =
        new ManifestKey(
            manifest.path(), spec(table, manifest.partitionSpecId()).rawPartitionType());
    ManifestContent known = manifests.getIfPresent(key);
    if (known != null && known.covers(columns)) {
      return known;
    }
    return manifests
        .asMap()
        .compute(
            key,
            (k, old) ->
                old != null && old.covers(columns)
                    ? old
                    : ManifestContent.read(manifest, table, kept(table, old, columns)));
  }

  private static @Nullable Set<Integer> kept(
      Table table, @Nullable ManifestContent old, Set<Integer> columns) {
    if (old == null) {
      return columns;
    }
    if (TypeUtil.indexById(table.schema().asStruct()).size() <= FEW_COLUMNS) {
      return null;
    }
    var all = new HashSet<>(columns);
    if (old.columns() != null) {
      all.addAll(old.columns());
    }
    return all;
  }

  private static int kilobytes(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, 1 + bytes / 1024);
  }

  // ---- footers

  /** What files hold, in the order of the files. Reads the footers that are not known yet. */
  List<List<FileColumn>> columns(Engine engine, List<DataFile> files) {
    var missing = new ArrayList<DataFile>();
    var found = new LinkedHashMap<DataFile, List<FileColumn>>();
    for (DataFile file : files) {
      List<FileColumn> known = footers.getIfPresent(key(file));
      found.put(file, known == null ? List.of() : known);
      if (known == null) {
        missing.add(file);
      }
    }
    if (!missing.isEmpty()) {
      List<ParquetFooter> read =
          engine.footers(missing.stream().map(f -> LocalFileIO.path(f.location())).toList());
      for (int i = 0; i < missing.size(); i++) {
        found.put(missing.get(i), read.get(i).columns());
        footers.put(key(missing.get(i)), read.get(i).columns());
      }
    }
    return List.copyOf(found.values());
  }

  private static FooterKey key(DataFile file) {
    return new FooterKey(file.location(), file.fileSizeInBytes());
  }
}
