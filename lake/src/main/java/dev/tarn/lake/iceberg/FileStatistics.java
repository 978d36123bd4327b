package dev.tarn.lake.iceberg;

import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file of a manifest with its packed statistics, as Iceberg's evaluators ask for them. It stands
 * in for the real entry while it is looked at, and costs nothing to keep.
 */
final class FileStatistics extends PackedFile {

  private final ManifestContent manifest;
  private final int file;

  FileStatistics(ManifestContent manifest, int file) {
    super(manifest.files(), file);
    this.manifest = manifest;
    this.file = file;
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
}
