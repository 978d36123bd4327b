package dev.tarn.duckdb;

import dev.tarn.spi.Batch;
import dev.tarn.spi.Vector;
import dev.tarn.type.Field;
import dev.tarn.type.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streaming result into batches, by one of two ways of the driver: chunk by chunk, four
 * times faster, where every column's type allows it; else row by row.
 */
abstract sealed class ResultReader implements AutoCloseable {

  final Schema schema;
  final int batchRows;

  private ResultReader(Schema schema, int batchRows) {
    this.schema = schema;
    this.batchRows = batchRows;
  }

  /** Starts the query of a statement. */
  static ResultReader start(DuckDBPreparedStatement statement, String sql, int batchRows)
      throws SQLException {
    Schema schema = schema(statement.getMetaData());
    boolean chunks = schema.fields().stream().allMatch(f -> ColumnBuilder.readsChunks(f.type()));
    return chunks
        ? new Chunks(schema, batchRows, statement.query())
        : new RowByRow(schema, batchRows, statement, sql);
  }

  /** The next batch; null at the end. */
  abstract @Nullable Batch next() throws SQLException;

  @Override
  public abstract void close() throws SQLException;

  /** Names and types of a result; a name that is there twice gets {@code _2}, {@code _3} … */
  static Schema schema(ResultSetMetaData meta) throws SQLException {
    var fields = new ArrayList<Field>();
    var seen = new HashMap<String, Integer>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String name = meta.getColumnName(i);
      int times = seen.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum);
      while (times > 1) {
        String next = name + "_" + times;
        times = seen.merge(next.toLowerCase(Locale.ROOT), 1, Integer::sum) > 1 ? times + 1 : 0;
        name = times == 0 ? next : name;
      }
      fields.add(new Field(name, dev.tarn.type.DataType.parse(meta.getColumnTypeName(i))));
    }
    return new Schema(fields);
  }

  final Batch build(List<ColumnBuilder> builders) {
    List<Vector> vectors = builders.stream().map(ColumnBuilder::build).toList();
    return new Batch(schema, builders.isEmpty() ? 0 : builders.get(0).size, vectors);
  }

  final List<ColumnBuilder> builders(int capacity) {
    return schema.fields().stream().map(f -> ColumnBuilder.of(f.type(), capacity)).toList();
  }

  private static final class Chunks extends ResultReader {
    /**
     * The driver ends a stream that fails in its middle as if it were complete; only this method,
     * which it keeps to itself, tells. Without it rows would be lost without a word.
     */
    private static final MethodHandle CHECK_ERROR = checkError();

    private final DuckDBChunkedResult result;
    private @Nullable DuckDBDataChunkReader chunk;
    private int row;
    private boolean ended;

    Chunks(Schema schema, int batchRows, DuckDBChunkedResult result) {
      super(schema, batchRows);
      this.result = result;
    }

    @Override
    @Nullable Batch next() throws SQLException {
      List<ColumnBuilder> builders = null;
      int rows = 0;
      while (rows < batchRows && advance()) {
        DuckDBDataChunkReader current = chunk;
        if (current == null) {
          break;
        }
        int there = (int) current.rowCount();
        int count = Math.min(there - row, batchRows - rows);
        if (builders == null) {
          builders = builders(Math.min(batchRows, 2 * Batch.MAX_SCAN_ROWS));
        }
        for (int i = 0; i < builders.size(); i++) {
          builders.get(i).append(current.vector(i), row, count);
        }
        rows += count;
        row += count;
        if (row >= there) {
          chunk = null;
        }
      }
      return builders == null ? null : build(builders);
    }

    /** Moves to a chunk with rows left to read; false at the end. */
    private boolean advance() throws SQLException {
      while (chunk == null && !ended) {
        row = 0;
        if (result.nextChunk()) {
          chunk = result.chunk().rowCount() == 0 ? null : result.chunk();
        } else {
          ended = true;
          throwIfFailed();
        }
      }
      return chunk != null;
    }

    private void throwIfFailed() throws SQLException {
      try {
        CHECK_ERROR.invokeExact(result);
      } catch (SQLException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws SQLException {
      result.close();
    }

    private static MethodHandle checkError() {
      try {
        return MethodHandles.privateLookupIn(DuckDBChunkedResult.class, MethodHandles.lookup())
            .findVirtual(
                DuckDBChunkedResult.class, "checkError", MethodType.methodType(void.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "This version of the DuckDB driver has no way to tell a complete result from a failed"
                + " one. Use duckdb_jdbc 2.0.0.1.",
            e);
      }
    }
  }

  private static final class RowByRow extends ResultReader {
    private final DuckDBPreparedStatement statement;
    private final DuckDBConnection connection;
    private final String sql;
    private final ResultSet result;
    private boolean ended;

    RowByRow(Schema schema, int batchRows, DuckDBPreparedStatement statement, String sql)
        throws SQLException {
      super(schema, batchRows);
      this.statement = statement;
      this.connection = (DuckDBConnection) statement.getConnection();
      this.sql = sql;
      this.result = open();
    }

    private ResultSet open() throws SQLException {
      try {
        return statement.executeQuery();
      } catch (SQLException e) {
        throw diagnosed(e);
      }
    }

    @Override
    @Nullable Batch next() throws SQLException {
      List<ColumnBuilder> builders = builders(Math.min(batchRows, 2 * Batch.MAX_SCAN_ROWS));
      int rows = 0;
      while (!ended && rows < batchRows) {
        if (!advance()) {
          ended = true;
          break;
        }
        for (int i = 0; i < builders.size(); i++) {
          builders.get(i).append(Values.read(result, i + 1, schema.fields().get(i).type()));
        }
        rows++;
      }
      return rows == 0 ? null : build(builders);
    }

    private boolean advance() throws SQLException {
      try {
        return result.next();
      } catch (SQLException e) {
        throw diagnosed(e);
      }
    }

    /**
     * The driver drops the reason when a stream that is read row by row fails. Running the query
     * again, by chunks that nobody looks into, finds it.
     */
    private SQLException diagnosed(SQLException e) {
      if (e.getMessage() == null || !e.getMessage().contains("Invalid result set")) {
        return e;
      }
      try (DuckDBPreparedStatement again = connection.prepare(sql);
          var chunks = new Chunks(schema, batchRows, again.query())) {
        boolean more = true;
        while (more) {
          more = chunks.result.nextChunk();
        }
        chunks.throwIfFailed();
        return e;
      } catch (SQLException reason) {
        return reason;
      }
    }

    @Override
    public void close() throws SQLException {
      result.close();
    }
  }
}
