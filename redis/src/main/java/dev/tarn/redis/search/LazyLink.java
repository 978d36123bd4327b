package dev.tarn.redis.search;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is taken when it is first needed, and given back at the end. Used by one thread
 * at a time.
 */
final class LazyLink implements Supplier<Link>, AutoCloseable {

  private final Indexes indexes;
  private @Nullable Borrowed connection;

  LazyLink(Indexes indexes) {
    this.indexes = indexes;
  }

  /** Does it again once: a connection that was kept may be one that has ended meanwhile. */
  static <T> T twice(Indexes indexes, Function<LazyLink, T> work) {
    try (var link = new LazyLink(indexes)) {
      return work.apply(link);
    } catch (LostConnection first) {
      try (var link = new LazyLink(indexes)) {
        return work.apply(link);
      }
    }
  }

  @Override
  public Link get() {
    return open().link();
  }

  /** To whom it is. */
  Node node() {
    return open().node();
  }

  private Borrowed open() {
    Borrowed open = connection == null ? indexes.connect() : connection;
    connection = open;
    return open;
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
