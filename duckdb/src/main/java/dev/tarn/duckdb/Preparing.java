package dev.tarn.duckdb;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A query while it is prepared, for which sources may ask servers. Whoever gives it up need not
 * wait for its thread, which is interrupted; what it has made is closed.
 */
final class Preparing implements Callable<DuckDbQuery.Run> {

  private final Callable<DuckDbQuery.Run> work;
  private @Nullable Thread thread;
  private DuckDbQuery.@Nullable Run made;
  private boolean givenUp;

  Preparing(Callable<DuckDbQuery.Run> work) {
    this.work = work;
  }

  @Override
  public DuckDbQuery.Run call() throws Exception {
    begin();
    DuckDbQuery.@Nullable Run run = null;
    try {
      run = work.call();
      return run;
    } finally {
      if (isUnwanted(run) && run != null) {
        run.close();
      }
    }
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    if (givenUp) {
      thread.interrupt();
    }
  }

  private synchronized boolean isUnwanted(DuckDbQuery.@Nullable Run run) {
    thread = null;
    made = run;
    if (givenUp) {
      Thread.interrupted(); // the next work of this thread was not meant
    }
    return givenUp;
  }

  /** Nobody waits for it any more. */
  void giveUp() throws SQLException {
    DuckDbQuery.@Nullable Run unwanted;
    synchronized (this) {
      givenUp = true;
      unwanted = made;
      if (thread != null) {
        thread.interrupt();
      }
    }
    if (unwanted != null) {
      unwanted.close();
    }
  }
}
