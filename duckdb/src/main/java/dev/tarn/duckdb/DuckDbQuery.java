package dev.tarn.duckdb;

import dev.tarn.error.LimitExceeded;
import dev.tarn.error.TarnException;
import dev.tarn.spi.Batch;
import dev.tarn.spi.QueryResult;
import dev.tarn.type.Schema;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A query that runs. Every step of it is a task of the engine's pool, one at a time; while the
 * caller works on a batch, the next one is read.
 */
final class DuckDbQuery implements QueryResult {

  /** Why a query was stopped. */
  private enum Stop {
    TIMEOUT,
    CLOSED,
    INTERRUPTED,
    ENGINE_CLOSED
  }

  private final DuckDbEngine engine;
  private final Run run;
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private final DuckDbEngine.@Nullable Ticker ticker;
  private volatile @Nullable ResultReader reader;

  /** The batch after the last one that was handed over; null where there is none. */
  private volatile @Nullable Future<@Nullable Batch> ahead;

  private volatile boolean ended;
  private volatile boolean closed;

  /** What is run: a statement in a session of its own. */
  record Run(Session session, ResultReader.Prepared prepared, String doing)
      implements AutoCloseable {
    DuckDBPreparedStatement statement() {
      return prepared.statement();
    }

    @Override
    public void close() throws SQLException {
      try (session) {
        prepared.close();
      }
    }
  }

  DuckDbQuery(DuckDbEngine engine, Run run, java.util.Optional<java.time.Duration> timeout) {
    this.engine = engine;
    this.run = run;
    this.ticker = engine.watch(this, run.statement(), timeout);
  }

  /** Starts it; returns once the first batch is there, or all work is done. */
  DuckDbQuery start(int batchRows) {
    try {
      @Nullable Batch first =
          await(
              submit(() -> {
                ResultReader started = ResultReader.start(run.prepared(), batchRows);
                reader = started;
                return started.next();
              }));
      ahead = CompletableFuture.completedFuture(first);
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Runs a statement that yields no rows to stream, such as COPY, and hands its result over. */
  <T> T execute(SqlFunction<T> work) {
    try {
      T result = await(submit(() -> work.apply(run.statement())));
      run.session().requireSameFiles(run.doing());
      ended = true;
      return result;
    } finally {
      close();
    }
  }

  /** One step of a query that goes on; a failure ends it. */
  <T> T keep(SqlFunction<T> step) {
    try {
      return await(submit(() -> step.apply(run.statement())));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Work on a statement. */
  interface SqlFunction<T> {
    T apply(DuckDBPreparedStatement statement) throws SQLException;
  }

  @Override
  public Schema schema() {
    return run.prepared().schema();
  }

  @Override
  public @Nullable Batch next() {
    if (ended) {
      return null;
    }
    try {
      requireGoingOn();
      Future<@Nullable Batch> current = ahead;
      Batch batch = current == null ? null : await(current);
      ended = batch == null;
      ahead = ended || reader().isAtEnd() ? null : submit(reader()::next);
      if (ended) {
        run.session().requireSameFiles(run.doing());
        close();
      }
      return batch;
    } catch (RuntimeException | Error e) {
      ended = true;
      close();
      throw e;
    }
  }

  /** A cancel that came between two steps has interrupted none: it counts at the next one. */
  private void requireGoingOn() {
    if (Thread.currentThread().isInterrupted()) {
      stop.compareAndSet(null, Stop.INTERRUPTED);
    }
    Stop reason = stop.get();
    if (reason != null) {
      cancel(reason);
      throw stopped(null);
    }
  }

  /** Stops it; the running step fails, and says why. */
  void cancelForTimeout() {
    cancel(Stop.TIMEOUT);
  }

  void cancelForClosedEngine() {
    cancel(Stop.ENGINE_CLOSED);
  }

  private void cancel(Stop reason) {
    stop.compareAndSet(null, reason);
    try {
      run.statement().cancel();
    } catch (SQLException alreadyClosed) {
      stop.compareAndSet(null, reason);
    }
    run.session().cancelSources();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended) {
      cancel(Stop.CLOSED);
    }
    if (ticker != null) {
      ticker.stop();
    }
    engine.forget(this);
    Future<@Nullable Batch> running = ahead;
    if (running != null) {
      awaitEnd(running);
    }
    release();
  }

  private void release() {
    try (run) {
      ResultReader open = reader;
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      throw Errors.translate("close the query", e);
    }
  }

  private ResultReader reader() {
    ResultReader started = reader;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  private <T extends @Nullable Object> Future<T> submit(Callable<T> step) {
    return engine.submit(() -> {
      if (stop.get() != null) { // a statement forgets a cancel that comes before it starts
        throw stopped(null);
      }
      return step.call();
    });
  }

  private <T extends @Nullable Object> T await(Future<T> step) {
    try {
      return step.get();
    } catch (InterruptedException e) {
      cancel(Stop.INTERRUPTED);
      awaitEnd(step);
      Thread.currentThread().interrupt();
      throw stopped(e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** Waits for a step that was cancelled; what became of it does not matter. */
  private static void awaitEnd(Future<?> step) {
    boolean interrupted = false;
    while (true) {
      try {
        step.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException | java.util.concurrent.CancellationException e) {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private RuntimeException failure(@Nullable Throwable cause) {
    if (stop.get() != null) {
      return stopped(cause);
    }
    Throwable ofSource = run.session().sourceFailure();
    return switch (ofSource == null ? cause : ofSource) {
      case TarnException e -> e;
      case SQLException e -> ofEngine(e);
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(cause);
    };
  }

  private TarnException ofEngine(SQLException e) {
    try {
      run.session().requireSameFiles(run.doing());
      return engine.failure(run, e);
    } catch (TarnException replaced) {
      replaced.addSuppressed(e);
      return replaced;
    }
  }

  /** What to throw for a query whose time ran out before it was there. */
  static LimitExceeded outOfTime(String doing, Throwable cause) {
    return stopped(doing, Stop.TIMEOUT, cause);
  }

  private LimitExceeded stopped(@Nullable Throwable cause) {
    Stop reason = stop.get();
    return stopped(run.doing(), reason == null ? Stop.CLOSED : reason, cause);
  }

  private static LimitExceeded stopped(String doing, Stop reason, @Nullable Throwable cause) {
    String why =
        switch (reason) {
          case TIMEOUT -> "its time ran out. Allow more, or ask for less";
          case CLOSED -> "its result was closed. Run it again";
          case INTERRUPTED -> "its thread was interrupted. Run it again";
          case ENGINE_CLOSED -> "the engine was closed. Keep it open until results are read";
        };
    return new LimitExceeded("Cannot %s: %s.".formatted(doing, why), cause);
  }
}
