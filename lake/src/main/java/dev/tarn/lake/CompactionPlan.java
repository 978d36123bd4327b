package dev.tarn.lake;

import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.StructLikeWrapper;
import org.jspecify.annotations.Nullable;

/** Which files a compaction rewrites, and which of them by one commit. */
final class CompactionPlan {

  /** Of the target: smaller files are put together. */
  private static final double SMALL = 0.75;

  /** Of the target: larger files are taken apart. */
  private static final double LARGE = 1.8;

  /** Rows of a row group where nothing else is said, of the engine. */
  private static final long ROW_GROUP = 122_880;

  private static final long LEAST_ROW_GROUP = 2048;

  private final Table table;
  private final CompactionOptions options;
  private final long targetBytes;

  CompactionPlan(Table table, CompactionOptions options, long targetBytes) {
    this.table = table;
    this.options = options;
    this.targetBytes = targetBytes;
  }

  /** Files of older specs go together, as their rows are spread over the partitions of today. */
  private record Partition(int spec, @Nullable StructLikeWrapper values) {}

  /** Files for each commit. */
  List<List<PlannedFile>> groups(Collection<PlannedFile> files) {
    var groups = new ArrayList<List<PlannedFile>>();
    var open = new ArrayList<PlannedFile>();
    for (List<PlannedFile> partition : byPartition(files)) {
      for (List<PlannedFile> part : parts(partition.stream().filter(this::needsIt).toList())) {
        if (!isWorthIt(part)) {
          continue;
        }
        if (!fits(open, part)) {
          groups.add(List.copyOf(open));
          open.clear();
        }
        open.addAll(part);
      }
    }
    if (!open.isEmpty()) {
      groups.add(List.copyOf(open));
    }
    return groups;
  }

  private Collection<List<PlannedFile>> byPartition(Collection<PlannedFile> files) {
    var partitions = new LinkedHashMap<Partition, List<PlannedFile>>();
    var wrapper = StructLikeWrapper.forType(table.spec().partitionType());
    for (PlannedFile file : files) {
      Partition key =
          isOfToday(file.file())
              ? new Partition(file.file().specId(), wrapper.copyFor(file.file().partition()))
              : new Partition(-1, null);
      partitions.computeIfAbsent(key, k -> new ArrayList<>()).add(file);
    }
    return partitions.values();
  }

  private boolean isOfToday(DataFile file) {
    return file.specId() == table.spec().specId();
  }

  private List<List<PlannedFile>> parts(List<PlannedFile> files) {
    var parts = new ArrayList<List<PlannedFile>>();
    var open = new ArrayList<PlannedFile>();
    for (PlannedFile file : files) {
      if (!fits(open, List.of(file))) {
        parts.add(List.copyOf(open));
        open.clear();
      }
      open.add(file);
    }
    if (!open.isEmpty()) {
      parts.add(open);
    }
    return parts;
  }

  private boolean fits(List<PlannedFile> open, List<PlannedFile> more) {
    return open.isEmpty()
        || (open.size() + more.size() <= options.filesAtOnce()
            && bytes(open) + bytes(more) <= options.bytesAtOnce());
  }

  private boolean needsIt(PlannedFile file) {
    return isSmall(file) || mustBeRewritten(file);
  }

  private boolean isSmall(PlannedFile file) {
    return file.file().fileSizeInBytes() < smallBytes();
  }

  long smallBytes() {
    return (long) Math.ceil(SMALL * targetBytes);
  }

  private boolean mustBeRewritten(PlannedFile file) {
    return options.rewriteAll()
        || !file.deletes().isEmpty()
        || file.file().fileSizeInBytes() > LARGE * targetBytes;
  }

  /** Files that are small and nothing else, only when they become fewer. */
  boolean isWorthIt(List<PlannedFile> files) {
    return files.stream().anyMatch(this::mustBeRewritten) || expectedFiles(files) < files.size();
  }

  /**
   * Each partition has files of its own; into how many of today an older one falls is not known.
   */
  long expectedFiles(List<PlannedFile> files) {
    return byPartition(files).stream()
        .mapToLong(partition -> Math.max(1, Math.ceilDiv(bytes(partition), targetBytes)))
        .sum();
  }

  /**
   * Files for each file that is written, where rows keep the order they stand in: the engine writes
   * one file at its full speed then. Together they are the files given.
   */
  List<List<PlannedFile>> bins(List<PlannedFile> files) {
    var bins = new ArrayList<List<PlannedFile>>();
    var open = new ArrayList<PlannedFile>();
    for (PlannedFile file : files) {
      if (!open.isEmpty() && bytes(open) + file.file().fileSizeInBytes() > targetBytes * 5 / 4) {
        bins.add(List.copyOf(open));
        open.clear();
      }
      open.add(file);
    }
    if (!open.isEmpty()) {
      bins.add(open);
    }
    return bins;
  }

  /**
   * A file gets as large as a row group at least: so many rows that files come out near the target,
   * and are not taken for too large the next time. Empty for the engine's own number.
   */
  OptionalLong rowGroupRows(Collection<PlannedFile> files) {
    long rows = files.stream().mapToLong(file -> file.file().recordCount()).sum();
    double rowsOfTarget = (double) targetBytes * rows / Math.max(1, bytes(files));
    long quarter = (long) (rowsOfTarget / 4);
    return quarter < ROW_GROUP
        ? OptionalLong.of(Math.max(LEAST_ROW_GROUP, quarter))
        : OptionalLong.empty();
  }

  static long bytes(Collection<PlannedFile> files) {
    return files.stream().mapToLong(file -> file.file().fileSizeInBytes()).sum();
  }

  static Map<String, PlannedFile> byLocation(Collection<PlannedFile> files) {
    var byLocation = new LinkedHashMap<String, PlannedFile>();
    files.forEach(file -> byLocation.put(file.file().location(), file));
    return byLocation;
  }
}
