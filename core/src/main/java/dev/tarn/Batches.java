package dev.tarn;

import dev.tarn.error.InvalidRequest;
import dev.tarn.spi.Batch;
import dev.tarn.spi.QueryResult;
import dev.tarn.type.Schema;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A result in column batches, while the query runs. Can be gone through once, by one thread at a
 * time; {@link #close()} may come early and from any thread, and frees everything.
 */
public final class Batches implements Iterable<Batch>, AutoCloseable {

  private final QueryResult result;
  private boolean started;

  Batches(QueryResult result) {
    this.result = result;
  }

  public Schema schema() {
    return result.schema();
  }

  /** The next batch; null at the end. */
  public @Nullable Batch next() {
    started = true;
    return result.next();
  }

  @Override
  public Iterator<Batch> iterator() {
    if (started) {
      throw new InvalidRequest(
          "Cannot iterate batches again: they come once. Run the frame again.");
    }
    started = true;
    return new Iterator<>() {
      private @Nullable Batch ahead = result.next();

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Batch next() {
        Batch batch = ahead;
        if (batch == null) {
          throw new NoSuchElementException();
        }
        ahead = result.next();
        return batch;
      }
    };
  }

  /** The batches as a stream, which closes this when it is closed. */
  public Stream<Batch> stream() {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), 0), false)
        .onClose(this::close);
  }

  @Override
  public void close() {
    result.close();
  }
}
