package dev.tarn.duckdb;

import dev.tarn.error.TarnException;
import dev.tarn.spi.Batch;
import dev.tarn.spi.ColumnStats;
import dev.tarn.spi.FileColumn;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.type.DataType;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads footers of Parquet files, several files in a query and several queries at once. */
final class ParquetFooters {

  private static final int FILES_IN_A_QUERY = 200;

  private final DuckDbEngine engine;

  ParquetFooters(DuckDbEngine engine) {
    this.engine = engine;
  }

  /** In the order of the paths. */
  List<ParquetFooter> read(List<String> paths) {
    var parts = new ArrayList<List<String>>();
    var some = new ArrayList<String>();
    for (String path : new HashSet<>(paths)) {
      if (FileGlobs.isGlob(path)) {
        parts.add(List.of(path)); // DuckDB changes its name
      } else {
        some.add(path);
      }
    }
    for (int i = 0; i < some.size(); i += FILES_IN_A_QUERY) {
      parts.add(some.subList(i, Math.min(some.size(), i + FILES_IN_A_QUERY)));
    }
    var reading = new ArrayList<Future<Map<String, ParquetFooter>>>();
    parts.forEach(part -> reading.add(engine.submit(() -> some(part))));
    var footers = new HashMap<String, ParquetFooter>();
    reading.forEach(part -> footers.putAll(DuckDbEngine.await(part, "read footers")));
    return paths.stream().map(footers::get).toList();
  }

  /** Some files; when one cannot be read, each by itself, to know which. */
  private Map<String, ParquetFooter> some(List<String> paths) {
    if (paths.size() == 1) {
      return some("read [" + paths.get(0) + "]", paths);
    }
    try {
      return some("read footers", paths);
    } catch (TarnException unnamed) {
      paths.forEach(path -> some(List.of(path)));
      throw unnamed;
    }
  }

  private Map<String, ParquetFooter> some(String doing, List<String> paths) {
    try (Session session = engine.session()) {
      var found = new HashMap<String, Footer>();
      paths.forEach(path -> found.put(path, new Footer(path)));
      String list = TableFiles.list(paths);
      @Nullable Footer only = paths.size() == 1 ? found.get(paths.get(0)) : null;
      rows(
          session,
          "SELECT file_name, num_rows, CAST(file_size_bytes AS BIGINT) AS bytes FROM parquet_file_metadata("
              + list
              + ")",
          row -> named(found, only, row).size(row.number(1), row.number(2)));
      rows(
          session,
          "SELECT file_name, name, repetition_type = 'REPEATED' AS repeated,"
              + " coalesce(num_children, 0) AS children, field_id, duckdb_type FROM parquet_schema("
              + list
              + ") ORDER BY file_name, column_id",
          row -> named(found, only, row).add(Node.of(row)));
      rows(
          session,
          "SELECT file_name, column_id, num_values, total_compressed_size, stats_null_count,"
              + " stats_nan_count, stats_min_value, stats_max_value,"
              + " coalesce(max_is_exact, true) AS max_is_bound FROM parquet_metadata("
              + list
              + ")",
          row -> named(found, only, row).add(row));
      var footers = new HashMap<String, ParquetFooter>();
      found.forEach((path, footer) -> footers.put(path, footer.build()));
      return footers;
    } catch (SQLException e) {
      throw Errors.translate(doing, e);
    }
  }

  private static Footer named(Map<String, Footer> found, @Nullable Footer only, Line row) {
    if (only != null) {
      return only;
    }
    Footer footer = found.get(row.text(0));
    if (footer == null) {
      throw new IllegalStateException("a footer that was not asked for: " + row.text(0));
    }
    return footer;
  }

  // ---- rows of a query

  private interface LineReader {
    void accept(Line row);
  }

