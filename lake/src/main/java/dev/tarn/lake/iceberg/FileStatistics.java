package dev.tarn.lake.iceberg;

import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/**
 * A file of a manifest with its packed statistics, as Iceberg's evaluators ask for them. It stands
 * in for the real entry while it is looked at, and costs nothing to keep.
 */
final class FileStatistics implements DataFile {

  private final ManifestContent manifest;
  private final int file;

  FileStatistics(ManifestContent manifest, int file) {
    this.manifest = manifest;
    this.file = file;
  }

  private DataFile entry() {
    return manifest.files().get(file);
  }

  @Override
  public Map<Integer, Long> valueCounts() {
    return new View<>(column -> column.values(file));
  }

  @Override
  public Map<Integer, Long> nullValueCounts() {
    return new View<>(column -> column.nulls(file));
  }

  @Override
  public Map<Integer, Long> nanValueCounts() {
    return new View<>(column -> column.nans(file));
  }

  @Override
  public Map<Integer, ByteBuffer> lowerBounds() {
    return new View<>(column -> column.lower(file));
  }

  @Override
  public Map<Integer, ByteBuffer> upperBounds() {
    return new View<>(column -> column.upper(file));
  }

  private final class View<V> extends AbstractMap<Integer, V> {
    private final Function<ColumnBounds, @Nullable V> value;

    View(Function<ColumnBounds, @Nullable V> value) {
      this.value = value;
    }

    @Override
    public @Nullable V get(@Nullable Object id) {
      ColumnBounds column = id == null ? null : manifest.bounds().get(id);
      return column == null ? null : value.apply(column);
    }

    @Override
    public boolean containsKey(@Nullable Object id) {
      return get(id) != null;
    }

    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public Set<Entry<Integer, V>> entrySet() {
      throw new UnsupportedOperationException("entrySet");
    }
  }

  @Override
  public long recordCount() {
    return entry().recordCount();
  }

  @Override
  public long fileSizeInBytes() {
    return entry().fileSizeInBytes();
  }

  @Override
  public @Nullable Long pos() {
    return entry().pos();
  }

  @Override
  public int specId() {
    return entry().specId();
  }

  @Override
  @SuppressWarnings("deprecation") // must be there still
  public CharSequence path() {
    return location();
  }

  @Override
  public String location() {
    return entry().location();
  }

  @Override
  public FileFormat format() {
    return entry().format();
  }

  @Override
  public StructLike partition() {
    return entry().partition();
  }

  @Override
  public @Nullable Map<Integer, Long> columnSizes() {
    return null;
  }

  @Override
  public @Nullable ByteBuffer keyMetadata() {
    return entry().keyMetadata();
  }

  @Override
  public @Nullable List<Long> splitOffsets() {
    return entry().splitOffsets();
  }

  @Override
  public DataFile copy() {
    return entry().copy();
  }

  @Override
  public DataFile copyWithoutStats() {
    return entry().copyWithoutStats();
  }
}
