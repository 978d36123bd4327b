package dev.tarn.duckdb;

import dev.tarn.io.FileFormat;
import dev.tarn.io.ReadOptions;
import dev.tarn.plan.Plan;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.RowScan;
import dev.tarn.spi.Source;
import dev.tarn.spi.TableScan;
import dev.tarn.sql.DuckDbDialect;
import dev.tarn.sql.PlanSql;
import dev.tarn.type.Field;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** One query's connection, and what its sources hold open for it. Used by one thread at a time. */
final class Session implements AutoCloseable {

  /** A use of a source in the query, in the order of the text. */
  record Use(Source source, Probe.Need need, dev.tarn.spi.Scan scan) {}

  private final DuckDBConnection connection;
  private final RowScans rowScans;
  private final List<AutoCloseable> resources = new ArrayList<>();
  private final List<RowScans.Bound> scans = new CopyOnWriteArrayList<>();
  private final List<Use> uses = new ArrayList<>();
  private final FileStamps stamps = new FileStamps();
  private final Probe probe;
  private final Map<Source, Source> pinned = new HashMap<>();

  Session(DuckDBConnection root, RowScans rowScans, Probe probe) throws SQLException {
    this.connection = root.duplicate();
    this.rowScans = rowScans;
    this.probe = probe;
  }

  DuckDBConnection connection() {
    return connection;
  }

  List<Use> uses() {
    return uses;
  }

  /**
   * Makes sure that no file was replaced since it was bound.
   *
   * @param doing what was being done
   */
  void requireSameFiles(String doing) {
    stamps.requireSame(doing);
  }

  /** The files that it reads by way of {@link #bind}. */
  List<FileScan> files() {
    return uses.stream().map(Use::scan).<FileScan>mapMulti(Session::addFiles).toList();
  }

