package dev.tarn.duckdb;

import dev.tarn.QueryPlan;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.error.Unavailable;
import dev.tarn.io.FileSink;
import dev.tarn.plan.Plan;
import dev.tarn.spi.DataFileSink;
import dev.tarn.spi.Engine;
import dev.tarn.spi.FileScan;
import dev.tarn.spi.OpenedFiles;
import dev.tarn.spi.Parameters;
import dev.tarn.spi.ParquetFooter;
import dev.tarn.spi.Progress;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RunOptions;
import dev.tarn.spi.Tables;
import dev.tarn.spi.Tally;
import dev.tarn.spi.WriteResult;
import dev.tarn.spi.WrittenFile;
import dev.tarn.type.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.QueryProgress;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB inside this process: one in-memory instance, a connection for each query, and a bounded
 * pool of platform threads that all calls into it are made on, so that virtual threads may wait for
 * results without being pinned. Nothing is downloaded: extensions are neither installed nor loaded.
 */
public final class DuckDbEngine implements Engine {

  private static final long PROGRESS_MILLIS = 100;

  /** On a thread of a pool, the engine that it works for. */
  private static final ThreadLocal<@Nullable DuckDbEngine> ON_POOL = new ThreadLocal<>();

  private final DuckDbOptions options;
  private final DuckDBConnection root;
  private final RowScans rowScans = new RowScans();
  private final Tallies tallies = new Tallies(this);
  private final Probe probe = new Probe();
  private final SqlParser parser = new SqlParser(this);
  private final ExecutorService pool;
  private final ScheduledExecutorService clock;
  private final Set<DuckDbQuery> running = ConcurrentHashMap.newKeySet();
  private final CopyOnWriteArrayList<Progress.Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong queries = new AtomicLong();
  private final Map<Path, List<Object>> soundFiles = new ConcurrentHashMap<>();
  private final @Nullable Path ownSpillFolder;

