package dev.tarn.duckdb;

import dev.tarn.error.Unavailable;
import dev.tarn.expr.Expr;
import dev.tarn.expr.SortKey;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.WrittenFile;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the data files of a table: into a hidden folder within the target's, from where finished
 * files are moved up and forced to the disk.
 */
final class DataFileWriter {

  private static final String DRAFT = ".draft";

  /** Partition keys of text stand in names of folders, which hold 255 bytes, escaped up to 3:1. */
  private static final int LONGEST_KEY = 60;

  /** The engine's own column of a Parquet file, which one of the same name in the file hides. */
  private static final String ROW_NUMBER = "file_row_number";

  private final DuckDbEngine engine;
  private final Plan plan;
  private final DataFileSink sink;
  private final RunOptions options;
  private final String doing;
  private final Path folder;
  private final List<String> keys;

  DataFileWriter(DuckDbEngine engine, Plan plan, DataFileSink sink, RunOptions options) {
    this.engine = engine;
    this.plan = plan;
    this.sink = sink;
    this.options = options;
    this.doing = "write [%s]".formatted(sink.folder());
    this.folder = Path.of(sink.folder());
    this.keys = keys(sink);
  }

  /** Names for the partitions that no column has. */
  private static List<String> keys(DataFileSink sink) {
    Set<String> taken =
        sink.columns().stream()
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    var keys = new ArrayList<String>();
    for (int i = 1; keys.size() < sink.partitions().size(); i++) {
      if (!taken.contains("__p" + i)) {
        keys.add("__p" + i);
      }
    }
    return keys;
  }

  List<WrittenFile> write() {
    List<DataType> types = partitionTypes();
    Path draft = FileTree.hidden(folder.resolve("write"), UUID.randomUUID());
    var moved = new ArrayList<Path>();
    boolean complete = false;
    try {
      List<Path> parents = makeFolder();
      Files.createDirectory(draft);
      List<Draft> drafts = copy(draft, types);
      requireAll(draft, drafts);
      var files = new ArrayList<WrittenFile>();
      for (Draft file : drafts) {
        if (file.rows() > 0) {
          List<@Nullable Object> partition = partition(file, types);
          Path path = folder.resolve(finalName(file.path()));
          moved.add(path);
          Files.move(file.path(), path);
          FileTree.syncOne(path);
          files.add(file.written(path, partition));
        }
      }
      for (Path parent : parents) {
        FileTree.syncOne(parent);
      }
      complete = true;
      return files;
    } catch (IOException e) {
      throw FileWriter.failure(doing, e);
    } finally {
      FileWriter.removeDraft(draft);
      if (!complete) {
        moved.forEach(FileWriter::removeDraft);
      }
    }
  }

  /** Makes the folder; returns all folders that have new entries then. */
  private List<Path> makeFolder() throws IOException {
    var changed = new ArrayList<Path>();
    changed.add(folder);
    Path missing = folder.toAbsolutePath();
    while (missing.getParent() != null && !Files.exists(missing)) {
      missing = missing.getParent();
      changed.add(missing);
    }
    Files.createDirectories(folder);
    return changed;
  }

  private static String finalName(Path draft) {
    String name = draft.getFileName().toString();
    return name.substring(0, name.length() - DRAFT.length()) + ".parquet";
  }

  /** What DuckDB said of a file it has written. */
  record Draft(
      Path path,
      long rows,
      long bytes,
      Map<String, @Nullable String> keys,
      Map<Integer, ColumnStats> stats) {

    Draft of(Map<String, @Nullable String> partition) {
      return new Draft(path, rows, bytes, partition, stats);
    }

    @SuppressWarnings("NullAway") // it takes the record's list for one without nulls
    WrittenFile written(Path at, List<@Nullable Object> partition) {
      return new WrittenFile(at.toString(), rows, bytes, partition, stats);
    }
  }

  /** A result that broke off would leave out files. */
  private void requireAll(Path draft, List<Draft> files) throws IOException {
    var listed = new HashSet<Path>();
    files.forEach(file -> listed.add(file.path()));
    for (Path path : FileTree.paths(draft)) {
      if (Files.isRegularFile(path) && !listed.remove(path)) {
        throw new Unavailable(
            "Cannot %s: the engine left out a file that it has written. Write again."
                .formatted(doing));
      }
    }
    if (!listed.isEmpty()) {
      throw new Unavailable(
          "Cannot %s: a written file is gone. Let nothing else remove files there."
              .formatted(doing));
    }
  }

