package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.StreamEntry;
import dev.tarn.redis.wire.EntryId;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** What servers answer about streams, in either protocol. */
public final class StreamReplies {

  private StreamReplies() {}

  /** Entries of XRANGE; those that were deleted since have no fields, and are left out. */
  public static List<StreamEntry> entries(@Nullable Object reply) {
    var entries = new ArrayList<StreamEntry>();
    for (Object entry : Link.list(reply)) {
      List<?> parts = Link.list(entry);
      if (parts.size() > 1 && parts.get(0) instanceof byte[] id && parts.get(1) != null) {
        List<byte[]> fields =
            Link.list(parts.get(1)).stream()
                .map(part -> (byte[]) Objects.requireNonNull(part))
                .toList();
        entries.add(new StreamEntry(new String(id, UTF_8), fields));
      }
    }
    return entries;
  }

  /** Entries of XREADGROUP on one stream. */
  public static List<StreamEntry> ofStreams(@Nullable Object reply) {
    for (Object stream : Link.list(reply)) {
      if (stream instanceof KeyValue<?, ?> pair) {
        return entries(pair.getValue());
      }
      List<?> parts = Link.list(stream);
      return parts.size() > 1 ? entries(parts.get(1)) : List.of();
    }
    return List.of();
  }

  /** The ids of XPENDING. */
  public static List<byte[]> ids(@Nullable Object reply) {
    var ids = new ArrayList<byte[]>();
    for (Object entry : Link.list(reply)) {
      if (!Link.list(entry).isEmpty() && Link.list(entry).getFirst() instanceof byte[] id) {
        ids.add(id);
      }
    }
    return ids;
  }

  public static String lastDelivered(@Nullable Object groups, String name) {
    for (Object group : Link.list(groups)) {
      if (Replies.text(Replies.entry(group, "name")).equals(name)) {
        return Replies.text(Replies.entry(group, "last-delivered-id"));
      }
    }
    return EntryId.ZERO.toString();
  }

  /** The highest id of what XINFO STREAM says. */
  public static String lastId(@Nullable Object stream) {
    return Replies.text(Replies.entry(stream, "last-generated-id"));
  }
}
