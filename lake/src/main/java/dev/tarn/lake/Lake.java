package dev.tarn.lake;

import dev.tarn.Frame;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.UnknownColumn;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.lake.iceberg.Catalogs;
import dev.tarn.lake.iceberg.IcebergErrors;
import dev.tarn.lake.iceberg.IcebergTypes;
import dev.tarn.lake.iceberg.LocalFileIO;
import dev.tarn.lake.iceberg.TablePlanner;
import dev.tarn.spi.Engine;
import dev.tarn.type.Schema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortDirection;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * A set of datasets with names, {@code sales} or {@code namespace.sales}. Every dataset is an
 * Apache Iceberg table, so that other readers of Iceberg can open it. Safe for use by several
 * threads, and several processes may open one lake at once. Whoever opens it closes it; the engine
 * is not its own.
 */
public final class Lake implements AutoCloseable {

  /** The namespace of names without one. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** A part of a name, which becomes a folder's: nothing of a path or pattern. */
  private static final Pattern PART = Pattern.compile("[^/\\\\*?\\[\\]:\"'\\p{Cntrl}]{1,200}");

  private final Catalog catalog;
  private final Engine engine;
  private final TablePlanner planner = new TablePlanner();

  private final @Nullable String warehouse;

  private Lake(Catalog catalog, @Nullable Path warehouse, Engine engine) {
    this.catalog = catalog;
    this.warehouse = warehouse == null ? null : warehouse.toAbsolutePath().normalize().toString();
    this.engine = engine;
  }

  /**
   * Opens a lake, and makes it where there is none.
   *
   * @throws dev.tarn.error.Unavailable when its catalog is out of reach
   */
  public static Lake open(LakeCatalog catalog, Engine engine) {
    var lake = new Lake(Catalogs.open(catalog), warehouse(catalog), engine);
    try {
      lake.makeNamespace(Namespace.of(DEFAULT_NAMESPACE));
      return lake;
    } catch (RuntimeException e) {
      lake.close();
      throw e;
    }
  }

  private static @Nullable Path warehouse(LakeCatalog catalog) {
    return switch (catalog) {
      case LakeCatalog.Sqlite c -> c.folder();
      case LakeCatalog.Jdbc c -> c.warehouse();
      case LakeCatalog.Rest c -> null;
    };
  }

  Engine engine() {
    return engine;
  }

  TablePlanner planner() {
    return planner;
  }

  // ---- datasets

  /** Names of all datasets, sorted; those of the default namespace without it. */
  public List<String> datasets() {
    return call(
        "list the lake",
        () -> {
          var names = new TreeSet<String>();
          for (Namespace namespace : allNamespaces()) {
            catalog.listTables(namespace).forEach(id -> names.add(name(id)));
          }
          return List.copyOf(names);
        });
  }

  /** Whether there is one of the name. */
  public boolean contains(String name) {
    return call("look for [%s]".formatted(name), () -> catalog.tableExists(identifier(name)));
  }

  /**
   * Opens a dataset.
   *
   * @throws InvalidRequest when there is none of the name
   */
  public Dataset dataset(String name) {
    return find(name).orElseThrow(() -> missing(name));
  }

  private InvalidRequest missing(String name) {
    return new InvalidRequest(
        "Cannot open [%s]: the lake has no dataset of that name.%s".formatted(name, hint(name)));
  }

  /** One whose metadata is damaged can be renamed and dropped, too. */
  private void requireThere(String name) {
    TableIdentifier id = identifier(name);
    if (!namespacesOf().namespaceExists(id.namespace())
        || !catalog.listTables(id.namespace()).contains(id)) {
      throw missing(name);
    }
  }

  /** A dataset, if there is one of the name. */
  public Optional<Dataset> find(String name) {
    TableIdentifier id = identifier(name);
    return call(
        "open [%s]".formatted(name),
        () -> {
          try {
            return Optional.of(new Dataset(this, name(id), catalog.loadTable(id)));
          } catch (NoSuchTableException e) {
            return Optional.empty();
          }
        });
  }