  private static void rows(Session session, String sql, LineReader reader) throws SQLException {
    try (ResultReader.Prepared prepared = ResultReader.prepare(session.connection(), sql);
        ResultReader result = ResultReader.start(prepared, Batch.MAX_SCAN_ROWS)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.size(); i++) {
          reader.accept(new Line(batch, i));
        }
      }
    }
  }

  private record Line(Batch batch, int row) {
    @Nullable Object value(int column) {
      return batch.value(row, column);
    }

    @Nullable String textOrNull(int column) {
      Object value = value(column);
      return value == null ? null : value.toString();
    }

    String text(int column) {
      return String.valueOf(value(column));
    }

    long number(int column) {
      return value(column) instanceof Number n ? n.longValue() : 0;
    }

    OptionalLong optional(int column) {
      return value(column) instanceof Number n
          ? OptionalLong.of(n.longValue())
          : OptionalLong.empty();
    }

    boolean isTrue(int column) {
      return Boolean.TRUE.equals(value(column));
    }
  }

  /** An element of a schema, as the file has it. */
  private record Node(
      String name, boolean repeated, int children, OptionalInt id, @Nullable DataType type) {
    static Node of(Line row) {
      String type = row.textOrNull(5);
      OptionalLong id = row.optional(4);
      return new Node(
          row.text(1),
          row.isTrue(2),
          (int) row.number(3),
          id.isPresent() ? OptionalInt.of((int) id.getAsLong()) : OptionalInt.empty(),
          type == null ? null : DataType.parse(type));
    }
  }

  /** A node and all below it; leaves are numbered as the file's column chunks are. */
  private record Tree(Node node, DataType type, List<Tree> children, int leaf) {
    boolean wraps(DataType element) {
      return children.size() == 1 && children.get(0).type().equals(element);
    }
  }

  /** What is gathered of one file. */
  private static final class Footer {
    private final String path;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, List<Line>> chunks = new HashMap<>();
    private final Map<List<String>, ColumnStats> stats = new LinkedHashMap<>();
    private long rows;
    private long bytes;
    private int leaves;

    Footer(String path) {
      this.path = path;
    }

    void size(long ofRows, long ofBytes) {
      rows = ofRows;
      bytes = ofBytes;
    }

    void add(Node node) {
      nodes.add(node);
    }

    void add(Line chunk) {
      chunks.computeIfAbsent((int) chunk.number(1), leaf -> new ArrayList<>()).add(chunk);
    }

    ParquetFooter build() {
      Queue<Node> queue = new ArrayDeque<>(nodes);
      Node root = queue.remove();
      var columns = new ArrayList<FileColumn>();
      for (int i = 0; i < root.children(); i++) {
        Tree tree = tree(queue);
        columns.add(column(tree, tree.type(), tree.node().id(), List.of()));
      }
      return new ParquetFooter(path, rows, bytes, columns, stats);
    }

    private Tree tree(Queue<Node> queue) {
      Node node = queue.remove();
      DataType type = node.type() == null ? DataType.Simple.NULL : node.type();
      if (node.children() == 0) {
        return new Tree(node, type, List.of(), leaves++);
      }
      var children = new ArrayList<Tree>();
      for (int i = 0; i < node.children(); i++) {
        children.add(tree(queue));
      }
      return new Tree(node, type, children, -1);
    }

    /**
     * A column.
     *
     * @param before the names that lead to it; null within lists and maps, which have no statistics
     */
    private FileColumn column(
        Tree tree, DataType type, OptionalInt id, @Nullable List<String> before) {
      String name = tree.node().name();
      List<String> way = before == null ? null : with(before, name);
      List<FileColumn> children =
          switch (type) {
            case DataType.Struct t ->
                tree.children().stream()
                    .map(child -> column(child, child.type(), child.node().id(), way))
                    .toList();
            case DataType.ListOf t -> List.of(element(tree, t.element()));
            case DataType.MapOf t -> entry(tree);
            default -> List.of();
          };
      if (way != null && tree.leaf() >= 0 && children.isEmpty()) {
        addStats(way, type, tree.leaf());
      }
      return new FileColumn(id, name, type, children, FileColumn.Place.FILE);
    }

    private static List<String> with(List<String> before, String name) {
      var way = new ArrayList<>(before);
      way.add(name);
      return Collections.unmodifiableList(way);
    }

    /** A list is a group around a repeated one around the element; older ones leave out either. */
    private FileColumn element(Tree list, DataType element) {
      Tree repeated =
          list.node().repeated() || list.children().isEmpty() ? list : list.children().get(0);
      if (repeated.wraps(element)) {
        Tree inner = repeated.children().get(0);
        return column(inner, element, inner.node().id(), null);
      }
      return column(repeated, element, OptionalInt.empty(), null);
    }

    private List<FileColumn> entry(Tree map) {
      Tree repeated = map.children().size() == 1 ? map.children().get(0) : map;
      return repeated.children().stream()
          .map(part -> column(part, part.type(), part.node().id(), null))
          .toList();
    }

    private void addStats(List<String> way, DataType type, int leaf) {
      chunks.getOrDefault(leaf, List.of()).stream()
          .map(chunk -> stats(type, chunk))
          .reduce(Bounds::merged)
          .ifPresent(all -> stats.put(way, all));
    }

    /** A bound that is not exact still is one, says the format; but which text is it of? */
    private static ColumnStats stats(DataType type, Line chunk) {
      OptionalLong nans = Bounds.hasNans(type) ? chunk.optional(5) : OptionalLong.empty();
      boolean bounded = !Bounds.hasNans(type) || nans.equals(OptionalLong.of(0));
      return new ColumnStats(
          chunk.number(3),
          chunk.number(2),
          chunk.optional(4),
          nans,
          bounded ? Bounds.min(type, chunk.textOrNull(6), false) : null,
          bounded && chunk.isTrue(8) ? Bounds.max(type, chunk.textOrNull(7), false) : null);
    }
  }
}
