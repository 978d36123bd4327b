package dev.tarn.lake.iceberg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.iceberg.jdbc.JdbcClientPool;

/**
 * Connections of a catalog. A statement is never sent again by itself: one whose answer was lost
 * may have been carried out, and Iceberg would take the second try of such a commit for the victory
 * of another writer, and remove the files of the first.
 */
final class CatalogConnections extends JdbcClientPool {

  private static final int KEPT = 4;
  private static final int CHECK_SECONDS = 5;

  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  CatalogConnections(String url, Map<String, String> properties) {
    super(1, url, properties);
  }

  @Override
  public <R> R run(Action<R, Connection, SQLException> action) throws SQLException {
    return run(action, false);
  }

  @Override
  public <R> R run(Action<R, Connection, SQLException> action, boolean retry) throws SQLException {
    Connection connection = borrow();
    boolean sound = false;
    try {
      R result = action.run(connection);
      sound = true;
      return result;
    } finally {
      if (sound && !closed && idle.size() < KEPT) {
        idle.push(connection);
      } else {
        close(connection);
      }
    }
  }

  private Connection borrow() throws SQLException {
    for (Connection kept = idle.poll(); kept != null; kept = idle.poll()) {
      if (kept.isValid(CHECK_SECONDS)) {
        return kept;
      }
      close(kept);
    }
    return newClient();
  }

  @Override
  public void close() {
    closed = true;
    for (Connection kept = idle.poll(); kept != null; kept = idle.poll()) {
      close(kept);
    }
    super.close();
  }
}