  private String hint(String name) {
    List<String> names = datasets();
    if (names.isEmpty()) {
      return " It is empty: make one by create or write.";
    }
    return UnknownColumn.nearest(name, names)
        .map(nearest -> " Did you mean %s?".formatted(nearest))
        .orElseGet(() ->
            " It has %s."
                .formatted(String.join(", ", names.subList(0, Math.min(20, names.size())))));
  }

  /** Makes an empty dataset of these columns, all of which may be null unless required. */
  public Dataset create(String name, Schema schema, Option.OfTable... options) {
    var layout = TableLayout.of(options);
    TableIdentifier id = identifier(name);
    return call(
        "create [%s]".formatted(name),
        () -> {
          makeNamespace(id.namespace());
          org.apache.iceberg.Schema columns = columns(schema, layout);
          Table table =
              catalog
                  .buildTable(id, columns)
                  .withPartitionSpec(spec(columns, layout))
                  .withSortOrder(order(columns, layout))
                  .withProperties(properties(layout))
                  .withLocation(newLocation(id))
                  .create();
          return new Dataset(this, name(id), table);
        });
  }

  /** Makes a dataset of a frame's columns and rows, by one commit. */
  public Dataset create(String name, Frame frame, Option.OfTable... options) {
    var layout = TableLayout.of(options);
    TableIdentifier id = identifier(name);
    String doing = "create [%s]".formatted(name);
    return call(
        doing,
        () -> {
          makeNamespace(id.namespace());
          org.apache.iceberg.Schema columns = columns(frame.schema(), layout);
          Transaction transaction =
              catalog
                  .buildTable(id, columns)
                  .withPartitionSpec(spec(columns, layout))
                  .withSortOrder(order(columns, layout))
                  .withProperties(properties(layout))
                  .withLocation(newLocation(id))
                  .createTransaction();
          fill(doing, transaction, frame);
          return new Dataset(this, name(id), catalog.loadTable(id));
        });
  }

  private void fill(String doing, Transaction transaction, Frame frame) {
    Table table = transaction.table();
    var shaping = new Shaping(doing, table.schema(), false);
    DataWriter.Written written =
        shaping.explaining(
            frame, () -> new DataWriter(engine, table).write(shaping.shape(frame).plan()));
    try {
      if (!written.dataFiles().isEmpty()) {
        var append = transaction.newAppend();
        written.dataFiles().forEach(append::appendFile);
        append.commit();
      }
      transaction.commitTransaction();
    } catch (org.apache.iceberg.exceptions.AlreadyExistsException e) {
      written.remove();
      throw e;
    }
  }

  /** Gives a dataset another name; its files stay where they are. */
  public void rename(String from, String to) {
    call(
        "rename [%s] to [%s]".formatted(from, to),
        () -> {
          requireThere(from);
          TableIdentifier target = identifier(to);
          makeNamespace(target.namespace());
          catalog.renameTable(identifier(from), target);
          return true;
        });
  }

  /** Takes a dataset out of the lake; its files stay, and can be registered again. */
  public void drop(String name) {
    call(
        "drop [%s]".formatted(name),
        () -> {
          requireThere(name);
          return catalog.dropTable(identifier(name), false);
        });
  }

  /**
   * Takes a dataset out of the lake and removes its folder. Files that were adopted from elsewhere
   * stay.
   */
  public void dropAndPurge(String name) {
    call(
        "drop [%s]".formatted(name),
        () -> {
          Table table = dataset(name).table();
          boolean dropped = catalog.dropTable(identifier(name), false);
          Folders.delete(LocalFileIO.path(table.location()));
          return dropped;
        });
  }

  // ---- namespaces

  /** All namespaces, nested ones with dots between their parts. */
  public List<String> namespaces() {
    return call(
        "list the namespaces",
        () -> allNamespaces().stream().map(Namespace::toString).sorted().toList());
  }

  /** Makes a namespace; one that is there is no failure. */
  public void createNamespace(String name) {
    call(
        "create namespace [%s]".formatted(name),
        () -> {
          makeNamespace(Namespace.of(parts(name)));
          return true;
        });
  }