  // ---- the statement

  private List<Draft> copy(Path draft, List<DataType> types) throws IOException {
    if (!keys.isEmpty()) {
      return sink.sortedBy().isEmpty()
          ? copy(session -> session.render(ordered(types)), draft, partitionedFiles())
          : copySortedPartitions(draft, types);
    }
    // In no order that was asked for, rows of a file are still those that lie near each other.
    return sink.sortedBy().isEmpty()
        ? copy(session -> session.render(plan), draft, files())
        : copyInOrder(ordered(types), draft);
  }

  /**
   * The order is kept by many threads at once, but only in one file. Where that comes out too large
   * it is written again as several: slices of it, which the engine finds without reading the rest.
   */
  private List<Draft> copyInOrder(Plan rows, Path draft) throws IOException {
    Path file = draft.resolve(UUID.randomUUID() + DRAFT);
    List<Draft> whole = copy(session -> session.render(rows), file, List.of());
    long files = SortedPartitions.filesFor((double) Files.size(file), sink.fileBytes());
    if (files == 1) {
      return whole;
    }
    List<Draft> drafts =
        has(ROW_NUMBER)
            ? copyByOne(file, Files.createDirectory(draft.resolve("parts")))
            : copySlices(file, whole.getFirst().rows(), files);
    Files.delete(file);
    return drafts;
  }

  private List<Draft> copySortedPartitions(Path draft, List<DataType> types) throws IOException {
    // Both zeros, and all NaNs, sort as one, but are not of one partition.
    if (types.stream().anyMatch(Bounds::hasNans) || has(SortedPartitions.ROW_ID)) {
      return copyPartitions(session -> session.render(ordered(types)), draft);
    }
    var copies =
        new SortedPartitions.Copies() {
          @Override
          public Draft one(String rows) {
            return copy(session -> rows, draft.resolve(UUID.randomUUID() + DRAFT), List.of())
                .getFirst();
          }

          @Override
          public List<Draft> partitioned(String rows) {
            return copyPartitions(session -> rows, draft);
          }
        };
    return new SortedPartitions(engine, doing, options, keys, sink.fileBytes(), copies)
        .write(session -> session.render(ordered(types)));
  }

  /** Partitions that follow each other, by one thread. */
  private List<Draft> copyPartitions(Function<Session, String> rows, Path draft) {
    return copy(session -> inOrder(rows.apply(session)), draft, partitionedFiles());
  }

  private boolean has(String column) {
    return sink.columns().stream().anyMatch(c -> c.name().equalsIgnoreCase(column));
  }

  private List<Draft> copySlices(Path file, long rows, long parts) {
    String from = "SELECT * FROM " + TableFiles.parquet(List.of(file.toString()), List.of());
    long each = Math.ceilDiv(rows, parts);
    var drafts = new ArrayList<Draft>();
    for (long first = 0; first < rows; first += each) {
      String slice =
          "%s WHERE %s >= %d AND %s < %d"
              .formatted(from, ROW_NUMBER, first, ROW_NUMBER, first + each);
      Path part = file.resolveSibling(UUID.randomUUID() + DRAFT);
      drafts.addAll(copy(session -> slice, part, List.of()));
    }
    return drafts;
  }

  private List<Draft> copyByOne(Path file, Path parts) {
    String rows = "SELECT * FROM " + TableFiles.parquet(List.of(file.toString()), List.of());
    return copy(session -> inOrder(rows), parts, files());
  }

  private List<Draft> copy(Function<Session, String> rows, Path to, List<String> more) {
    try (DuckDbQuery query =
        engine.query(
            doing,
            session ->
                "COPY (%s) TO %s (%s)"
                    .formatted(
                        rows.apply(session),
                        FileWriter.literal(to.toString()),
                        String.join(", ", copyOptions(more))),
            options)) {
      return query.execute(statement -> {
        var drafts = new ArrayList<Draft>();
        try (ResultSet files = statement.executeQuery()) {
          while (files.next()) {
            drafts.add(draft(files));
          }
        }
        return drafts;
      });
    }
  }

  /**
   * Files that are closed by size, or are of partitions, are written by several threads in any
   * order. A running window has one thread write what it is given; but not from several inputs of a
   * UNION, whose threads are more.
   */
  private static String inOrder(String rows) {
    return "SELECT * FROM (" + rows + ") QUALIFY row_number() OVER () > 0";
  }

