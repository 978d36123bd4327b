package dev.tarn.benchmarks;

import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;

/**
 * The peer: DuckDB by plain JDBC, with the settings of Tarn's engine. One connection that is kept,
 * results streamed, a statement prepared for each query.
 */
final class Plain implements AutoCloseable {

  private final DuckDBConnection connection;

  private Plain(DuckDBConnection connection) {
    this.connection = connection;
  }

  static Plain open() throws SQLException {
    var properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    return new Plain((DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties));
  }

  DuckDBConnection connection() {
    return connection;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a query, reads every value of every row as an object, and returns how many rows. */
  long rows(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        long rows = 0;
        while (result.next()) {
          for (int i = 1; i <= columns; i++) {
            Checksum.use(result.getObject(i));
          }
          rows++;
        }
        return rows;
      }
    }
  }

  /** What is done with each value of a column in a chunk. */
  @FunctionalInterface
  interface Values {
    long sum(DuckDBReadableVector vector, int rows);
  }

  /** Reads the first column of a query chunk by chunk, the fastest way that the driver has. */
  long chunks(String sql, Values values) throws SQLException {
    long sum = 0;
    try (DuckDBPreparedStatement statement = connection.prepare(sql);
        DuckDBChunkedResult result = statement.query()) {
      while (result.nextChunk()) {
        DuckDBDataChunkReader chunk = result.chunk();
        if (chunk.rowCount() > 0) {
          sum += values.sum(chunk.vector(0), (int) chunk.rowCount());
        }
      }
    }
    return sum;
  }

  /** A COPY; returns how many rows it wrote. */
  long copy(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /** A path as an SQL literal. */
  static String literal(Object path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