  private DuckDbEngine(DuckDbOptions options) throws SQLException, IOException {
    this.options = options;
    this.ownSpillFolder = options.spillFolder().isPresent() ? null : SpillFolder.choose();
    this.root = connect();
    this.pool = Executors.newFixedThreadPool(options.queries(), poolThreads());
    this.clock = Executors.newSingleThreadScheduledExecutor(daemons("tarn-clock-"));
    try {
      configure();
      rowScans.register(root);
      tallies.register(root);
      Buckets.register(root);
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts an engine.
   *
   * @throws InvalidRequest when an option makes no sense to it
   */
  public static DuckDbEngine open(DuckDbOptions options) {
    try {
      return new DuckDbEngine(options);
    } catch (SQLException e) {
      throw new InvalidRequest(
          "Cannot start the engine: %s. Check its options.".formatted(Errors.report(e).message()),
          e);
    } catch (IOException e) {
      throw new Unavailable(
          "Cannot start the engine: no temporary folder (%s). Set a spill folder.".formatted(e), e);
    }
  }

  private static DuckDBConnection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("errors_as_json", "true");
    properties.setProperty("jdbc_jfr_memory_monitor", "false"); // it makes every start load JFR
    // A damaged file can fail DuckDB's own checks. There is no stored data here to be protected
    // from
    // that, and without this such a file would end all other queries, and those to come.
    properties.setProperty("disable_database_invalidation", "true");
    return (DuckDBConnection)
        Objects.requireNonNull(new DuckDBDriver().connect("jdbc:duckdb:", properties));
  }

  private void configure() throws SQLException {
    Path spill = ownSpillFolder == null ? options.spillFolder().orElseThrow() : ownSpillFolder;
    try (Statement statement = root.createStatement()) {
      statement.execute(
          "SET temp_directory=" + FileWriter.literal(spill.toAbsolutePath().toString()));
      statement.execute("SET GLOBAL TimeZone='UTC'"); // the same answer on every machine
      // With threads for I/O of their own, a COPY that fails or is cancelled can wait for ever for
      // a
      // write of its own (DuckDB 2.0.0: AbortWrites and SchedulePendingWrites lock each other out).
      statement.execute("SET async_threads=0");
      if (options.threads().isPresent()) {
        statement.execute("SET threads=" + options.threads().getAsInt());
      }
      if (options.memoryBytes().isPresent()) {
        statement.execute("SET memory_limit='" + options.memoryBytes().getAsLong() + "B'");
      }
      if (options.spillBytes().isPresent()) {
        statement.execute(
            "SET max_temp_directory_size='" + options.spillBytes().getAsLong() + "B'");
      }
      // Each session switches its own progress on: they are settings of a connection, not of all.
      statement.execute(
          "SET allowed_configs=['enable_progress_bar','enable_progress_bar_print','progress_bar_time']");
      statement.execute("SET lock_configuration=true");
    }
  }

  private ThreadFactory poolThreads() {
    ThreadFactory threads = daemons("tarn-query-");
    return work ->
        threads.newThread(() -> {
          ON_POOL.set(this);
          work.run();
        });
  }

  private static ThreadFactory daemons(String name) {
    return Thread.ofPlatform().daemon().name(name, 0).factory();
  }

  @Override
  public String name() {
    return "DuckDB";
  }

  /** Tells the listener about every query from now on. */
  public void onProgress(Progress.Listener listener) {
    listeners.add(listener);
  }

  @Override
  public Schema schema(Plan plan) {
    return schemaOf(Session.renderEmpty(plan), "run the query", UserText.NONE);
  }

  /** Names and types of a query's columns. */
  Schema schemaOf(String sql, String doing, UserText user) {
    return call(
        doing,
        user,
        session -> {
          try (DuckDBPreparedStatement statement = session.connection().prepare(sql)) {
            return ResultReader.schema(session.connection(), statement, sql);
          }
        });
  }

  @Override
  public OpenedFiles open(FileScan files) {
    return new FileOpener(this).open(files);
  }

  @Override
  public Plan sql(String text, Parameters parameters, Tables tables) {
    return parser.parse(text, parameters, tables);
  }

  @Override
  public QueryResult run(Plan plan, RunOptions runOptions) {
    return query(
            "run the query", session -> session.render(plan), ResultReader::prepare, runOptions)
        .start(runOptions.batchRows());
  }

  @Override
  public WriteResult write(Plan plan, FileSink sink, RunOptions runOptions) {
    return new FileWriter(this).write(plan, sink, runOptions);
  }

  @Override
  public List<WrittenFile> writeDataFiles(Plan plan, DataFileSink sink, RunOptions runOptions) {
    return new DataFileWriter(this, plan, sink, runOptions).write();
  }

  @Override
  public Tally tally() {
    return tallies.open();
  }

  @Override
  public List<ParquetFooter> footers(List<String> paths) {
    return new ParquetFooters(this).read(paths);
  }

  @Override
  public QueryPlan explain(Plan plan, RunOptions runOptions) {
    return new Explainer(this).explain(plan, runOptions);
  }

  @Override
  public QueryPlan explainAnalyze(Plan plan, RunOptions runOptions) {
    return new Explainer(this).analyze(plan, runOptions);
  }

  /** What files were when their page checksums were last found to fit. */
  Map<Path, List<Object>> soundFiles() {
    return soundFiles;
  }

  // ---- running things

  /** A statement that yields no rows for us to read, prepared, not started. */
  DuckDbQuery query(String doing, Function<Session, String> sql, RunOptions runOptions) {
    return query(doing, sql, ResultReader.Prepared::plain, runOptions);
  }

  /** How a statement is prepared. */
  interface Preparation {
    ResultReader.Prepared apply(DuckDBConnection connection, String sql) throws SQLException;
  }

  /** A query that is prepared, not started. The SQL is made once its session is there. */
  private DuckDbQuery query(
      String doing, Function<Session, String> sql, Preparation preparation, RunOptions runOptions) {
    Optional<Duration> timeout = runOptions.timeout().or(options::timeout);
    long begin = System.nanoTime();
    var preparing = new Preparing(() -> prepare(doing, sql, preparation));
    DuckDbQuery.Run run = prepared(preparing, doing, timeout);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    var query = new DuckDbQuery(this, run, timeout.map(time -> time.minus(took)));
    running.add(query);
    return query;
  }

  /** Sources that ask servers may take all of the time that a query has. */
  private DuckDbQuery.Run prepared(Preparing preparing, String doing, Optional<Duration> timeout) {
    Future<DuckDbQuery.Run> task = submit(preparing);
    try {
      return timeout.isEmpty()
          ? task.get()
          : task.get(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      giveUp(preparing, task, doing);
      throw interrupted(doing, e);
    } catch (TimeoutException e) {
      giveUp(preparing, task, doing);
      throw DuckDbQuery.outOfTime(doing, e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw failure(e, doing);
    }
  }

  private static void giveUp(Preparing preparing, Future<?> task, String doing) {
    task.cancel(false); // one that has not begun never will
    try {
      preparing.giveUp();
    } catch (SQLException e) {
      throw Errors.translate(doing, e);
    }
  }

  private DuckDbQuery.Run prepare(
      String doing, Function<Session, String> render, Preparation preparation) throws SQLException {
    Session session = session();
    try {
      if (!listeners.isEmpty()) {
        session.execute("SET enable_progress_bar=true");
        session.execute("SET enable_progress_bar_print=false");
        session.execute("SET progress_bar_time=0");
      }
      ResultReader.Prepared prepared =
          preparation.apply(session.connection(), render.apply(session));
      return new DuckDbQuery.Run(session, prepared, doing);
    } catch (SQLException | RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /** Work on a session of its own, on the pool. */
  interface SessionFunction<T extends @Nullable Object> {
    T apply(Session session) throws SQLException;
  }

  /** Does something short on a session of its own; errors show the place in the user's text. */
  <T extends @Nullable Object> T call(String doing, UserText user, SessionFunction<T> work) {
    return await(
        submit(() -> {
          try (Session session = session()) {
            return work.apply(session);
          } catch (SQLException e) {
            throw Errors.translate(doing, e, user);
          }
        }),
        doing);
  }

  /** A session of one's own, for use on the pool; whoever opens it closes it. */
  Session session() throws SQLException {
    return new Session(root, rowScans, probe);
  }

  <T extends @Nullable Object> T call(String doing, SessionFunction<T> work) {
    return call(doing, UserText.NONE, work);
  }

  <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    if (ON_POOL.get() == this) { // a source that asks the engine: the pool could be full of such
      var inline = new FutureTask<T>(task);
      inline.run();
      return inline;
    }
    try {
      return pool.submit(task);
    } catch (RejectedExecutionException e) {
      throw new InvalidRequest("Cannot run a query: Tarn is closed. Open it again.", e);
    }
  }

  static <T extends @Nullable Object> T await(Future<T> task, String doing) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(false);
      throw interrupted(doing, e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw failure(e, doing);
    }
  }

  private static LimitExceeded interrupted(String doing, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LimitExceeded(
        "Cannot %s: its thread was interrupted. Run it again.".formatted(doing), e);
  }

  private static RuntimeException failure(java.util.concurrent.ExecutionException e, String doing) {
    return switch (e.getCause()) {
      case SQLException sql -> Errors.translate(doing, sql);
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e);
    };
  }

  /** The exception for a query that failed; it names the file when one cannot be read. */
  TarnException failure(DuckDbQuery.Run run, SQLException e) {
    TarnException failure = Errors.translate(run.doing(), e);
    List<FileScan> files = run.session().files();
    if (files.isEmpty() || !Errors.isOfReader(e)) {
      return failure;
    }
    try {
      return new FileOpener(this).culprit(files).<TarnException>map(x -> x).orElse(failure);
    } catch (Unavailable gone) {
      gone.addSuppressed(failure);
      return gone;
    } catch (TarnException whileLooking) {
      failure.addSuppressed(whileLooking);
      return failure;
    }
  }

  // ---- time-outs and progress

  /** Watches a query until it is stopped. */
  static final class Ticker {
    private final @Nullable ScheduledFuture<?> timeout;
    private final @Nullable ScheduledFuture<?> progress;
    private final Runnable last;

    private Ticker(
        @Nullable ScheduledFuture<?> timeout,
        @Nullable ScheduledFuture<?> progress,
        Runnable last) {
      this.timeout = timeout;
      this.progress = progress;
      this.last = last;
    }

    void stop() {
      if (timeout != null) {
        timeout.cancel(false);
      }
      if (progress != null) {
        progress.cancel(false);
        last.run();
      }
    }
  }

  @Nullable Ticker watch(
      DuckDbQuery query, DuckDBPreparedStatement statement, Optional<Duration> timeout) {
    if (timeout.isEmpty() && listeners.isEmpty()) {
      return null;
    }
    long number = queries.incrementAndGet();
    long start = System.nanoTime();
    ScheduledFuture<?> limit =
        timeout
            .map(time ->
                clock.schedule(query::cancelForTimeout, time.toNanos(), TimeUnit.NANOSECONDS))
            .orElse(null);
    ScheduledFuture<?> progress =
        listeners.isEmpty()
            ? null
            : clock.scheduleAtFixedRate(
                () -> report(number, start, statement, Progress.State.RUNNING),
                PROGRESS_MILLIS,
                PROGRESS_MILLIS,
                TimeUnit.MILLISECONDS);
    return new Ticker(
        limit, progress, () -> report(number, start, statement, Progress.State.ENDED));
  }

  private void report(
      long number, long start, DuckDBPreparedStatement statement, Progress.State state) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    Progress now;
    try {
      QueryProgress progress = statement.getQueryProgress();
      double percent = progress.getPercentage();
      OptionalDouble fraction =
          percent < 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.min(1, percent / 100));
      now =
          new Progress(
              number,
              fraction,
              progress.getRowsProcessed(),
              progress.getTotalRowsToProcess(),
              elapsed,
              state);
    } catch (SQLException statementClosed) {
      now = new Progress(number, OptionalDouble.empty(), 0, 0, elapsed, state);
    }
    Progress sent = now;
    listeners.forEach(listener -> listener.accept(sent));
  }

  void forget(DuckDbQuery query) {
    running.remove(query);
  }

  @Override
  public void close() {
    running.forEach(DuckDbQuery::cancelForClosedEngine);
    clock.shutdownNow();
    pool.shutdown();
    try {
      if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.forEach(DuckDbQuery::close);
    probe.close();
    try {
      root.close();
    } catch (SQLException e) {
      throw Errors.translate("close the engine", e);
    } finally {
      removeSpillFolder();
    }
  }

  private void removeSpillFolder() {
    if (ownSpillFolder == null) {
      return;
    }
    try {
      FileTree.delete(ownSpillFolder);
    } catch (IOException e) {
      System.getLogger(DuckDbEngine.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot remove " + ownSpillFolder, e);
    }
  }
}
