package dev.tarn.lake.iceberg;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.TarnException;
import dev.tarn.expr.Expr;
import dev.tarn.lake.iceberg.TablePlanner.Planned;
import dev.tarn.lake.iceberg.TablePlanner.PlannedFile;
import dev.tarn.spi.Engine;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableScan;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table. Its columns are those that the table had when the source was made: they are
 * found by id, whatever they are called when a query runs. Safe for use by several threads; two are
 * equal when they have the same columns of the same version of one table.
 */
public final class TableSource implements Source {

  private final String name;
  private final Table table;
  private final Version version;
  private final org.apache.iceberg.Schema columns;
  private final Schema schema;
  private final boolean positions;
  private final @Nullable Set<String> locations;
  private final TablePlanner planner;
  private final Engine engine;

  /** Which version of the table. */
  private sealed interface Version {
    /** The branch's head when a query runs. */
    record Newest(String branch) implements Version {}

    /**
     * The snapshot itself, not its number: a query goes on with it though it expires meanwhile.
     * Null for a table without any.
     */
    record Fixed(@Nullable Snapshot snapshot) implements Version {}
  }

  private TableSource(
      String name,
      Table table,
      Version version,
      org.apache.iceberg.Schema columns,
      boolean positions,
      @Nullable Set<String> locations,
      TablePlanner planner,
      Engine engine) {
    this.name = name;
    this.table = table;
    this.version = version;
    this.columns = columns;
    this.positions = positions;
    this.locations = locations;
    this.planner = planner;
    this.engine = engine;
    this.schema = schema(columns, positions);
  }

  private static Schema schema(org.apache.iceberg.Schema columns, boolean positions) {
    var fields = new ArrayList<>(IcebergTypes.schema(columns).fields());
    if (positions) {
      fields.add(new Field(TableScan.FILE, DataType.VARCHAR));
      fields.add(new Field(TableScan.POSITION, DataType.BIGINT));
    }
    return new Schema(fields);
  }

  /** What the head of a branch is when a query runs, with the columns of today. */
  public static TableSource newest(
      String name, Table table, String branch, TablePlanner planner, Engine engine) {
    return new TableSource(
        name, table, new Version.Newest(branch), table.schema(), false, null, planner, engine);
  }

  /**
   * One snapshot, with the columns that the table had then.
   *
   * @param snapshot null for a table without any
   */
  public static TableSource of(
      String name, Table table, @Nullable Snapshot snapshot, TablePlanner planner, Engine engine) {
    Long id = snapshot == null ? null : (Long) snapshot.snapshotId();
    org.apache.iceberg.Schema columns =
        id == null ? table.schema() : SnapshotUtil.schemaFor(table, id);
    return new TableSource(
        name, table, new Version.Fixed(snapshot), columns, false, null, planner, engine);
  }

  /** The same rows under the columns of another schema of the table. */
  public TableSource under(org.apache.iceberg.Schema others) {
    return new TableSource(name, table, version, others, positions, locations, planner, engine);
  }

  /** With columns that say where each row stands. */
  public TableSource withPositions() {
    return new TableSource(name, table, version, columns, true, locations, planner, engine);
  }

