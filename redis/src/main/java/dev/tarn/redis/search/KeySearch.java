package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.ServerError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/**
 * Asks an index for keys, and notices where it may not have answered with all. Few are asked for at
 * once, which no change can come between; many by a cursor, where there is one.
 */
public final class KeySearch {

  /** More are asked for page by page, so that neither side holds them all. */
  private static final long AT_ONCE = 200_000;

  /** No server gives more at once. */
  private static final long MOST_AT_ONCE = 1_000_000;

  static final int PAGE = 10_000;

  private final SearchChoice choice;
  private final Link link;

  /** Who is given keys. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Whether more are wanted.
     *
     * @param scores of the keys, where they were asked for; else none
     */
    boolean take(List<byte[]> keys, List<Double> scores);
  }

  /** The connection stays the caller's. */
  public KeySearch(SearchChoice choice, Link link) {
    this.choice = choice;
    this.link = link;
  }

  static boolean isPaged(SearchChoice choice) {
    boolean plain = !choice.scored() && choice.nearest() == null;
    return plain && !choice.isOld() && choice.matched() > AT_ONCE;
  }

  /** Some more than were counted, for some may have come since. */
  static long most(SearchChoice choice) {
    QueryVector nearest = choice.nearest();
    if (nearest != null) {
      return nearest.count();
    }
    long slack = choice.matched() / 4 + 1000;
    return Math.min(MOST_AT_ONCE, (choice.matched() + slack + 999) / 1000 * 1000);
  }

  /**
   * Hands over keys.
   *
   * @param taker is given some at a time
   * @return why they may not be all; empty where they are
   */
  public String keys(Taker taker) {
    String doubt = isPaged(choice) ? paged(taker) : atOnce(taker);
    return doubt.isEmpty() ? Unchanged.doubt(choice, link) : doubt;
  }

  private String atOnce(Taker taker) {
    SearchReply reply = search(most(choice));
    if (reply.doubt().isEmpty() && reply.total() > reply.keys().size()) {
      reply = search(MOST_AT_ONCE); // many came since they were counted
    }
    taker.take(reply.keys(), reply.scores());
    if (!reply.doubt().isEmpty()) {
      return reply.doubt();
    }
    return reply.keys().size() < reply.total()
        ? "it sent %,d of %,d keys".formatted(reply.keys().size(), reply.total())
        : "";
  }

  private SearchReply search(long most) {
    return search(SearchCommands.keys(choice, most), choice.scored());
  }

  /** Some of them, and how many there are. */
  SearchReply first(int most) {
    return search(most);
  }

  /** How many are found. */
  SearchReply count() {
    return search(SearchCommands.count(choice), false);
  }

  private SearchReply search(List<String> words, boolean scored) {
    long start = System.nanoTime();
    Object sent = link.call(SearchCommands.FT_SEARCH, SearchCommands.bytes(choice, words));
    SearchReply reply = scored ? SearchReply.scored(sent) : SearchReply.keys(sent);
    return reply.doubt().isEmpty() && tookLong(System.nanoTime() - start)
        ? reply.doubted("it took so long that it may be cut off")
        : reply;
  }

  /** Whether an answer that took so long may be cut off. */
  boolean tookLong(long nanos) {
    long limit = choice.isOld() ? OldTimeout.safeMillis(link) : SearchCommands.TIMEOUT_MILLIS / 2;
    return nanos / 1_000_000 >= limit;
  }

  // ---- by a cursor

  private String paged(Taker taker) {
    List<String> words = SearchCommands.cursor(choice, PAGE);
    long start = System.nanoTime();
    Object page = link.call(SearchCommands.FT_AGGREGATE, SearchCommands.bytes(words));
    long sent = 0;
    while (true) {
      if (page instanceof ServerError error) {
        return error.brief();
      }
      List<?> parts = Link.list(page);
      if (parts.size() != 2 || tookLong(System.nanoTime() - start)) {
        return "a page may be cut off";
      }
      List<byte[]> keys = rows(parts.getFirst());
      if (keys == null) {
        return "a page is not whole";
      }
      sent += keys.size();
      byte[] cursor = Replies.text(parts.get(1)).getBytes(UTF_8);
      if (cursor.length == 1 && cursor[0] == '0') {
        taker.take(keys, List.of());
        return shortOf(sent);
      }
      if (!taker.take(keys, List.of())) {
        link.call(SearchCommands.FT_CURSOR, word("DEL"), word(choice.index().name()), cursor);
        return "";
      }
      start = System.nanoTime();
      page =
          link.call(
              SearchCommands.FT_CURSOR,
              word("READ"),
              word(choice.index().name()),
              cursor,
              word("COUNT"),
              word(Integer.toString(PAGE)));
    }
  }

  /** Whether there are more than were sent: some may have gone meanwhile, or come. */
  private String shortOf(long sent) {
    SearchReply now = count();
    if (!now.doubt().isEmpty()) {
      return now.doubt();
    }
    long least = Math.min(choice.matched(), now.total());
    return sent < least ? "it sent %,d of %,d keys".formatted(sent, least) : "";
  }

  /** The keys of a page; null where it says that it is not all. */
  private static @Nullable List<byte[]> rows(@Nullable Object page) {
    var keys = new ArrayList<byte[]>();
    Collection<?> parts = Replies.all(page);
    if (parts.stream().anyMatch(KeyValue.class::isInstance)) {
      Map<String, Object> map = Replies.map(page);
      if (!Replies.all(map.get("warning")).isEmpty()) {
        return null;
      }
      for (Object result : Replies.all(map.get("results"))) {
        if (!add(Replies.map(Replies.map(result).get("extra_attributes")), keys)) {
          return null;
        }
      }
      return keys;
    }
    for (Object row : parts.stream().skip(1).toList()) {
      if (!add(Replies.map(row), keys)) {
        return null;
      }
    }
    return keys;
  }

  private static boolean add(Map<String, Object> row, List<byte[]> keys) {
    return row.get("__key") instanceof byte[] key && keys.add(key);
  }

  static byte[] word(String word) {
    return word.getBytes(UTF_8);
  }
}
