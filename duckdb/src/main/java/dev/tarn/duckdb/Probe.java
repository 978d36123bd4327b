package dev.tarn.duckdb;

import dev.tarn.error.TarnException;
import dev.tarn.plan.Plan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.PlanSql;
import dev.tarn.type.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a query needs of each source: it is planned on an instance of DuckDB that holds
 * nothing but stubs, and the filters and columns that the optimizer leaves on each stub are read
 * back. A plan is right for any data, so a row that its filter drops cannot matter, however the
 * query is run. Nothing is read, and what fails here is as if nothing had been found out.
 *
 * <p>The instance is a second one, for its settings are global and would slow queries down. Safe
 * for use by several threads; whoever made it closes it.
 */
final class Probe implements AutoCloseable {

  /**
   * Off are those that hide filters (a long IN becomes a join), and those that know of data: stubs
   * have none.
   */
  private static final String DISABLED =
      "in_clause,statistics_propagation,compressed_materialization,late_materialization,"
          + "join_filter_pushdown,row_group_pruner,partial_aggregate_pushdown";

  private static final long UNKNOWN_ROWS = 100_000;

  private final StubColumns columns = new StubColumns();
  private final Map<Long, Source> stubs = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private @Nullable DuckDBConnection root;
  private @Nullable SyntaxTrees trees;
  private int registered;
  private boolean closed;

  /**
   * What was found out.
   *
   * @param uses for each use of a source, in the order of the text; empty when nothing is known
   * @param setUp what the query's connection must execute before it; empty for nothing
   * @param sources for each use
   * @param aggregates what sources may answer themselves
   */
  record Findings(List<Need> uses, List<Source> sources, String setUp, Aggregates aggregates) {

    Findings {
      uses = List.copyOf(uses);
      sources = List.copyOf(sources);
    }

    static Findings none() {
      return new Findings(List.of(), List.of(), "", Aggregates.none());
    }

    /** The same, with notes for each use. */
    Findings with(IntFunction<List<String>> notes) {
      var more = new ArrayList<Need>();
      for (int i = 0; i < uses.size(); i++) {
        more.add(uses.get(i).with(notes.apply(i)));
      }
      return new Findings(more, sources, setUp, aggregates);
    }
  }

  /**
   * What a use of a source needs.
   *
   * @param unpushed texts of filters that could not be read back
   * @param notes what else there is to know of it, for {@code explain}
   */
  record Need(ScanRequest request, List<String> unpushed, List<String> notes) {

    Need {
      unpushed = List.copyOf(unpushed);
      notes = List.copyOf(notes);
    }

    Need(ScanRequest request, List<String> unpushed) {
      this(request, unpushed, List.of());
    }

    Need with(List<String> more) {
      return more.isEmpty() ? this : new Need(request, unpushed, more);
    }

    static Need everything(Source source) {
      return new Need(
          new ScanRequest(source.schema().names(), List.of(), OptionalLong.empty()), List.of());
    }
  }

  /**
   * Probes a plan, if one of its sources can use what would be found.
   *
   * @param pinned the source as the query sees it
   */
  Findings probe(Plan plan, UnaryOperator<Source> pinned) {
    if (!helps(plan)) {
      return Findings.none();
    }
    Findings direct = direct(plan, pinned);
    if (direct != null) {
      return direct;
    }
    try {
      return new Run(pinned).findings(plan);
    } catch (TarnException ofSource) {
      throw ofSource;
    } catch (SQLException | RuntimeException e) {
      log("No filters are pushed: the query cannot be planned over stubs", e);
      return Findings.none();
    }
  }

  private static @Nullable Findings direct(Plan plan, UnaryOperator<Source> pinned) {
    Source given = DirectNeed.source(plan);
    if (given == null) {
      return null;
    }
    Source source = pinned.apply(given);
    Need need = DirectNeed.of(plan, source);
    return need == null
        ? null
        : new Findings(List.of(need), List.of(source), "", Aggregates.none());
  }

  private static void log(String message, Exception e) {
    System.getLogger(Probe.class.getName()).log(System.Logger.Level.DEBUG, message, e);
  }

  private static boolean helps(Plan plan) {
    return plan instanceof Plan.Scan scan
        ? scan.source().usesRequests()
        : plan.inputs().stream().anyMatch(Probe::helps);
  }

  /**
   * A query whose SELECTs read answers instead of sources.
   *
   * @param numbers of the row scans with the answers, by the number of their use
   * @param operands what stands in FROM for each of the other uses
   */
  String rewrite(Findings findings, Map<Integer, Long> numbers, Map<Integer, String> operands)
      throws SQLException {
    return findings.aggregates().rewritten(trees(), numbers, operands);
  }

  // ---- the instance

  private synchronized DuckDBConnection connection(int uses) throws SQLException {
    if (closed) {
      throw new SQLException("closed");
    }
    DuckDBConnection connection = root;
    if (connection == null) {
      connection = open();
      root = connection;
    }
    while (registered < uses) {
      DuckDBFunctions.tableFunction()
          .withName(StubScans.function(registered))
          .withParameter(DuckDBColumnType.BIGINT)
          .withProjectionPushdown()
          .withFunction(new Stub())
          .register(connection);
      registered++;
    }
    return connection.duplicate();
  }

  private synchronized SyntaxTrees trees() throws SQLException {
    SyntaxTrees ready = trees;
    if (ready == null) {
      ready = new SyntaxTrees(connection(0));
      trees = ready;
    }
    return ready;
  }

