package dev.tarn.lake.iceberg;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Packs what the entries of a manifest say of columns. */
final class BoundsBuilder {

  private final Table table;
  private final @Nullable Set<Integer> wanted;
  private final Map<Integer, ColumnBounds.Builder> columns = new HashMap<>();

  /** Those of small ids: the lookup of a map, for each value of each file, takes too long. */
  private ColumnBounds.@Nullable Builder[] small = new ColumnBounds.Builder[0];

  /**
   * @param wanted the ids of columns to keep; null for all
   */
  BoundsBuilder(Table table, @Nullable Set<Integer> wanted) {
    this.table = table;
    this.wanted = wanted;
    int least = 0;
    if (wanted != null) {
      for (int id : wanted) {
        least = Math.max(least, id);
        columns.put(id, new ColumnBounds.Builder(isUuid(id)));
      }
    }
    this.small = new ColumnBounds.Builder[Math.min(1024, least + 1)];
    columns.forEach(this::remember);
  }

  private void remember(int id, ColumnBounds.Builder column) {
    if (id >= 0 && id < 1024) {
      if (id >= small.length) {
        small = Arrays.copyOf(small, id + 16);
      }
      small[id] = column;
    }
  }

  /** Writers do not agree on the order of UUIDs. */
  private boolean isUuid(int id) {
    Type type = table.schema().findType(id);
    return type != null && type.typeId() == Type.TypeID.UUID;
  }

  boolean wantsNone() {
    return wanted != null && wanted.isEmpty();
  }

  /** Where to put what is said of a column; null for one that nobody wants. */
  ColumnBounds.@Nullable Builder column(int id) {
    ColumnBounds.Builder known = id >= 0 && id < small.length ? small[id] : columns.get(id);
    if (known == null && wanted == null) {
      known = columns.computeIfAbsent(id, key -> new ColumnBounds.Builder(isUuid(key)));
      remember(id, known);
    }
    return known;
  }

  /** What Iceberg has decoded of a file. */
  void add(int file, DataFile entry) {
    for (int id : wanted == null ? ids(entry) : wanted) {
      ColumnBounds.Builder column = column(id);
      if (column != null) {
        column.add(file, id, entry);
      }
    }
  }

  private static Set<Integer> ids(DataFile entry) {
    var ids = new HashSet<Integer>();
    addKeys(ids, entry.valueCounts());
    addKeys(ids, entry.nullValueCounts());
    addKeys(ids, entry.nanValueCounts());
    addKeys(ids, entry.lowerBounds());
    addKeys(ids, entry.upperBounds());
    return ids;
  }

  private static void addKeys(Set<Integer> ids, @Nullable Map<Integer, ?> map) {
    if (map != null) {
      ids.addAll(map.keySet());
    }
  }

  /** As if there had been so many files and no more. */
  void reach(int files) {
    columns.values().forEach(column -> column.reach(files));
  }

  Map<Integer, ColumnBounds> build(int files) {
    var bounds = new HashMap<Integer, ColumnBounds>();
    columns.forEach((id, column) -> bounds.put(id, column.build(files)));
    return bounds;
  }
}
