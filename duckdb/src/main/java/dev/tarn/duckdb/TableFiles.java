package dev.tarn.duckdb;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableColumn;
import dev.tarn.spi.TableScan;
import dev.tarn.spi.TableScan.Deletes;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.type.DataType;
import dev.tarn.type.Field;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files of a versioned table as an operand of FROM: one SELECT for each group of files, which finds
 * columns by id and leaves out rows that are gone.
 */
final class TableFiles {

  /** From how many on paths go as one text, which DuckDB parses in a third of the time. */
  private static final int MANY = 100;

  /** The names of DuckDB's own columns of a file, which a column of the same name would hide. */
  private static final List<String> OWN = List.of("filename", "file_row_number", "file_index");

  /** Delete files may name data files by URI. */
  private static final String PLAIN_PATH =
      "CASE WHEN starts_with(file_path, 'file:')"
          + " THEN regexp_replace(file_path, '^file:(//[^/]*)?', '') ELSE file_path END";

  private final TableScan scan;
  private final BiFunction<Source, RowScan, String> bindRows;

  private TableFiles(TableScan scan, BiFunction<Source, RowScan, String> bindRows) {
    this.scan = scan;
    this.bindRows = bindRows;
  }

  /**
   * The scan as an operand of FROM.
   *
   * @param bindRows makes rows of our own an operand of FROM
   */
  static String sql(TableScan scan, BiFunction<Source, RowScan, String> bindRows) {
    return new TableFiles(scan, bindRows).sql();
  }

  /** The data files of a scan, and those that say which rows are gone. */
  static List<String> paths(TableScan scan) {
    var paths = new ArrayList<String>();
    for (TableScan.Group group : scan.groups()) {
      paths.addAll(group.paths());
      for (Deletes deletes : group.deletes()) {
        switch (deletes) {
          case Deletes.PositionFiles d -> paths.addAll(d.paths());
          case Deletes.EqualValues d -> paths.addAll(d.paths());
          case Deletes.Positions d -> {}
        }
      }
    }
    return paths;
  }

  private String sql() {
    List<TableScan.Group> groups =
        scan.groups().stream().filter(group -> !group.paths().isEmpty()).toList();
    return groups.isEmpty()
        ? empty()
        : groups.stream()
            .map(group -> new GroupSql(group).select())
            .collect(Collectors.joining(" UNION ALL ", "(", ")"));
  }

  private String empty() {
    var columns = new ArrayList<String>();
    scan.columns().forEach(c -> columns.add(as(missing(c.type()), c.name())));
    if (positions()) {
      columns.add(as(missing(DataType.VARCHAR), TableScan.FILE));
      columns.add(as(missing(DataType.BIGINT), TableScan.POSITION));
    }
    return "(SELECT " + String.join(", ", columns) + " WHERE false)";
  }

  private boolean positions() {
    return scan.position() == TableScan.Position.FILE_AND_ROW;
  }

  // ---- one group

  private final class GroupSql {
    private final TableScan.Group group;
    private final Map<Integer, TableColumn> read = new LinkedHashMap<>();
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private final String file;
    private final String position;

    GroupSql(TableScan.Group group) {
      this.group = group;
      var taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      scan.columns().forEach(column -> add(column, column.name(), taken));
      for (Deletes deletes : group.deletes()) {
        if (deletes instanceof Deletes.EqualValues values) {
          values.columns().stream()
              .filter(column -> !read.containsKey(column.id()))
              .forEach(column -> add(column, "__deleted_" + column.id(), taken));
        }
      }
      group.shape().ifPresent(shape -> shape.forEach(column -> taken.add(column.name())));
      taken.addAll(OWN);
      this.file = free("__file", taken);
      this.position = free("__position", taken);
    }

    private void add(TableColumn column, String name, Set<String> taken) {
      String free = read.size() < scan.columns().size() ? name : free(name, taken);
      taken.add(free);
      read.put(column.id(), column);
      names.put(column.id(), free);
    }

