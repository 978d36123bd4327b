package dev.tarn.lake;

import static dev.tarn.Columns.count;
import static dev.tarn.Columns.max;
import static dev.tarn.Columns.min;

import dev.tarn.Frame;
import dev.tarn.Row;
import dev.tarn.error.InvalidRequest;
import dev.tarn.expr.Expr;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.lake.iceberg.Partitions;
import dev.tarn.plan.Plan;
import dev.tarn.spi.TableScan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Compares what manifests say of the rows of files of one spec with the rows, in one query. */
final class StatisticsCheck {

  private final Dataset dataset;
  private final Snapshot head;
  private final PartitionSpec spec;
  private final Map<String, Boolean> deletes;
  private final Schema columns;
  private final List<String> problems = new ArrayList<>();

  StatisticsCheck(
      Dataset dataset, Snapshot head, PartitionSpec spec, Map<String, Boolean> deletes) {
    this.dataset = dataset;
    this.head = head;
    this.spec = spec;
    this.deletes = deletes;
    this.columns = dataset.table().schema();
  }

  List<String> problems() {
    return problems;
  }

  /** A column, or a member of a struct, that has statistics; and where its answers are. */
  private record Leaf(int id, String path, Type type, Expr value, String prefix) {
    List<Expr> aggregates() {
      Expr proper = isFloating() ? new Expr.Call("isnan", List.of(value)).not() : null;
      var all = new ArrayList<Expr>();
      all.add(count(value).as(prefix + "n"));
      all.add(only(min(value), proper).as(prefix + "lo"));
      all.add(only(max(value), proper).as(prefix + "hi"));
      if (proper != null) {
        all.add(count(value).where(proper).as(prefix + "p"));
      }
      return all;
    }

    private static Expr only(Expr.Aggregate aggregate, @Nullable Expr condition) {
      return condition == null ? aggregate : aggregate.where(condition);
    }

    boolean isFloating() {
      return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
    }
  }

  /** The checksum of the rows of the files. */
  RowChecksum run(List<DataFile> files) {
    List<Leaf> leaves = leaves(files);
    List<Expr> partitions = partitions();
    Map<String, Row> found = query(files, leaves, partitions);
    RowChecksum sum = RowChecksum.NOTHING;
    for (DataFile file : files) {
      Row row = found.get(LocalFileIO.path(file.location()));
      if (row != null) {
        RowChecksum rows = RowChecksum.of(row);
        sum = sum.and(rows);
        checkRows(file, rows.rows());
        leaves.forEach(leaf -> check(file, leaf, row, rows.rows()));
        checkPartition(file, row, partitions.size(), rows.rows());
      } else {
        checkRows(file, 0);
      }
    }
    return sum;
  }

  private Map<String, Row> query(List<DataFile> files, List<Leaf> leaves, List<Expr> partitions) {
    var aggregates = new ArrayList<Expr>(List.of(RowChecksum.aggregates(columns)));
    leaves.forEach(leaf -> aggregates.addAll(leaf.aggregates()));
    for (int i = 0; i < partitions.size(); i++) {
      aggregates.add(min(partitions.get(i)).as("__p" + i + "lo"));
      aggregates.add(max(partitions.get(i)).as("__p" + i + "hi"));
      aggregates.add(count(partitions.get(i)).as("__p" + i + "n"));
    }
    Set<String> locations = files.stream().map(DataFile::location).collect(Collectors.toSet());
    Frame rows =
        Frame.of(
            new Plan.Scan(dataset.source(head).under(columns).only(locations).withPositions()),
            dataset.engine());
    var found = new HashMap<String, Row>();
    rows.groupBy(TableScan.FILE)
        .agg(aggregates.toArray(Expr[]::new))
        .collect()
        .forEach(row -> found.put(String.valueOf(row.value(TableScan.FILE)), row));
    return found;
  }

  // ---- columns

  private List<Leaf> leaves(List<DataFile> files) {
    var wanted = new HashSet<Integer>();
    for (DataFile file : files) {
      addKeys(wanted, file.lowerBounds());
      addKeys(wanted, file.upperBounds());
      addKeys(wanted, file.nullValueCounts());
    }
    var leaves = new ArrayList<Leaf>();
    for (Types.NestedField column : columns.columns()) {
      add(column, column.name(), new Expr.Column(column.name()), wanted, leaves);
    }
    return leaves;
  }

  private static void addKeys(Set<Integer> ids, @Nullable Map<Integer, ?> statistics) {
    if (statistics != null) {
      ids.addAll(statistics.keySet());
    }
  }