  private static DuckDBConnection open() throws SQLException {
    var properties = new Properties();
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("jdbc_jfr_memory_monitor", "false");
    properties.setProperty("threads", "1");
    var connection =
        (DuckDBConnection)
            Objects.requireNonNull(new DuckDBDriver().connect("jdbc:duckdb:", properties));
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL TimeZone='UTC'"); // constants are computed as in the query
      statement.execute("SET disabled_optimizers='" + DISABLED + "'");
      statement.execute("SET lock_configuration=true");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try (var _ = root;
        var _ = trees) {
      root = null;
      trees = null;
    } catch (SQLException e) {
      log("Cannot close the planning instance", e);
    }
  }

  /** Stands for a source: it has columns and a number of rows, and is never read. */
  private final class Stub implements DuckDBTableFunction<Source, Source, Source> {

    @Override
    public Source bind(DuckDBTableFunctionBindInfo info) throws SQLException {
      Source source;
      try (var number = info.getParameter(0)) {
        source = stubs.get(number.getLong());
      }
      if (source == null) {
        throw new SQLException("no such stub");
      }
      columns.declare(source.schema(), info);
      info.setCardinality(source.rowEstimate().orElse(UNKNOWN_ROWS), false);
      return source;
    }

    @Override
    public Source init(DuckDBTableFunctionInitInfo info) {
      return info.getBindData();
    }

    @Override
    public Source localInit(DuckDBTableFunctionInitInfo info) {
      return info.getBindData();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter output) {
      throw new IllegalStateException("A stub was read.");
    }
  }

  // ---- one query

  /** The probe of one query. */
  private final class Run {
    private final UnaryOperator<Source> pinned;
    private final List<Source> sources = new ArrayList<>();
    private final List<Long> numbersInUse = new ArrayList<>();

    Run(UnaryOperator<Source> pinned) {
      this.pinned = pinned;
    }

    Findings findings(Plan plan) throws SQLException {
      try {
        String sql = new PlanSql(DuckDbDialect.DUCKDB, this::stub).render(plan);
        try (DuckDBConnection connection = connection(sources.size())) {
          return findings(connection, sql);
        }
      } finally {
        numbersInUse.forEach(stubs::remove);
      }
    }

    private String stub(Source given) {
      Source source = pinned.apply(given);
      long number = numbers.incrementAndGet();
      stubs.put(number, source);
      numbersInUse.add(number);
      sources.add(source);
      String function = StubScans.function(sources.size() - 1);
      return columns.select(source.schema(), function + "(" + number + ")");
    }

    private Findings findings(DuckDBConnection connection, String sql) throws SQLException {
      String setUp = QueryTime.pin(Instant.now(), sql);
      if (!setUp.isEmpty()) {
        execute(connection, setUp);
      }
      String explained = explain(connection, sql);
      List<StubScans.StubScan> scans = StubScans.in(Json.parse(explained));
      boolean certain = !QueryTime.isBeyondControl(sql);
      var uses = new ArrayList<Need>();
      for (int i = 0; i < sources.size(); i++) {
        int use = i;
        uses.add(
            need(
                sources.get(use),
                scans.stream().filter(scan -> scan.use() == use).toList(),
                certain));
      }
      boolean aggregated = explained.contains("GROUP_BY") || explained.contains("AGGREGATE");
      boolean answers = certain && aggregated && sources.stream().anyMatch(Source::aggregates);
      Aggregates aggregates =
          answers
              ? Aggregates.in(
                  trees(),
                  sql,
                  sources::get,
                  columns,
                  use -> scans.stream().filter(scan -> scan.use() == use).count() == 1)
              : Aggregates.none();
      return new Findings(uses, sources, setUp, aggregates);
    }

    private Need need(Source source, List<StubScans.StubScan> scans, boolean certain)
        throws SQLException {
      if (scans.isEmpty() || !source.usesRequests()) {
        return Need.everything(source);
      }
      Schema schema = source.schema();
      var read = new ArrayList<Filters>();
      for (StubScans.StubScan scan : scans) {
        read.add(
            certain
                ? Filters.read(trees(), scan.filters(), schema, columns)
                : new Filters(List.of(), unread(scan, schema)));
      }
      Filters filters = Filters.anyOf(read);
      var unpushed = new LinkedHashSet<>(filters.unpushed());
      scans.forEach(scan -> unpushed.addAll(scan.beyond()));
      OptionalLong limit = scans.size() == 1 ? scans.getFirst().limit() : OptionalLong.empty();
      var request = new ScanRequest(wanted(scans, schema), filters.pushed(), limit);
      return new Need(request, List.copyOf(unpushed));
    }

    private Set<String> unread(StubScans.StubScan scan, Schema schema) {
      var texts = new LinkedHashSet<String>();
      scan.filters().forEach(text -> texts.add(columns.readable(text, schema)));
      return texts;
    }

    /** The columns that one of the scans reads, in the order of the source. */
    private List<String> wanted(List<StubScans.StubScan> scans, Schema schema) {
      var indexes = new java.util.TreeSet<Integer>();
      for (StubScans.StubScan scan : scans) {
        if (scan.columns() == null) {
          return schema.names();
        }
        for (String name : scan.columns()) {
          indexes.add(columns.indexOf(name));
        }
      }
      return indexes.isEmpty() || indexes.first() < 0 || indexes.last() >= schema.size()
          ? schema.names()
          : indexes.stream().map(schema.names()::get).toList();
    }
  }

  private static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String explain(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN (FORMAT JSON) " + sql)) {
      result.next();
      return result.getString(2);
    }
  }
}