    String select() {
      boolean placed = positions() || needsPlaces();
      boolean same = !placed && group.deletes().isEmpty() && read.size() == scan.columns().size();
      String from = group.shape().map(this::byShape).orElseGet(this::byId);
      if (same) {
        return "SELECT * FROM " + from;
      }
      var columns = new ArrayList<String>();
      scan.columns().forEach(c -> columns.add("d." + quote(c.name())));
      if (positions()) {
        columns.add(as("d." + quote(file), TableScan.FILE));
        columns.add(as("d." + quote(position), TableScan.POSITION));
      }
      var sql = new StringBuilder("SELECT ");
      sql.append(String.join(", ", columns)).append(" FROM ").append(from).append(" AS d");
      for (int i = 0; i < group.deletes().size(); i++) {
        sql.append(without(group.deletes().get(i), "x" + i));
      }
      return sql.toString();
    }

    private boolean needsPlaces() {
      return group.deletes().stream().anyMatch(d -> !(d instanceof Deletes.EqualValues));
    }

    // ---- rows that are gone

    private String without(Deletes deletes, String x) {
      return switch (deletes) {
        case Deletes.PositionFiles d ->
            withoutPlaces(
                "(SELECT %s AS file_path, CAST(pos AS BIGINT) AS pos FROM %s)"
                    .formatted(PLAIN_PATH, parquet(d.paths(), List.of())),
                x);
        case Deletes.Positions d -> {
          var source = new DeletedRows(d.rows());
          yield withoutPlaces(bindRows.apply(source, source.scan()), x);
        }
        case Deletes.EqualValues d -> withoutValues(d, x);
      };
    }

    private String withoutPlaces(String rows, String x) {
      return " ANTI JOIN %s AS %s ON d.%s = %s.file_path AND d.%s = %s.pos"
          .formatted(rows, x, quote(file), x, quote(position), x);
    }

    private String withoutValues(Deletes.EqualValues deletes, String x) {
      var schema = new ArrayList<String>();
      var conditions = new ArrayList<String>();
      for (TableColumn column : deletes.columns()) {
        requireOwnColumn(column);
        String name = "c" + column.id();
        schema.add(entry(column, name));
        conditions.add("d.%s IS NOT DISTINCT FROM %s.%s".formatted(quote(named(column)), x, name));
      }
      return " ANTI JOIN %s AS %s ON %s"
          .formatted(
              parquet(deletes.paths(), List.of(schema(schema))),
              x,
              String.join(" AND ", conditions));
    }

    private void requireOwnColumn(TableColumn column) {
      if (scan.columns().stream().anyMatch(c -> isWithin(column.id(), c.children()))) {
        throw new InvalidRequest(
            "Cannot read the table: rows are deleted by the value of %s, which is part of another column. Rewrite its delete files."
                .formatted(column.name()));
      }
    }

    private String named(TableColumn column) {
      return names.getOrDefault(column.id(), column.name());
    }

    // ---- columns by id

    private String byId() {
      boolean hidden = names.values().stream().anyMatch(TableFiles::hidesOwn);
      boolean placed = positions() || needsPlaces();
      var entries = new ArrayList<String>();
      read.values().forEach(c -> entries.add(entry(c, placed && hidden ? "c" + c.id() : named(c))));
      // DuckDB takes files for one row each where it is given a schema, and chooses joins by that
      boolean byName =
          group.match() == TableScan.Match.NAME && !hidden && read.size() == scan.columns().size();
      String from = parquet(group.paths(), byName ? List.of() : List.of(schema(entries)));
      if (!placed && !byName) {
        return from;
      }
      var columns = new ArrayList<String>();
      for (TableColumn c : read.values()) {
        String name = hidden ? quote("c" + c.id()) : quote(named(c));
        // other writers' files may have a type near the table's; where it is the same, DuckDB drops
        // the cast
        columns.add(as(byName ? "CAST(" + name + " AS " + type(c.type()) + ")" : name, named(c)));
      }
      if (placed) {
        columns.add(as("filename", file));
        columns.add(as("file_row_number", position));
      }
      return "(SELECT " + String.join(", ", columns) + " FROM " + from + ")";
    }