  private static void add(
      Types.NestedField field, String path, Expr value, Set<Integer> wanted, List<Leaf> leaves) {
    if (field.type().isStructType()) {
      for (Types.NestedField member : field.type().asStructType().fields()) {
        add(
            member,
            path + "." + member.name(),
            new Expr.Member(value, member.name()),
            wanted,
            leaves);
      }
    } else if (field.type().isPrimitiveType() && wanted.contains(field.fieldId())) {
      leaves.add(new Leaf(field.fieldId(), path, field.type(), value, "__c" + leaves.size()));
    }
  }

  private boolean isWhole(DataFile file) {
    return !deletes.getOrDefault(file.location(), false);
  }

  private void checkRows(DataFile file, long rows) {
    boolean right = isWhole(file) ? rows == file.recordCount() : rows <= file.recordCount();
    if (!right) {
      problems.add(
          "%s: %d rows could be read, and its manifest says %d"
              .formatted(file.location(), rows, file.recordCount()));
    }
  }

  private void check(DataFile file, Leaf leaf, Row row, long rows) {
    long values = row.longValue(leaf.prefix() + "n");
    checkCount(file, leaf, "nulls", rows - values, file.nullValueCounts());
    if (leaf.isFloating()) {
      long proper = row.longValue(leaf.prefix() + "p");
      checkCount(file, leaf, "NaNs", values - proper, file.nanValueCounts());
    }
    checkBound(file, leaf, row.value(leaf.prefix() + "lo"), file.lowerBounds(), true);
    checkBound(file, leaf, row.value(leaf.prefix() + "hi"), file.upperBounds(), false);
  }

  private void checkCount(
      DataFile file, Leaf leaf, String what, long found, @Nullable Map<Integer, Long> statistics) {
    Long said = statistics == null ? null : statistics.get(leaf.id());
    if (said != null && (isWhole(file) ? found != said : found > said)) {
      problems.add(
          "%s: column %s has %d %s, and the manifest says %d"
              .formatted(file.location(), leaf.path(), found, what, said));
    }
  }

  private void checkBound(
      DataFile file,
      Leaf leaf,
      @Nullable Object found,
      @Nullable Map<Integer, ByteBuffer> statistics,
      boolean lower) {
    ByteBuffer said = statistics == null ? null : statistics.get(leaf.id());
    if (said == null || found == null || leaf.type().typeId() == Type.TypeID.UUID) {
      return;
    }
    Object bound = Conversions.fromByteBuffer(leaf.type(), said);
    int order = compare(leaf.type(), bound, internal(leaf.type(), found));
    if (lower ? order > 0 : order < 0) {
      problems.add(
          "%s: column %s has the value %s, and the manifest says that none is %s than %s"
              .formatted(
                  file.location(),
                  leaf.path(),
                  found,
                  lower ? "less" : "greater",
                  IcebergTypes.toJava(leaf.type(), bound)));
    }
  }

  /** As Iceberg orders them, but the two zeros are one value. */
  private static int compare(Type type, Object a, Object b) {
    if (a instanceof Number x
        && b instanceof Number y
        && x.doubleValue() == 0
        && y.doubleValue() == 0) {
      return 0;
    }
    Comparator<Object> comparator = Comparators.forType(type.asPrimitiveType());
    return comparator.compare(a, b);
  }

  private static Object internal(Type type, Object value) {
    Object days =
        type.typeId() == Type.TypeID.DATE && value instanceof Number n ? n.intValue() : null;
    return days != null
        ? days
        : java.util.Objects.requireNonNull(IcebergTypes.toIceberg(type, value));
  }

  // ---- partitions

  private List<Expr> partitions() {
    try {
      return Partitions.expressions(spec);
    } catch (InvalidRequest unknownTransform) {
      return List.of();
    }
  }

  private void checkPartition(DataFile file, Row row, int fields, long rows) {
    for (int i = 0; i < fields; i++) {
      if (spec.fields().get(i).transform().isVoid()) {
        continue;
      }
      Object said = file.partition().get(i, Object.class);
      Type type = spec.partitionType().fields().get(i).type();
      boolean right =
          said == null
              ? row.longValue("__p" + i + "n") == 0
              : row.longValue("__p" + i + "n") == rows
                  && isSame(type, said, row.value("__p" + i + "lo"))
                  && isSame(type, said, row.value("__p" + i + "hi"));
      if (!right) {
        problems.add(
            "%s: has rows of other partitions than %s = %s"
                .formatted(
                    file.location(), spec.fields().get(i).name(), IcebergTypes.toJava(type, said)));
      }
    }
  }

  private static boolean isSame(Type type, Object said, @Nullable Object found) {
    return found != null && compare(type, said, internal(type, found)) == 0;
  }
}
