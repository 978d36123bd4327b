package dev.tarn.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.EntryId;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import dev.tarn.redis.write.StreamReplies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose entries are taken one after another. Keeps connections; used by one thread at a
 * time, and closed by whoever opened it.
 */
public final class RedisStream implements AutoCloseable {

  private static final Command XACK = Command.of("XACK");
  private static final Command XGROUP = Command.of("XGROUP");
  private static final Command XINFO = Command.of("XINFO");
  private static final Command XPENDING = Command.of("XPENDING");
  private static final Command XRANGE = Command.of("XRANGE");
  private static final Command XREADGROUP = Command.of("XREADGROUP");
  private static final Command XREVRANGE = Command.of("XREVRANGE");
  private static final int PENDING_AT_ONCE = 1000;

  private final Redirects redirects;
  private final String name;
  private final byte[] key;

  /** Milliseconds; an answer that took longer would be taken for lost. */
  private final long longestBlock;

  RedisStream(Servers servers, String key) {
    this.redirects = new Redirects(servers);
    this.name = key;
    this.key = key.getBytes(UTF_8);
    this.longestBlock = Math.max(1, servers.readTimeout().toMillis() / 2);
  }

  /** Its key. */
  public String key() {
    return name;
  }

  /**
   * Makes a group, and the stream, where there is none.
   *
   * @param after the id of the last entry that the group is not given; 0-0 for all
   */
  public void ensureGroup(String group, String after) {
    Object reply = reply(XGROUP, "CREATE", key, group, after, "MKSTREAM");
    if (reply instanceof ServerError error && !error.is("BUSYGROUP")) {
      throw failed(error);
    }
  }

  /**
   * The highest id that an entry has had, be it there or not; 0-0 where there has been none, and
   * where there is no stream. It does not fall as long as the stream is the same.
   */
  public String lastId() {
    Object reply = reply(XINFO, "STREAM", key);
    if (!(reply instanceof ServerError error)) {
      return StreamReplies.lastId(reply);
    }
    if (error.is("ERR no such key")) {
      return EntryId.ZERO.toString();
    }
    throw failed(error);
  }

  /** The last entry that a group was given; 0-0 for none. */
  public String lastDelivered(String group) {
    return StreamReplies.lastDelivered(ask(XINFO, "GROUPS", key), group);
  }

  /**
   * Entries that no consumer of the group was given yet, which are the consumer's then.
   *
   * @param wait how long for the first; zero to not wait
   */
  public List<StreamEntry> read(String group, String consumer, int count, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      long left = Math.min((end - System.nanoTime()) / 1_000_000, longestBlock);
      var parts = new ArrayList<Object>(List.of("GROUP", group, consumer, "COUNT", count));
      if (left > 0) {
        parts.addAll(List.of("BLOCK", left));
      }
      parts.addAll(List.of("STREAMS", key, ">"));
      List<StreamEntry> read = StreamReplies.ofStreams(ask(XREADGROUP, parts.toArray()));
      if (!read.isEmpty() || left <= 0) {
        return read;
      }
    }
  }

  /** Entries between two, the first left out and the last included, from the first on. */
  public List<StreamEntry> between(String after, String last, int count) {
    EntryId first = EntryId.of(after).next();
    return first == null
        ? List.of()
        : StreamReplies.entries(ask(XRANGE, key, first, last, "COUNT", count));
  }

  /** The entry before another; empty where it is the first. */
  public Optional<String> before(String id) {
    EntryId previous = EntryId.of(id).previous();
    if (previous == null) {
      return Optional.empty();
    }
    return StreamReplies.entries(ask(XREVRANGE, key, previous, "-", "COUNT", 1)).stream()
        .map(StreamEntry::id)
        .findFirst();
  }

  /** Acknowledges all entries up to one that the group was given, whichever consumer has them. */
  public long acknowledge(String group, String upTo) {
    long count = 0;
    while (true) {
      List<byte[]> pending =
          StreamReplies.ids(ask(XPENDING, key, group, "-", upTo, PENDING_AT_ONCE));
      if (pending.isEmpty()) {
        return count;
      }
      var parts = new ArrayList<Object>(List.of(key, group));
      parts.addAll(pending);
      count += ask(XACK, parts.toArray()) instanceof Long n ? n : 0;
    }
  }

  /** Takes a consumer out of its group; not where entries are pending at it, to be seen there. */
  public void leave(String group, String consumer) {
    Object pending = ask(XPENDING, key, group, "-", "+", 1, consumer);
    if (StreamReplies.ids(pending).isEmpty()) {
      ask(XGROUP, "DELCONSUMER", key, group, consumer);
    }
  }

  /** Whether one id comes after another. */
  public static boolean isAfter(String id, String other) {
    return EntryId.of(id).compareTo(EntryId.of(other)) > 0;
  }

  private @Nullable Object ask(Command command, Object... parts) {
    Object reply = reply(command, parts);
    if (reply instanceof ServerError error) {
      throw failed(error);
    }
    return reply;
  }

  private @Nullable Object reply(Command command, Object... parts) {
    return redirects.ask(key, List.of(request(command, parts))).getFirst();
  }

  private Unavailable failed(ServerError error) {
    return new Unavailable(
        "Cannot read stream %s: %s. Check that the key is a stream and that the user may read it."
            .formatted(name, error.brief()));
  }

  private static Request request(Command command, Object... parts) {
    var arguments = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      arguments[i] = parts[i] instanceof byte[] bytes ? bytes : parts[i].toString().getBytes(UTF_8);
    }
    return new Request(command, arguments);
  }

  @Override
  public void close() {
    redirects.close();
  }
}