    // ---- columns by what the files hold

    private String byShape(List<FileColumn> shape) {
      boolean placed = positions() || needsPlaces();
      var arguments = new ArrayList<String>();
      boolean named = placed || shape.stream().anyMatch(c -> c.place() == FileColumn.Place.PATH);
      if (named) {
        arguments.add("filename=" + DuckDbDialect.DUCKDB.literal(file));
      }
      var columns = new ArrayList<String>();
      for (TableColumn column : read.values()) {
        FileColumn from = withId(shape, column.id());
        String value =
            from == null
                ? initial(column)
                : from.place() == FileColumn.Place.PATH
                    ? inPath(from, column)
                    : value(from, column, quote(from.name()), 0);
        columns.add(as(value, named(column)));
      }
      if (placed) {
        requireNoRowNumber(shape);
        columns.add(quote(file));
        columns.add(as("file_row_number", position));
      }
      return "(SELECT %s FROM %s)"
          .formatted(String.join(", ", columns), parquet(group.paths(), arguments));
    }

    private static void requireNoRowNumber(List<FileColumn> shape) {
      if (shape.stream().anyMatch(c -> c.name().equalsIgnoreCase("file_row_number"))) {
        throw new InvalidRequest(
            "Cannot tell rows of a file apart: its column file_row_number hides their numbers. Rewrite the file.");
      }
    }

    /** The folder nearest to the file counts. */
    private String inPath(FileColumn from, TableColumn column) {
      String key = Pattern.quote(from.name());
      String encoded = Pattern.quote(URLEncoder.encode(from.name(), StandardCharsets.UTF_8));
      String pattern = "(?s)^(?:.*/)?(?:" + key + "|" + encoded + ")=([^/]*)/";
      String text =
          "regexp_extract(%s, %s, 1)".formatted(quote(file), DuckDbDialect.DUCKDB.literal(pattern));
      String value =
          "CASE WHEN %s = '__HIVE_DEFAULT_PARTITION__' THEN NULL ELSE url_decode(%s) END"
              .formatted(text, text);
      return column.type().equals(DataType.VARCHAR)
          ? value
          : cast("nullif(" + value + ", '')", column.type());
    }
  }

  private static boolean hidesOwn(String name) {
    return OWN.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static boolean isWithin(int id, List<TableColumn> children) {
    return children.stream().anyMatch(c -> c.id() == id || isWithin(id, c.children()));
  }

  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    while (!taken.add(name)) {
      name = name + "_";
    }
    return name;
  }

  // ---- values of a file's column as the table has them

  private static @Nullable FileColumn withId(List<FileColumn> columns, int id) {
    return columns.stream()
        .filter(c -> c.id().isPresent() && c.id().getAsInt() == id)
        .findFirst()
        .orElse(null);
  }

  private static String value(FileColumn from, TableColumn to, String x, int depth) {
    if (agree(from, to)) {
      return x;
    }
    return switch (to.type()) {
      case DataType.Struct t when from.type() instanceof DataType.Struct -> {
        String members =
            to.children().stream()
                .map(child -> quote(child.name()) + " := " + member(from, child, x, depth))
                .collect(Collectors.joining(", ", "struct_pack(", ")"));
        yield "CASE WHEN " + x + " IS NULL THEN NULL ELSE " + members + " END";
      }
      case DataType.ListOf t when from.type() instanceof DataType.ListOf -> {
        String v = "_v" + depth;
        yield "list_transform(%s, lambda %s: %s)"
            .formatted(x, v, value(from.children().get(0), to.children().get(0), v, depth + 1));
      }
      case DataType.MapOf t when from.type() instanceof DataType.MapOf -> {
        String v = "_v" + depth;
        String key = part(from, to, 0, "struct_extract(" + v + ", 'key')", depth);
        String value = part(from, to, 1, "struct_extract(" + v + ", 'value')", depth);
        yield "map_from_entries(list_transform(map_entries(%s), lambda %s: struct_pack(key := %s, value := %s)))"
            .formatted(x, v, key, value);
      }
      default -> cast(x, to.type());
    };
  }