  /** Rows of a partition follow each other: else each of them holds a file open until the end. */
  private Plan ordered(List<DataType> types) {
    Plan keyed = keyed(types);
    var order = new ArrayList<SortKey>();
    keys.forEach(key -> order.add(SortKey.of(key)));
    order.addAll(sink.sortedBy());
    return new Plan.Sort(keyed, order);
  }

  private Plan keyed(List<DataType> types) {
    if (keys.isEmpty()) {
      return plan;
    }
    var columns = new ArrayList<Expr.Alias>();
    sink.columns().forEach(c -> columns.add(new Expr.Column(c.name()).as(c.name())));
    for (int i = 0; i < keys.size(); i++) {
      columns.add(key(sink.partitions().get(i), types.get(i)).as(keys.get(i)));
    }
    return new Plan.Project(plan, columns);
  }

  /** Text of any length, or none, as a short text that says which it is. */
  private static Expr key(Expr value, DataType type) {
    if (!isText(type)) {
      return value;
    }
    Expr text =
        type.equals(DataType.BLOB)
            ? call("hex", value)
            : new Expr.Cast(value, DataType.VARCHAR, Expr.OnFailure.FAIL);
    return new Expr.Case(
        List.of(
            new Expr.Branch(
                new Expr.Comparison(
                    Expr.Test.LE, call("strlen", text), new Expr.Literal(LONGEST_KEY)),
                concat("v", text))),
        concat("h", call("sha256", text)));
  }

  private static Expr call(String function, Expr argument) {
    return new Expr.Call(function, List.of(argument));
  }

  private static Expr concat(String mark, Expr text) {
    return new Expr.Arithmetic(Expr.Operator.CONCAT, new Expr.Literal(mark), text);
  }

  private static boolean isText(DataType type) {
    return switch (type) {
      case DataType.Decimal t -> false;
      case DataType.Simple t ->
          switch (t) {
            case VARCHAR, JSON, BIT, BLOB, INTERVAL, NULL -> true;
            default -> false;
          };
      default -> true;
    };
  }

  private List<String> copyOptions(List<String> more) {
    var all = new ArrayList<String>();
    all.add("FORMAT parquet");
    all.add("RETURN_STATS");
    all.add("FIELD_IDS " + fieldIds(sink.columns(), List.of()));
    all.add("COMPRESSION " + sink.codec().name().toLowerCase(Locale.ROOT));
    sink.level().ifPresent(level -> all.add("COMPRESSION_LEVEL " + level));
    sink.rowGroupRows().ifPresent(rows -> all.add("ROW_GROUP_SIZE " + rows));
    all.addAll(more);
    return all;
  }

  private List<String> files() {
    return List.of(
        "FILE_SIZE_BYTES " + sink.fileBytes(),
        "FILENAME_PATTERN '{uuid}'",
        "FILE_EXTENSION '" + DRAFT.substring(1) + "'",
        "OVERWRITE_OR_IGNORE true");
  }

  private List<String> partitionedFiles() {
    var all = new ArrayList<>(files());
    all.add(
        keys.stream()
            .map(DuckDbDialect.DUCKDB::quote)
            .collect(Collectors.joining(", ", "PARTITION_BY (", ")")));
    return all;
  }

  private static String fieldIds(List<TableColumn> columns, List<String> before) {
    var ids = new ArrayList<>(before);
    for (int i = 0; i < columns.size(); i++) {
      TableColumn column = columns.get(i);
      String own = "__duckdb_field_id: " + column.id();
      String id =
          column.children().isEmpty()
              ? Integer.toString(column.id())
              : fieldIds(parts(column), List.of(own));
      ids.add(DuckDbDialect.DUCKDB.quote(column.name()) + ": " + id);
    }
    return "{" + String.join(", ", ids) + "}";
  }

  /** Elements, keys and values under the names that DuckDB has for them. */
  private static List<TableColumn> parts(TableColumn column) {
    List<String> names =
        switch (column.type()) {
          case DataType.ListOf t -> List.of("element");
          case DataType.ArrayOf t -> List.of("element");
          case DataType.MapOf t -> List.of("key", "value");
          default -> column.children().stream().map(TableColumn::name).toList();
        };
    var parts = new ArrayList<TableColumn>();
    for (int i = 0; i < names.size(); i++) {
      TableColumn part = column.children().get(i);
      parts.add(
          new TableColumn(part.id(), names.get(i), part.type(), part.children(), part.initial()));
    }
    return parts;
  }