  /** Only the rows of these data files, by their locations in the table. */
  public TableSource only(Set<String> wanted) {
    return new TableSource(
        name, table, version, columns, positions, Set.copyOf(wanted), planner, engine);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean usesRequests() {
    return true;
  }

  /** What the snapshot's summary says, rows that were deleted since among them. */
  @Override
  public OptionalLong rowEstimate() {
    Snapshot snapshot = snapshot();
    String rows = snapshot == null ? "0" : summary(snapshot).get("total-records");
    return rows == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rows));
  }

  private static Map<String, String> summary(Snapshot snapshot) {
    return snapshot.summary() == null ? Map.of() : snapshot.summary();
  }

  private @Nullable Snapshot snapshot() {
    return switch (version) {
      case Version.Fixed(Snapshot fixed) -> fixed;
      case Version.Newest(String branch) -> head(branch);
    };
  }

  /** Files of a version can be gone once it has expired. */
  private Optional<TarnException> expired() {
    return version instanceof Version.Fixed(Snapshot fixed)
            && fixed != null
            && table.snapshot(fixed.snapshotId()) == null
        ? Optional.of(
            new InvalidRequest(
                "Cannot read [%s]: snapshot %d has expired. Read a version that is still there."
                    .formatted(name, fixed.snapshotId())))
        : Optional.empty();
  }

  private @Nullable Snapshot head(String branch) {
    if (branch.equals(SnapshotRef.MAIN_BRANCH)) {
      return table.currentSnapshot();
    }
    Snapshot snapshot = table.snapshot(branch);
    if (snapshot == null) {
      throw new InvalidRequest(
          "Cannot read [%s]: there is no branch %s. Create it, or read another."
              .formatted(name, branch));
    }
    return snapshot;
  }

  /** The branch's head of now, which is asked for with one look at the catalog. */
  @Override
  public TableSource pinned() {
    return switch (version) {
      case Version.Fixed ignored -> this;
      case Version.Newest(String branch) -> pinned(branch);
    };
  }

  private TableSource pinned(String branch) {
    try {
      table.refresh();
    } catch (RuntimeException e) {
      throw expired().orElseGet(() -> IcebergErrors.of("read [%s]".formatted(name), e));
    }
    Snapshot head = head(branch);
    checkColumns(table.schema());
    return new TableSource(
        name, table, new Version.Fixed(head), columns, positions, locations, planner, engine);
  }

  /** Columns may have been renamed and added since the source was made, not dropped or widened. */
  private void checkColumns(org.apache.iceberg.Schema today) {
    if (today.sameSchema(columns)) {
      return;
    }
    for (Map.Entry<Integer, NestedField> column :
        TypeUtil.indexById(columns.asStruct()).entrySet()) {
      Type now = today.findType(column.getKey());
      Type then = column.getValue().type();
      if (now == null) {
        throw stale(column.getKey(), "was dropped");
      }
      if (then.isPrimitiveType() && !then.equals(now)) {
        throw stale(column.getKey(), "was %s and is %s now".formatted(then, now));
      }
    }
  }

  private InvalidRequest stale(int id, String what) {
    return new InvalidRequest(
        "Cannot read [%s]: column %s %s. Make the frame again."
            .formatted(name, columns.findColumnName(id), what));
  }

  // ---- planning

  @Override
  public TableScan plan(ScanRequest request) {
    try {
      return version instanceof Version.Newest ? pinned().plan(request) : planned(request);
    } catch (RuntimeException e) {
      throw IcebergErrors.of("read [%s]".formatted(name), e);
    }
  }

  private TableScan planned(ScanRequest request) {
    Snapshot snapshot = snapshot();
    Predicates.Converted filters = Predicates.convert(request.filters(), columns);
    org.apache.iceberg.Schema today = table.schema();
    Planned planned =
        planner.plan(table, snapshot, Renames.apply(filters.expression(), columns, today));
    List<PlannedFile> files = wanted(planned.files());
    List<TableScan.Group> groups = new FileGroups(name, table, columns, planner, engine).of(files);
    return new TableScan(
        IcebergTypes.columns(columns),
        groups,
        planned.totalFiles(),
        positions ? TableScan.Position.FILE_AND_ROW : TableScan.Position.NONE,
        notes(snapshot, filters.unused()));
  }

  private List<PlannedFile> wanted(List<PlannedFile> files) {
    return locations == null
        ? files
        : files.stream().filter(file -> locations.contains(file.file().location())).toList();
  }

  private static List<String> notes(@Nullable Snapshot snapshot, List<Expr> unused) {
    var notes = new ArrayList<String>();
    notes.add(snapshot == null ? "no snapshot" : "snapshot " + snapshot.snapshotId());
    if (!unused.isEmpty()) {
      notes.add(
          "not used for pruning: "
              + String.join(", ", unused.stream().map(ExprSql::nameOf).toList()));
    }
    return notes;
  }

  // ---- identity

  private List<@Nullable Object> identity() {
    var parts = new ArrayList<@Nullable Object>();
    parts.add(table.uuid());
    parts.add(version);
    parts.add(columns.asStruct());
    parts.add(positions);
    parts.add(locations);
    return parts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSource source && identity().equals(source.identity());
  }

  @Override
  public int hashCode() {
    return Objects.hash(table.uuid(), version, positions);
  }

  @Override
  public String toString() {
    return name;
  }
}