  /** Removes a namespace that is empty. */
  public void dropNamespace(String name) {
    call(
        "drop namespace [%s]".formatted(name),
        () -> {
          if (!namespacesOf().dropNamespace(Namespace.of(parts(name)))) {
            throw new InvalidRequest(
                "Cannot drop namespace [%s]: there is none of that name.".formatted(name));
          }
          return true;
        });
  }

  private List<Namespace> allNamespaces() {
    var found = new ArrayList<Namespace>();
    collect(Namespace.empty(), found);
    return found;
  }

  private void collect(Namespace parent, List<Namespace> found) {
    for (Namespace child : namespacesOf().listNamespaces(parent)) {
      found.add(child);
      collect(child, found);
    }
  }

  private SupportsNamespaces namespacesOf() {
    return (SupportsNamespaces) catalog;
  }

  private void makeNamespace(Namespace namespace) {
    if (!namespacesOf().namespaceExists(namespace)) {
      try {
        namespacesOf().createNamespace(namespace);
      } catch (RuntimeException e) {
        if (!namespacesOf().namespaceExists(namespace)) { // else another process was first
          throw IcebergErrors.of("create namespace [%s]".formatted(namespace), e);
        }
      }
    }
  }

  // ---- names

  private static TableIdentifier identifier(String name) {
    String[] parts = parts(name);
    return parts.length == 1
        ? TableIdentifier.of(DEFAULT_NAMESPACE, parts[0])
        : TableIdentifier.of(parts);
  }

  /** Whether a dataset may be called so; a path may not. */
  public static boolean isName(String name) {
    for (String part : name.split("\\.", -1)) {
      if (part.isBlank() || !PART.matcher(part).matches()) {
        return false;
      }
    }
    return true;
  }

  private static String[] parts(String name) {
    String[] parts = name.split("\\.", -1);
    if (!isName(name)) {
      throw new InvalidRequest(
          "Cannot name a dataset '%s': names are letters, digits and what else a folder may be called, with dots after namespaces."
              .formatted(name));
    }
    return parts;
  }

  private static String name(TableIdentifier id) {
    return id.namespace().toString().equals(DEFAULT_NAMESPACE) ? id.name() : id.toString();
  }

  /** Never a folder that was used before: what a dropped dataset left there is not ours. */
  private @Nullable String newLocation(TableIdentifier id) {
    return warehouse == null
        ? null // a REST catalog chooses
        : "%s/%s/%s-%s"
            .formatted(
                warehouse,
                String.join("/", id.namespace().levels()),
                id.name(),
                UUID.randomUUID().toString().substring(0, 8));
  }

  // ---- layout

  private static org.apache.iceberg.Schema columns(Schema schema, TableLayout layout) {
    org.apache.iceberg.Schema optional = IcebergTypes.schema(schema);
    for (String name : layout.required()) {
      if (optional.caseInsensitiveFindField(name) == null) {
        throw UnknownColumn.of("require", name, "", schema.names());
      }
    }
    var columns = new ArrayList<Types.NestedField>();
    for (Types.NestedField column : optional.columns()) {
      boolean required = layout.required().stream().anyMatch(column.name()::equalsIgnoreCase);
      columns.add(required ? column.asRequired() : column);
    }
    return new org.apache.iceberg.Schema(columns);
  }