  private static void addFiles(dev.tarn.spi.Scan scan, Consumer<FileScan> to) {
    switch (scan) {
      case FileScan files -> to.accept(files);
      case TableScan table ->
          to.accept(
              new FileScan(
                  FileFormat.PARQUET,
                  TableFiles.paths(table).stream().map(FileGlobs::escaped).toList(),
                  ReadOptions.DEFAULT));
      case RowScan rows -> {}
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The plan as SQL, each use of a source bound to what it chose to read. */
  String render(Plan plan) {
    return render(plan, Answers.Mode.RUN);
  }

  /** The same; to explain it, sources that would answer an aggregate are not asked. */
  String render(Plan plan, Answers.Mode mode) {
    DirectAggregate direct = DirectAggregate.of(plan, this::pinned);
    if (direct == null) {
      return planned(plan, found -> Answers.ask(found.aggregates(), found.sources()::get, mode));
    }
    Answers said = Answers.ask(direct, mode);
    Answers.Answered answer = said.answered().get(0);
    return answer == null
        ? planned(plan, found -> said)
        : render(direct.reading(plan, answer.source()), List.of(answer.need()));
  }

  /** The plan as SQL, where it takes the engine to tell what it needs of its sources. */
  private String planned(Plan plan, Function<Probe.Findings, Answers> ask) {
    Probe.Findings findings = probe.probe(plan, this::pinned);
    setUp(findings);
    Answers answers = ask.apply(findings);
    if (!answers.answered().isEmpty()) {
      try {
        return rewritten(findings, answers);
      } catch (Unfit | SQLException e) {
        uses.clear();
        answers.withdraw("the query cannot be rewritten");
      }
    }
    return render(plan, findings.with(answers::notes).uses());
  }

  /**
   * The plan as SQL.
   *
   * @param uses for each use of a source, in the order of the text; empty when nothing is known
   */
  private String render(Plan plan, List<Probe.Need> uses) {
    Iterator<Probe.Need> needs = uses.iterator();
    return new PlanSql(
            DuckDbDialect.DUCKDB,
            given -> {
              Source source = pinned(given);
              return bind(source, needs.hasNext() ? needs.next() : Probe.Need.everything(source));
            })
        .render(plan);
  }

  /** The query reads what the sources have answered. */
  private String rewritten(Probe.Findings findings, Answers answers) throws SQLException {
    List<Probe.Need> needs = findings.with(answers::notes).uses();
    var numbers = new HashMap<Integer, Long>();
    var operands = new HashMap<Integer, String>();
    for (int use = 0; use < needs.size(); use++) {
      Answers.Answered answer = answers.answered().get(use);
      if (answer == null) {
        operands.put(use, bind(findings.sources().get(use), needs.get(use)));
      } else {
        numbers.put(use, bound(answer.source(), answer.scan()).number());
        uses.add(new Use(answer.source(), answer.need(), answer.scan()));
      }
    }
    return probe.rewrite(findings, numbers, operands);
  }

  /** The source as it stands now, the same for all its uses in the query. */
  private Source pinned(Source source) {
    return pinned.computeIfAbsent(source, Source::pinned);
  }

  /** What was computed of the time of day for a filter must be what the query computes. */
  private void setUp(Probe.Findings findings) {
    if (!findings.setUp().isEmpty()) {
      try {
        execute(findings.setUp());
      } catch (SQLException e) {
        throw Errors.translate("run the query", e);
      }
    }
  }

  /** The plan as SQL over empty tables of the right types: for names and types, without I/O. */
  static String renderEmpty(Plan plan) {
    return new PlanSql(DuckDbDialect.DUCKDB, Session::emptyTable).render(plan);
  }

  private static String emptyTable(Source source) {
    return source.schema().fields().stream()
        .map(Session::emptyColumn)
        .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
  }

  private static String emptyColumn(Field field) {
    return "CAST(NULL AS " + field.type() + ") AS " + DuckDbDialect.DUCKDB.quote(field.name());
  }

  private String bind(Source source, Probe.Need need) {
    if (source instanceof ArrowReaderSource arrow) {
      String name = "__arrow_" + resources.size();
      resources.add(arrow.register(connection, name));
      return name;
    }
    dev.tarn.spi.Scan scan = source.plan(need.request());
    if (scan instanceof FileScan files) {
      scan = visible(files);
    }
    uses.add(new Use(source, need, scan));
    return switch (scan) {
      case FileScan files -> render(files);
      case TableScan table -> TableFiles.sql(table, this::bind);
      case RowScan rows -> bind(source, rows);
    };
  }

  private String bind(Source source, RowScan rows) {
    return bound(source, rows).sql();
  }

  private RowScans.Bound bound(Source source, RowScan rows) {
    RowScans.Bound bound = rowScans.bind(source, rows);
    resources.add(bound);
    scans.add(bound);
    return bound;
  }

  /** Files as an operand of FROM. */
  String bind(FileScan files) {
    return render(visible(files));
  }

  private FileScan visible(FileScan files) {
    try {
      return FileGlobs.visible(connection, files);
    } catch (SQLException e) {
      throw Errors.translate("list " + files.paths(), e);
    }
  }

  private String render(FileScan files) {
    stamps.add(files);
    return files.format() == FileFormat.ARROW ? arrow(files) : FileSql.of(files);
  }

  private String arrow(FileScan files) {
    var streams = new ArrayList<String>();
    for (String path : files.paths()) {
      String name = "__arrow_" + resources.size();
      resources.add(ArrowFiles.register(connection, name, path, files.options()));
      streams.add("SELECT * FROM " + name);
    }
    return "(" + String.join(" UNION ALL BY NAME ", streams) + ")";
  }

  /** Ends what its sources wait for; may come from any thread, once the statement is cancelled. */
  void cancelSources() {
    scans.forEach(RowScans.Bound::cancel);
  }

  /** What a source threw while it was read; null when none did. */
  @Nullable Throwable sourceFailure() {
    return scans.stream()
        .map(RowScans.Bound::failure)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Frees everything, in the reverse order of opening. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Errors.translate("close the query", e);
    } finally {
      resources.reversed().forEach(Session::closeQuietly);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      System.getLogger(Session.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot free a source: " + e.getMessage(), e);
    }
  }
}
