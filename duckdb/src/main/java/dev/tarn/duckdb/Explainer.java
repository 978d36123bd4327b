package dev.tarn.duckdb;

import dev.tarn.QueryPlan;
import dev.tarn.QueryPlan.Operator;
import dev.tarn.QueryPlan.SourceUse;
import dev.tarn.expr.Expr;
import dev.tarn.io.FileFormat;
import dev.tarn.io.FileSource;
import dev.tarn.plan.Plan;
import dev.tarn.plan.PlanText;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.TableScan;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.ExprSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** Reads DuckDB's plans: {@code EXPLAIN (FORMAT JSON)}, with or without ANALYZE. */
final class Explainer {

  private static final ExprSql SQL = new ExprSql(DuckDbDialect.DUCKDB);
  private static final Pattern SCANNED = Pattern.compile("(\\d+)/(\\d+)");

  private final DuckDbEngine engine;

  Explainer(DuckDbEngine engine) {
    this.engine = engine;
  }

  QueryPlan explain(Plan plan, RunOptions options) {
    return ask(plan, Answers.Mode.EXPLAIN, options);
  }

  QueryPlan analyze(Plan plan, RunOptions options) {
    return ask(plan, Answers.Mode.RUN, options);
  }

  private QueryPlan ask(Plan plan, Answers.Mode mode, RunOptions options) {
    boolean runs = mode == Answers.Mode.RUN;
    var sql = new String[1];
    var opened = new Session[1];
    try (DuckDbQuery query =
        engine.query(
            runs ? "analyze the query" : "explain the query",
            session -> {
              opened[0] = session;
              sql[0] = session.render(plan, mode);
              return "EXPLAIN (%sFORMAT JSON) ".formatted(runs ? "ANALYZE, " : "") + sql[0];
            },
            options)) {
      return query.execute(statement -> {
        long start = System.nanoTime();
        Object json = Json.parse(text(statement));
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        Operator root = operator(runs ? analyzed(json) : Json.array(json).getFirst());
        return plan(plan, sql[0], opened[0], root, runs ? Optional.of(elapsed) : Optional.empty());
      });
    }
  }

