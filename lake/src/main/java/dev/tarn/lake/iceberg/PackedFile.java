package dev.tarn.lake.iceberg;

import static java.util.Objects.requireNonNull;

import dev.tarn.lake.iceberg.EntryValues.Numeric;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/** One of the packed files of a manifest, without its statistics. */
class PackedFile implements DataFile {

  private final PackedFiles files;
  private final int file;

  PackedFile(PackedFiles files, int file) {
    this.files = files;
    this.file = file;
  }

  private long required(Numeric which) {
    return requireNonNull(files.number(which, file));
  }

  @Override
  public @Nullable String manifestLocation() {
    return files.manifest().path();
  }

  @Override
  public @Nullable Long pos() {
    long entry = files.entry(file);
    return entry == PackedLongs.NONE ? null : (Long) entry;
  }

  @Override
  public int specId() {
    return files.manifest().partitionSpecId();
  }

  @Override
  @SuppressWarnings("deprecation") // must be there still
  public CharSequence path() {
    return location();
  }

  @Override
  public String location() {
    return files.location(file);
  }

  @Override
  public FileFormat format() {
    return files.format(file);
  }

  @Override
  public StructLike partition() {
    return files.partitions().get(files.partitionOf(file));
  }

  @Override
  public long recordCount() {
    return required(Numeric.RECORDS);
  }

  @Override
  public long fileSizeInBytes() {
    return required(Numeric.BYTES);
  }

  @Override
  public @Nullable Map<Integer, Long> columnSizes() {
    return null;
  }

  @Override
  public @Nullable Map<Integer, Long> valueCounts() {
    return null;
  }

  @Override
  public @Nullable Map<Integer, Long> nullValueCounts() {
    return null;
  }

  @Override
  public @Nullable Map<Integer, Long> nanValueCounts() {
    return null;
  }

  @Override
  public @Nullable Map<Integer, ByteBuffer> lowerBounds() {
    return null;
  }

  @Override
  public @Nullable Map<Integer, ByteBuffer> upperBounds() {
    return null;
  }

  @Override
  public @Nullable ByteBuffer keyMetadata() {
    return files.key(file);
  }

  /** Offsets beyond the end of the file were written by mistake, as Iceberg knows of some. */
  @Override
  public @Nullable List<Long> splitOffsets() {
    List<Long> splits = files.splits(file);
    return splits == null || splits.isEmpty() || splits.getLast() >= fileSizeInBytes()
        ? null
        : splits;
  }

  @Override
  public @Nullable Integer sortOrderId() {
    Long order = files.number(Numeric.SORT_ORDER, file);
    return order == null ? null : (Integer) order.intValue();
  }

  @Override
  public @Nullable Long dataSequenceNumber() {
    return files.number(Numeric.SEQUENCE, file);
  }

  @Override
  public @Nullable Long fileSequenceNumber() {
    return files.number(Numeric.FILE_SEQUENCE, file);
  }

  @Override
  public @Nullable Long firstRowId() {
    return files.number(Numeric.FIRST_ROW, file);
  }

  @Override
  public DataFile copy() {
    return this;
  }

  @Override
  public DataFile copyWithoutStats() {
    return new PackedFile(files, file);
  }

  @Override
  public String toString() {
    return location();
  }
}