  private static PartitionSpec spec(org.apache.iceberg.Schema columns, TableLayout layout) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(columns);
    for (Transform transform : layout.partitions()) {
      transform.addTo(spec, exactName(columns, "partition by", transform.column()));
    }
    return spec.build();
  }

  private static SortOrder order(org.apache.iceberg.Schema columns, TableLayout layout) {
    return order(columns, layout.sortedBy());
  }

  static SortOrder order(org.apache.iceberg.Schema columns, List<SortKey> keys) {
    SortOrder.Builder order = SortOrder.builderFor(columns);
    for (SortKey key : keys) {
      if (!(key.expr() instanceof Expr.Column column)) {
        throw new InvalidRequest(
            "Cannot keep a dataset sorted by an expression: name columns, or sort the frame.");
      }
      order.sortBy(
          exactName(columns, "sort by", column.name()),
          key.direction() == SortKey.Direction.ASC ? SortDirection.ASC : SortDirection.DESC,
          key.nulls() == SortKey.Nulls.FIRST ? NullOrder.NULLS_FIRST : NullOrder.NULLS_LAST);
    }
    return order.build();
  }

  /** A column's name as the table has it. */
  static String exactName(org.apache.iceberg.Schema columns, String verb, String name) {
    Types.NestedField field = columns.caseInsensitiveFindField(name);
    if (field == null) {
      throw UnknownColumn.of(
          verb, name, "", columns.columns().stream().map(Types.NestedField::name).toList());
    }
    return columns.findColumnName(field.fieldId());
  }

  private static Map<String, String> properties(TableLayout layout) {
    var properties = new HashMap<String, String>();
    properties.put(TableProperties.FORMAT_VERSION, "2");
    properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
    layout
        .compression()
        .ifPresent(c -> {
          properties.put(
              TableProperties.PARQUET_COMPRESSION, c.codec().name().toLowerCase(Locale.ROOT));
          c.level()
              .ifPresent(level ->
                  properties.put(
                      TableProperties.PARQUET_COMPRESSION_LEVEL, Integer.toString(level)));
        });
    properties.put(
        TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
        Long.toString(layout.fileBytes().orElse(DataWriter.DEFAULT_FILE_BYTES)));
    // Many writers at once: tries cost milliseconds, and losing one costs the caller the write.
    properties.put(TableProperties.COMMIT_NUM_RETRIES, "100");
    properties.put(TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "10");
    properties.put(TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "500");
    properties.put(TableProperties.COMMIT_TOTAL_RETRY_TIME_MS, "120000");
    return properties;
  }

  // ---- the rest

  static <T> T call(String doing, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw IcebergErrors.of(doing, e);
    }
  }

  @Override
  public void close() {
    try {
      if (catalog instanceof Closeable closeable) {
        closeable.close();
      }
    } catch (IOException e) {
      throw IcebergErrors.of("close the lake", e);
    }
  }

  // ---- keeping it in shape

  /**
   * Makes a folder of Parquet files a dataset, without copying them. Columns are found by name, as
   * wide as the widest of them, and null in files that lack them; those in paths, {@code
   * year=2024/}, become partitions. Files and folders whose names start with a dot or an underscore
   * are left out. The files stay where they are, are never removed, and must not change; {@link
   * Dataset#verify()} finds those that did.
   *
   * @throws InvalidRequest when the folder has no Parquet file, or is a table's
   * @throws dev.tarn.error.BadData when a column has types in them that none can hold
   */
  public Dataset adopt(String folder, String name) {
    TableIdentifier id = identifier(name);
    return call(
        "adopt [%s] as [%s]".formatted(folder, name),
        () -> {
          if (catalog.tableExists(id)) {
            throw new InvalidRequest(
                "Cannot adopt [%s] as [%s]: there is a dataset of that name. Choose another."
                    .formatted(folder, name));
          }
          var adoption = new Adoption(engine, folder, name);
          makeNamespace(id.namespace());
          org.apache.iceberg.Schema columns = adoption.columns();
          adoption.commit(
              catalog
                  .buildTable(id, columns)
                  .withPartitionSpec(adoption.spec(columns))
                  .withProperties(properties(TableLayout.of()))
                  .withLocation(newLocation(id))
                  .createTransaction());
          return new Dataset(this, name(id), catalog.loadTable(id));
        });
  }

  /**
   * Removes folders of datasets whose creation was killed before its commit, if all in them is
   * older than the grace period. Those of dropped datasets stay; {@link Dataset#vacuum} cleans
   * those of datasets.
   */
  public VacuumResult vacuum(Duration grace) {
    return call("vacuum the lake", () -> new LeftoverFolders(grace).remove(namespaceFolders()));
  }

  /** What {@link #vacuum} would remove. */
  public List<UnusedFile> vacuumable(Duration grace) {
    return call("vacuum the lake", () -> new LeftoverFolders(grace).find(namespaceFolders()));
  }

  private List<Path> namespaceFolders() {
    return warehouse == null
        ? List.of()
        : allNamespaces().stream()
            .map(namespace -> Path.of(LocalFileIO.path(warehouse), namespace.levels()))
            .toList();
  }
}
