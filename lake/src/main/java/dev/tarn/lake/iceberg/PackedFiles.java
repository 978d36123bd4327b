package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;

import dev.tarn.lake.iceberg.EntryValues.Numeric;
import dev.tarn.lake.iceberg.EntryValues.Range;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/** The data files of a manifest without their statistics, packed. Immutable. */
final class PackedFiles {

  private final ManifestFile manifest;
  private final int size;
  private final @Nullable PackedBytes locations;
  private final List<FileFormat> formats;
  private final PackedLongs formatOf;
  private final PackedLongs partitionOf;
  private final PackedLongs entries;
  private final Map<Numeric, PackedLongs> numbers = new HashMap<>();
  private final @Nullable PackedBytes keys;
  private final @Nullable PackedBytes splits;
  private final List<StructLike> partitions;

  private PackedFiles(Builder builder) {
    this.manifest = builder.manifest;
    this.size = builder.size;
    this.locations = builder.locations.build(size);
    this.formats = List.copyOf(builder.formats);
    this.formatOf = builder.formatOf.build(size);
    this.partitionOf = builder.partitionOf.build(size);
    this.entries = builder.entries.build(size);
    builder.numbers.forEach((which, all) -> numbers.put(which, all.build(size)));
    this.keys = builder.keys.build(size);
    this.splits = builder.splits.build(size);
    this.partitions = List.copyOf(builder.partitions);
  }

  int size() {
    return size;
  }

  ManifestFile manifest() {
    return manifest;
  }

  String location(int file) {
    return requireNonNull(locations).text(file);
  }

  FileFormat format(int file) {
    return formats.get((int) formatOf.at(file));
  }

  /** The different partitions of the files. */
  List<StructLike> partitions() {
    return partitions;
  }

  /** The position of a file's partition. */
  int partitionOf(int file) {
    return (int) partitionOf.at(file);
  }

  /** The position of a file's entry in the manifest, in which others may have been deleted. */
  long entry(int file) {
    return entries.at(file);
  }

  @Nullable Long number(Numeric which, int file) {
    return requireNonNull(numbers.get(which)).get(file);
  }

  @Nullable ByteBuffer key(int file) {
    ByteBuffer key = keys == null ? null : keys.get(file);
    return key == null ? null : key.asReadOnlyBuffer();
  }

  /** Null where there are none. */
  @Nullable List<Long> splits(int file) {
    ByteBuffer packed = splits == null ? null : splits.get(file);
    if (packed == null) {
      return null;
    }
    var offsets = new ArrayList<Long>();
    while (packed.hasRemaining()) {
      offsets.add(packed.getLong());
    }
    return List.copyOf(offsets);
  }

  long weight() {
    long weight = 256L + formatOf.weight() + partitionOf.weight() + entries.weight();
    weight += locations == null ? 0 : locations.weight();
    weight += keys == null ? 0 : keys.weight();
    weight += splits == null ? 0 : splits.weight();
    for (PackedLongs all : numbers.values()) {
      weight += all.weight();
    }
    return weight + 256L * partitions.size();
  }

  /** Takes one file after another. */
  static final class Builder {

    private static final List<Numeric> KEPT =
        List.of(
            Numeric.RECORDS,
            Numeric.BYTES,
            Numeric.SORT_ORDER,
            Numeric.SEQUENCE,
            Numeric.FILE_SEQUENCE,
            Numeric.FIRST_ROW);

    private final ManifestFile manifest;
    private final PackedBytes.Builder locations = new PackedBytes.Builder();
    private final List<FileFormat> formats = new ArrayList<>();
    private final PackedLongs.Builder formatOf = new PackedLongs.Builder();
    private final PackedLongs.Builder partitionOf = new PackedLongs.Builder();
    private final PackedLongs.Builder entries = new PackedLongs.Builder();
    private final Map<Numeric, PackedLongs.Builder> numbers = new HashMap<>();
    private final PackedBytes.Builder keys = new PackedBytes.Builder();
    private final PackedBytes.Builder splits = new PackedBytes.Builder();
    private final List<StructLike> partitions = new ArrayList<>();
    private final Map<StructLike, Integer> known = new HashMap<>();
    private int size;

    Builder(ManifestFile manifest) {
      this.manifest = manifest;
      KEPT.forEach(which -> numbers.put(which, new PackedLongs.Builder()));
    }

    int size() {
      return size;
    }

    /** Adds a partition, and returns its position. */
    int addPartition(StructLike partition) {
      partitions.add(partition);
      return partitions.size() - 1;
    }

    /** What was read of an entry. */
    void add(EntryValues entry, byte[] bytes, FileFormat format, int partition, long position) {
      locations.put(size, bytes, entry.from(Range.PATH), entry.length(Range.PATH));
      if (entry.has(Range.KEY)) {
        keys.put(size, bytes, entry.from(Range.KEY), entry.length(Range.KEY));
      }
      numbers.forEach((which, all) -> all.put(size, entry.get(which)));
      end(format, partition, position);
    }

    /** What Iceberg has decoded of an entry. */
    void add(DataFile entry) {
      locations.put(size, ByteBuffer.wrap(entry.location().getBytes(StandardCharsets.UTF_8)));
      if (entry.keyMetadata() != null) {
        keys.put(size, entry.keyMetadata());
      }
      if (entry.splitOffsets() != null) {
        splits(entry.splitOffsets());
      }
      put(Numeric.RECORDS, entry.recordCount());
      put(Numeric.BYTES, entry.fileSizeInBytes());
      Integer order = entry.sortOrderId();
      put(Numeric.SORT_ORDER, order == null ? null : (Long) order.longValue());
      put(Numeric.SEQUENCE, entry.dataSequenceNumber());
      put(Numeric.FILE_SEQUENCE, entry.fileSequenceNumber());
      put(Numeric.FIRST_ROW, entry.firstRowId());
      Long position = entry.pos();
      int partition = known.computeIfAbsent(entry.partition(), this::addPartition);
      end(entry.format(), partition, position == null ? PackedLongs.NONE : position);
    }

    private void put(Numeric which, @Nullable Long number) {
      if (number != null) {
        requireNonNull(numbers.get(which)).put(size, number);
      }
    }

    void splits(List<Long> offsets) {
      ByteBuffer packed = ByteBuffer.allocate(8 * offsets.size());
      offsets.forEach(packed::putLong);
      splits.put(size, packed.flip());
    }

    private void end(FileFormat format, int partition, long position) {
      if (!formats.contains(format)) {
        formats.add(format);
      }
      formatOf.put(size, formats.indexOf(format));
      partitionOf.put(size, partition);
      entries.put(size, position);
      size++;
    }

    PackedFiles build() {
      return new PackedFiles(this);
    }
  }
}
