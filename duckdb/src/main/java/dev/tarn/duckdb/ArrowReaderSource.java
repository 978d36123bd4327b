package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.Scan;
import dev.tarn.spi.ScanRequest;
import dev.tarn.spi.Source;
import dev.tarn.type.Schema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.duckdb.DuckDBConnection;

/** Batches of an Arrow reader, which DuckDB reads by itself, once. */
final class ArrowReaderSource implements Source {

  private static final String NAME = "Arrow batches";
  private static final String EMPTY = "__arrow_empty";

  private final ArrowReader reader;
  private final Schema schema;
  private final AtomicBoolean taken = new AtomicBoolean();

  private ArrowReaderSource(ArrowReader reader, Schema schema) {
    this.reader = reader;
    this.schema = schema;
  }

  static ArrowReaderSource of(DuckDbEngine engine, ArrowReader reader) {
    Schema schema =
        engine.call(
            "read [" + NAME + "]",
            session -> {
              try (var allocator = new RootAllocator();
                  ArrowReader empty = empty(reader, allocator);
                  var _ = register(session.connection(), EMPTY, empty, allocator);
                  var statement = session.connection().prepare("FROM " + EMPTY)) {
                return ResultReader.schema(session.connection(), statement, "FROM " + EMPTY);
              } catch (java.sql.SQLException | RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw unreadable(e);
              }
            });
    return new ArrowReaderSource(reader, schema);
  }

  private static BadData unreadable(Exception e) {
    return new BadData(
        "Cannot read [%s]: %s. Check what the reader reads.".formatted(NAME, e.getMessage()), e);
  }

  /**
   * A reader of the same columns without rows: what DuckDB makes of them is asked without a batch.
   */
  private static ArrowReader empty(ArrowReader reader, BufferAllocator allocator)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var columns = reader.getVectorSchemaRoot().getSchema();
    try (VectorSchemaRoot root = VectorSchemaRoot.create(columns, allocator);
        var writer = new ArrowStreamWriter(root, reader, bytes)) {
      writer.start();
      writer.end();
    }
    return new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
  }

  /** Makes the batches known to a connection as a table; whoever calls closes what comes back. */
  AutoCloseable register(DuckDBConnection connection, String name) {
    if (taken.getAndSet(true)) {
      throw new InvalidRequest(
          "Cannot read [%s] again: a reader is read once. Collect the frame first."
              .formatted(NAME));
    }
    try {
      // buffers stay with the allocator that they come from
      BufferAllocator own = reader.getVectorSchemaRoot().getVector(0).getAllocator();
      return register(connection, name, reader, own);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static AutoCloseable register(
      DuckDBConnection connection, String name, ArrowReader reader, BufferAllocator allocator) {
    ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
    Data.exportArrayStream(allocator, reader, stream);
    connection.registerArrowStream(name, stream);
    return stream;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** Never asked: a session registers the reader instead. */
  @Override
  public Scan plan(ScanRequest request) {
    throw new IllegalStateException("Arrow batches are registered, not planned");
  }
}
