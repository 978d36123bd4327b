package dev.tarn.duckdb;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;

/** The driver's Arrow reader, which ends its query when it is closed. */
final class ArrowResult extends ArrowReader {

  private final DuckDbQuery query;
  private final ArrowReader delegate;
  private boolean closed;

  private ArrowResult(DuckDbQuery query, ArrowReader delegate, BufferAllocator allocator) {
    super(allocator);
    this.query = query;
    this.delegate = delegate;
  }

  static ArrowReader open(DuckDbQuery query, BufferAllocator allocator, int batchRows) {
    ArrowReader delegate =
        query.keep(statement -> {
          var result = (DuckDBResultSet) statement.executeQuery();
          return (ArrowReader) result.arrowExportStream(allocator, batchRows);
        });
    return new ArrowResult(query, delegate, allocator);
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return delegate.getVectorSchemaRoot();
  }

  @Override
  public java.util.Map<Long, Dictionary> getDictionaryVectors() throws IOException {
    return delegate.getDictionaryVectors();
  }

  @Override
  public Dictionary lookup(long id) {
    return delegate.lookup(id);
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    return query.keep(statement -> {
      try {
        return delegate.loadNextBatch();
      } catch (IOException e) {
        throw new java.sql.SQLException(e.getMessage(), e);
      }
    });
  }

  @Override
  public long bytesRead() {
    return delegate.bytesRead();
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() throws IOException {
    return delegate.getVectorSchemaRoot().getSchema();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      delegate.close();
    } finally {
      query.close();
    }
  }
}
