package dev.tarn.duckdb;

import dev.tarn.error.BadData;
import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import dev.tarn.io.ReadOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.duckdb.DuckDBConnection;

/**
 * Arrow IPC files, read by Arrow's own reader (an optional dependency) and handed to DuckDB batch
 * by batch.
 */
final class ArrowFiles {

  private static final byte[] FILE_MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

  private ArrowFiles() {}

  /**
   * Makes a file known to a connection as a table that can be read once.
   *
   * @return what to close when the query has ended
   */
  static AutoCloseable register(
      DuckDBConnection connection, String name, String path, ReadOptions options) {
    if (options.fileNameColumn() != null || options.schema() != null) {
      throw new InvalidRequest(
          "Cannot read [%s] with a file name column or a schema: Arrow files take neither."
              .formatted(path));
    }
    try {
      return Open.of(connection, name, path);
    } catch (NoClassDefFoundError e) {
      throw new InvalidRequest(
          "Cannot read [%s]: Arrow is not on the class path. Add arrow-c-data and arrow-memory-unsafe."
              .formatted(path),
          e);
    }
  }

  /** Holds all that needs Arrow's classes, so that nothing else does. */
  private record Open(
      BufferAllocator allocator, FileChannel channel, ArrowReader reader, ArrowArrayStream stream)
      implements AutoCloseable {

    static Open of(DuckDBConnection connection, String name, String path) {
      var allocator = new RootAllocator();
      FileChannel channel = null;
      try {
        channel = FileChannel.open(Path.of(path), StandardOpenOption.READ);
        ArrowReader reader = reader(channel, allocator);
        reader.getVectorSchemaRoot();
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
        Data.exportArrayStream(allocator, reader, stream);
        connection.registerArrowStream(name, stream);
        return new Open(allocator, channel, reader, stream);
      } catch (IOException | RuntimeException e) {
        closeAfterFailure(allocator, channel, e);
        throw failure(path, e);
      }
    }

    private static ArrowReader reader(FileChannel channel, BufferAllocator allocator)
        throws IOException {
      var magic = java.nio.ByteBuffer.allocate(FILE_MAGIC.length);
      channel.read(magic, 0);
      boolean isFile = java.util.Arrays.equals(magic.array(), FILE_MAGIC);
      var codecs = org.apache.arrow.vector.compression.NoCompressionCodec.Factory.INSTANCE;
      return isFile
          ? new ArrowFileReader(channel, allocator, codecs)
          : new ArrowStreamReader(channel, allocator, codecs);
    }

    private static RuntimeException failure(String path, Exception e) {
      if (e instanceof NoSuchFileException) {
        return new Unavailable(
            "Cannot read [%s]: there is no such file. Check the path.".formatted(path), e);
      }
      if (e instanceof java.nio.file.AccessDeniedException) {
        return new Unavailable(
            "Cannot read [%s]: permission denied. Ask for the right to read it.".formatted(path),
            e);
      }
      return new BadData(
          "Cannot read [%s]: it is no Arrow file that can be read (%s). Write it anew, or skip it with onBadFile(SKIP)."
              .formatted(path, e.getMessage()),
          e);
    }

    private static void closeAfterFailure(
        BufferAllocator allocator,
        @org.jspecify.annotations.Nullable FileChannel channel,
        Exception e) {
      try {
        if (channel != null) {
          channel.close();
        }
        allocator.close();
      } catch (IOException | RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
      reader.close();
      channel.close();
      allocator.close();
    }
  }
}