  // ---- what was written

  private Draft draft(ResultSet file) throws SQLException {
    Map<?, ?> columns = (Map<?, ?>) file.getObject("column_statistics");
    var stats = new HashMap<Integer, ColumnStats>();
    addStats(sink.columns(), "", columns, stats);
    var partition = new HashMap<String, @Nullable String>();
    if (file.getObject("partition_keys") instanceof Map<?, ?> found) {
      found.forEach((key, value) ->
          partition.put(String.valueOf(key), value == null ? null : value.toString()));
    }
    return new Draft(
        Path.of(file.getString("filename")),
        file.getLong("count"),
        file.getLong("file_size_bytes"),
        partition,
        stats);
  }

  private static void addStats(
      List<TableColumn> columns, String path, Map<?, ?> from, Map<Integer, ColumnStats> to) {
    for (TableColumn column : columns) {
      String name = path + DuckDbDialect.DUCKDB.quote(column.name());
      if (column.type() instanceof DataType.Struct) {
        addStats(column.children(), name + ".", from, to);
      } else if (column.children().isEmpty() && from.get(name) instanceof Map<?, ?> stats) {
        to.put(column.id(), stats(column.type(), stats));
      }
    }
  }

  private static ColumnStats stats(DataType type, Map<?, ?> stats) {
    boolean nanFree = "false".equals(text(stats, "has_nan"));
    boolean bounded = !Bounds.hasNans(type) || nanFree;
    boolean maxExact = "true".equals(text(stats, "max_is_exact"));
    OptionalLong nans =
        !Bounds.hasNans(type)
            ? OptionalLong.empty()
            : nanFree ? OptionalLong.of(0) : number(stats, "nan_count");
    return new ColumnStats(
        number(stats, "column_size_bytes").orElse(0),
        number(stats, "num_values").orElse(0),
        number(stats, "null_count"),
        nans,
        bounded ? Bounds.min(type, text(stats, "min"), true) : null,
        bounded && maxExact ? Bounds.max(type, text(stats, "max"), true) : null);
  }

  private static @Nullable String text(Map<?, ?> stats, String key) {
    Object value = stats.get(key);
    return value == null ? null : value.toString();
  }

  private static OptionalLong number(Map<?, ?> stats, String key) {
    String text = text(stats, key);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  // ---- partitions

  private List<DataType> partitionTypes() {
    if (keys.isEmpty()) {
      return List.of();
    }
    var columns = new ArrayList<Expr.Alias>();
    for (int i = 0; i < keys.size(); i++) {
      columns.add(sink.partitions().get(i).as(keys.get(i)));
    }
    Schema schema = engine.schema(new Plan.Project(plan, columns));
    return schema.fields().stream().map(Field::type).toList();
  }

  private List<@Nullable Object> partition(Draft file, List<DataType> types) {
    var values = new ArrayList<@Nullable Object>();
    for (int i = 0; i < keys.size(); i++) {
      String key = file.keys().get(keys.get(i));
      DataType type = types.get(i);
      values.add(
          key == null
              ? null
              : isText(type) ? longText(file, i, type, key) : TextValues.parse(type, key));
    }
    return values;
  }

  /** A key of text; one too long for a folder's name is computed again from a row of the file. */
  private Object longText(Draft file, int partition, DataType type, String key) {
    String text =
        key.startsWith("v")
            ? key.substring(1)
            : computed(file, sink.partitions().get(partition), type);
    return type.equals(DataType.BLOB) ? HexFormat.of().parseHex(text) : text;
  }

  private String computed(Draft file, Expr value, DataType type) {
    String form = type.equals(DataType.BLOB) ? "hex(%s)" : "CAST(%s AS VARCHAR)";
    String sql =
        "SELECT %s FROM %s LIMIT 1"
            .formatted(
                form.formatted(new ExprSql(DuckDbDialect.DUCKDB).text(value)),
                TableFiles.parquet(List.of(file.path().toString()), List.of()));
    return engine.call(
        doing,
        session -> {
          try (var statement = session.connection().prepare(sql);
              ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
          }
        });
  }
}