  private static String text(DuckDBPreparedStatement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getString(2);
    }
  }

  /** What was analyzed, without the operators that only collect the analysis. */
  private static @Nullable Object analyzed(@Nullable Object json) {
    Object node = Json.array(Json.object(json).get("operator")).getFirst();
    while (List.of("RESULT_COLLECTOR", "EXECUTE", "EXPLAIN_ANALYZE")
        .contains(String.valueOf(Json.object(node).get("type")))) {
      node = Json.array(Json.object(node).get("children")).getFirst();
    }
    return node;
  }

  private static Operator operator(@Nullable Object json) {
    Map<?, ?> node = Json.object(json);
    var details = new LinkedHashMap<String, String>();
    Json.object(node.get("extra_info"))
        .forEach((key, value) -> details.put(String.valueOf(key), detail(value)));
    String estimate = details.remove("Estimated Cardinality");
    String function = details.remove("Function");
    String type = String.valueOf(node.get("name") == null ? node.get("type") : node.get("name"));
    return new Operator(
        function != null && type.equals("TABLE_SCAN") ? function : type,
        details,
        number(estimate),
        number(node.get("intermediate_rows")),
        node.get("timing") instanceof Number seconds
            ? OptionalDouble.of(seconds.doubleValue())
            : OptionalDouble.empty(),
        Json.array(node.get("children")).stream().map(Explainer::operator).toList());
  }

  private static String detail(@Nullable Object value) {
    return value instanceof List<?> list
        ? String.join(", ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private static OptionalLong number(@Nullable Object value) {
    return switch (value) {
      case Number n -> OptionalLong.of(n.longValue());
      case String s when s.matches("\\d{1,18}") -> OptionalLong.of(Long.parseLong(s));
      case null, default -> OptionalLong.empty();
    };
  }

  // ---- sources

  private QueryPlan plan(
      Plan plan, String sql, Session session, Operator root, Optional<Duration> elapsed)
      throws SQLException {
    var scans = new ArrayList<Operator>();
    collectScans(root, scans);
    var read = new IdentityHashMap<Session.Use, Operator>();
    for (Session.Use use : session.uses()) {
      scans.stream()
          .filter(s -> fits(s, use))
          .findFirst()
          .ifPresent(scan -> {
            scans.remove(scan);
            read.put(use, scan);
          });
    }
    session.uses().forEach(use -> scans.removeIf(scan -> isPartOf(scan, use)));
    var uses = new ArrayList<SourceUse>();
    for (Session.Use use : session.uses()) {
      uses.add(describe(use, Optional.ofNullable(read.get(use)), session));
    }
    scans.forEach(scan -> uses.add(describe(scan)));
    return new QueryPlan(PlanText.of(plan), sql, uses, root, elapsed);
  }

  /** Files of a table, and of its deleted rows, are read by as many scans as there are kinds. */
  private static boolean isPartOf(Operator scan, Session.Use use) {
    return use.scan() instanceof TableScan table
        && !scan.name().toUpperCase(Locale.ROOT).startsWith("READ_CSV")
        && !scan.name().toUpperCase(Locale.ROOT).startsWith("READ_JSON")
        && columns(scan).stream().allMatch(name -> isColumnOf(name, table));
  }

  private static boolean isColumnOf(String name, TableScan table) {
    return name.matches("c\\d+|__\\w+|filename|file_row_number|file_path|pos|_file|_pos")
        || table.columns().stream().anyMatch(c -> c.name().equalsIgnoreCase(name))
        || table.groups().stream()
            .flatMap(group -> group.shape().stream())
            .flatMap(List::stream)
            .anyMatch(c -> c.name().equalsIgnoreCase(name));
  }

  private static void collectScans(Operator operator, List<Operator> scans) {
    String name = operator.name().toUpperCase(Locale.ROOT);
    if (name.startsWith("READ_")
        || name.equals("PARQUET_SCAN")
        || name.contains("ARROW_SCAN")
        || name.equals("TARN_ROWS")) {
      scans.add(operator);
    }
    operator.children().forEach(child -> collectScans(child, scans));
  }

  /** DuckDB does not say which table a scan is of: its function and columns tell. */
  private static boolean fits(Operator scan, Session.Use use) {
    String function =
        switch (use.scan()) {
          case FileScan files ->
              switch (files.format()) {
                case PARQUET -> "READ_PARQUET";
                case CSV -> "READ_CSV";
                case JSON, NDJSON -> "READ_JSON";
                case ARROW -> "ARROW_SCAN";
              };
          case RowScan rows -> "TARN_ROWS";
          case TableScan table -> "no scan of its own";
        };
    return scan.name().toUpperCase(Locale.ROOT).startsWith(function)
        && columns(scan).stream().allMatch(name -> use.source().schema().indexOf(name) >= 0);
  }

  private static List<String> columns(Operator scan) {
    String projections = scan.details().getOrDefault("Projections", "");
    return projections.isBlank() ? List.of() : List.of(projections.split(",\\s*"));
  }

  private SourceUse describe(Session.Use use, Optional<Operator> scan, Session session)
      throws SQLException {
    if (use.scan() instanceof TableScan
        || (use.scan() instanceof RowScan && use.source().usesRequests())) {
      return asked(use);
    }
    OptionalInt kept = OptionalInt.empty();
    OptionalInt total = OptionalInt.empty();
    if (use.scan() instanceof FileScan files) {
      total = OptionalInt.of(count(files, session));
      kept = total;
    }
    Optional<Matcher> scanned =
        scan.map(s -> SCANNED.matcher(s.details().getOrDefault("Scanning Files", "")))
            .filter(Matcher::matches);
    if (scanned.isPresent()) {
      kept = OptionalInt.of(Integer.parseInt(scanned.get().group(1)));
      total = OptionalInt.of(Integer.parseInt(scanned.get().group(2)));
    }
    var notes = new ArrayList<String>();
    use.need().unpushed().forEach(text -> notes.add("not pushed: " + text));
    if (scan.isEmpty()) {
      notes.add("not read: the engine found that no row of it matters");
    }
    if (use.source() instanceof FileSource files) {
      files.files().skipped().forEach((file, why) -> notes.add("skipped " + file + ": " + why));
    }
    return new SourceUse(
        use.source().name(),
        scan.map(Explainer::columns).orElse(List.of()),
        OptionalInt.of(use.source().schema().size()),
        scan.map(Explainer::filters).orElse(List.of()),
        scan.isEmpty() && kept.isPresent() ? OptionalInt.of(0) : kept,
        total,
        notes);
  }

  /** What a source was asked for, and what it chose. */
  private static SourceUse asked(Session.Use use) {
    List<Expr> filters = use.need().request().filters();
    var notes = new ArrayList<String>();
    OptionalInt kept = OptionalInt.empty();
    OptionalInt total = OptionalInt.empty();
    if (use.scan() instanceof TableScan table) {
      notes.addAll(table.notes());
      kept = OptionalInt.of(table.files());
      total = OptionalInt.of(table.totalFiles());
    }
    if (use.scan() instanceof RowScan rows) {
      notes.addAll(rows.notes());
      List<Expr> used = rows.used();
      if (used != null) {
        filters.stream()
            .filter(filter -> !used.contains(filter))
            .forEach(filter -> notes.add("not used: " + SQL.text(filter)));
        filters = used;
      }
    }
    use.need().unpushed().forEach(text -> notes.add("not pushed: " + text));
    notes.addAll(use.need().notes());
    return new SourceUse(
        use.source().name(),
        use.need().request().columns(),
        OptionalInt.of(use.source().schema().size()),
        filters.stream().map(SQL::text).toList(),
        kept,
        total,
        notes);
  }

  /** A scan in SQL text, which reads files by itself. */
  private static SourceUse describe(Operator scan) {
    Matcher scanned = SCANNED.matcher(scan.details().getOrDefault("Scanning Files", ""));
    boolean known = scanned.matches();
    return new SourceUse(
        scan.name().toLowerCase(Locale.ROOT),
        columns(scan),
        OptionalInt.empty(),
        filters(scan),
        known ? OptionalInt.of(Integer.parseInt(scanned.group(1))) : OptionalInt.empty(),
        known ? OptionalInt.of(Integer.parseInt(scanned.group(2))) : OptionalInt.empty(),
        List.of());
  }

  private static List<String> filters(Operator scan) {
    var filters = new ArrayList<String>();
    for (String key : List.of("File Filters", "Filters")) {
      String text = scan.details().get(key);
      if (text != null && !text.isBlank()) {
        filters.add(text);
      }
    }
    return filters;
  }

  private static int count(FileScan files, Session session) throws SQLException {
    if (files.format() == FileFormat.ARROW) {
      return files.paths().size();
    }
    try (DuckDBPreparedStatement statement =
            session
                .connection()
                .prepare("SELECT count(*) FROM glob(" + FileSql.paths(files) + ")");
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getInt(1);
    }
  }
}