  private static String part(FileColumn from, TableColumn to, int i, String x, int depth) {
    return value(from.children().get(i), to.children().get(i), x, depth + 1);
  }

  private static String member(FileColumn from, TableColumn child, String x, int depth) {
    FileColumn there = withId(from.children(), child.id());
    return there == null
        ? initial(child)
        : value(
            there,
            child,
            "struct_extract(" + x + ", " + DuckDbDialect.DUCKDB.literal(there.name()) + ")",
            depth);
  }

  /** Whether a value can be taken as it is. */
  private static boolean agree(FileColumn from, TableColumn to) {
    if (from.children().size() != to.children().size()) {
      return false;
    }
    if (from.children().isEmpty()) {
      return from.type().equals(to.type());
    }
    boolean struct = to.type() instanceof DataType.Struct;
    for (int i = 0; i < to.children().size(); i++) {
      FileColumn there = from.children().get(i);
      TableColumn child = to.children().get(i);
      boolean same = there.id().isPresent() && there.id().getAsInt() == child.id();
      if ((struct && !(same && there.name().equals(child.name()))) || !agree(there, child)) {
        return false;
      }
    }
    return kind(from.type()) == kind(to.type());
  }

  private static Class<?> kind(DataType type) {
    return type.getClass();
  }

  private static String initial(TableColumn column) {
    return cast(DuckDbDialect.DUCKDB.literal(column.initial()), column.type());
  }

  private static String missing(DataType type) {
    return cast("NULL", type);
  }

  private static String cast(String value, DataType type) {
    return "CAST(" + value + " AS " + type(type) + ")";
  }

  // ---- pieces of SQL

  /** By ids, all defaults go as text: DuckDB wants one type for all of them. */
  private static String entry(TableColumn column, String name) {
    String initial = column.initial() == null ? "NULL" : cast(initial(column), DataType.VARCHAR);
    return "%d: {name: %s, type: %s, default_value: %s}"
        .formatted(
            column.id(),
            DuckDbDialect.DUCKDB.literal(name),
            DuckDbDialect.DUCKDB.literal(type(column.type())),
            initial);
  }

  private static String schema(List<String> entries) {
    return "schema=MAP {" + String.join(", ", entries) + "}";
  }

  /** Folders are no columns: our own files may lie under any name. */
  static String parquet(List<String> paths, List<String> arguments) {
    var all = new ArrayList<String>();
    all.add(list(paths));
    all.addAll(arguments);
    all.add("hive_partitioning=false");
    return "read_parquet(" + String.join(", ", all) + ")";
  }

  /** The paths as a list, safe from being taken for globs. */
  static String list(List<String> paths) {
    List<String> plain = paths.stream().map(FileGlobs::escaped).toList();
    if (paths.size() < MANY || paths.stream().anyMatch(path -> path.indexOf('\n') >= 0)) {
      return DuckDbDialect.DUCKDB.literal(plain);
    }
    return "string_split(" + DuckDbDialect.DUCKDB.literal(String.join("\n", plain)) + ", chr(10))";
  }

  /** The type's text. Members are always quoted, for they may be reserved words. */
  static String type(DataType type) {
    return switch (type) {
      case DataType.Struct t ->
          t.fields().stream()
              .map(TableFiles::member)
              .collect(Collectors.joining(", ", "STRUCT(", ")"));
      case DataType.ListOf t -> type(t.element()) + "[]";
      case DataType.ArrayOf t -> type(t.element()) + "[" + t.length() + "]";
      case DataType.MapOf t -> "MAP(" + type(t.key()) + ", " + type(t.value()) + ")";
      case DataType.Simple t -> t.toString();
      case DataType.Decimal t -> t.toString();
      case DataType.EnumOf t -> t.toString();
      case DataType.Other t -> t.toString();
    };
  }

  private static String member(Field field) {
    return quote(field.name()) + " " + type(field.type());
  }

  private static String as(String value, String name) {
    return value + " AS " + quote(name);
  }

  private static String quote(String name) {
    return DuckDbDialect.DUCKDB.quote(name);
  }
}
