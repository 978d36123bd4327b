package dev.tarn.redis.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.RedisIndex;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Replies;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The search indexes of servers. What they answer of them is kept for some seconds. Safe for use by
 * several threads.
 */
public final class Indexes {

  static final Command FT_LIST = Command.of("FT._LIST");
  static final Command FT_INFO = Command.of("FT.INFO");

  /** Indexes may come and go, and their state changes. */
  private static final long LIFE = 5_000_000_000L;

  /** A module comes with a start of the server, or nearly. */
  private static final long LIFE_WITHOUT = 60_000_000_000L;

  private static final int MOST_KEPT = 1000;

  private final Servers servers;
  private final int database;
  private final Map<Object, Kept> kept = new HashMap<>();

  private record Kept(Object value, long until) {}

  /**
   * The indexes of servers; nothing is asked yet.
   *
   * @param database that is read: indexes of version 2 are of database 0 alone
   */
  public Indexes(Servers servers, int database) {
    this.servers = servers;
    this.database = database;
  }

  Servers servers() {
    return servers;
  }

  /** Which database is read. */
  public int database() {
    return database;
  }

  /** Forgets what is known, after a change of our own. */
  public synchronized void forget() {
    kept.clear();
  }

  /** A connection to the one server that has all keys. */
  Borrowed connect() {
    return Borrowed.from(servers);
  }

  /** What is known without asking, if that is that there is no module. */
  synchronized boolean areKnownToBeNone() {
    return fresh("module") == Catalog.Module.NONE;
  }

  /**
   * What the server has.
   *
   * @param named the index to ask for where indexes are not listed
   */
  Catalog catalog(Supplier<Link> link, Optional<String> named) {
    Object module = kept("module");
    if (module == Catalog.Module.NONE) {
      return new Catalog(Catalog.Module.NONE, List.of());
    }
    if (module != Catalog.Module.OLD) {
      Object listed = kept("indexes");
      if (listed instanceof Catalog catalog) {
        return catalog;
      }
      long start = System.nanoTime();
      Catalog asked = list(link.get());
      if (asked.module() == Catalog.Module.NEW) {
        keep("module", Catalog.Module.NEW, Duration.ofNanos(LIFE_WITHOUT));
        keep("indexes", asked, start);
        return asked;
      }
    }
    return named.isPresent() ? old(link, named.get()) : unnamed(link, module);
  }

  /**
   * The indexes that may be used.
   *
   * @param named the only one; empty for all
   * @throws Doubtful when there is none
   */
  List<RedisIndex> candidates(Supplier<Link> link, Optional<String> named) {
    Catalog catalog = catalog(link, named);
    switch (catalog.module()) {
      case NONE -> throw new Doubtful("the server has no search module");
      case OLD -> {
        if (named.isEmpty()) {
          throw new Doubtful(
              "version 1 of the search module does not list its indexes; name one by index(…)");
        }
      }
      case NEW -> {
        if (database != 0) {
          throw new Doubtful("indexes are of database 0");
        }
      }
    }
    List<RedisIndex> candidates =
        catalog.indexes().stream()
            .filter(index -> named.isEmpty() || index.name().equals(named.get()))
            .toList();
    if (candidates.isEmpty()) {
      throw new Doubtful(
          named.map(name -> "there is no index " + name).orElse("there is no index"));
    }
    return candidates;
  }

  /** Version 1 is known by the error it gives for an index that is not there. */
  private Catalog unnamed(Supplier<Link> link, @Nullable Object module) {
    return module == Catalog.Module.OLD
        ? new Catalog(Catalog.Module.OLD, List.of())
        : old(link, "?");
  }

  private Catalog old(Supplier<Link> link, String name) {
    if (kept(List.of("index", name)) instanceof Catalog catalog) {
      return catalog;
    }
    long start = System.nanoTime();
    String generation = Generation.of(link.get());
    Object reply = link.get().call(FT_INFO, name.getBytes(UTF_8));
    if (isUnknownCommand(reply)) {
      keep("module", Catalog.Module.NONE, Duration.ofNanos(LIFE_WITHOUT));
      return new Catalog(Catalog.Module.NONE, List.of());
    }
    if (reply instanceof ServerError error && error.isPassing()) {
      requireAnswer(error, link.get());
    }
    keep("module", Catalog.Module.OLD, Duration.ofNanos(LIFE_WITHOUT));
    var catalog =
        new Catalog(
            Catalog.Module.OLD,
            reply instanceof ServerError ? List.of() : List.of(IndexReply.parse(name, reply)),
            generation);
    keep(List.of("index", name), catalog, start);
    return catalog;
  }

  /** The {@link Generation} as of which an index of version 1 is known to be as it is. */
  String generation(RedisIndex index) {
    return kept(List.of("index", index.name())) instanceof Catalog known
            && known.indexes().contains(index)
        ? known.generation()
        : Generation.UNKNOWN;
  }

  /** Asks anew for all indexes, or for those of which names are given where they are not listed. */
  Catalog list(Link link) {
    Object listed = link.call(FT_LIST);
    if (isUnknownCommand(listed)) {
      return new Catalog(Catalog.Module.OLD, List.of());
    }
    requireAnswer(listed, link);
    List<String> names = Replies.texts(listed);
    names.forEach(name -> link.send(FT_INFO, name.getBytes(UTF_8)));
    var found = new ArrayList<RedisIndex>();
    for (String name : names) {
      Object reply = link.reply();
      if (!(reply instanceof ServerError)) {
        found.add(IndexReply.parse(name, reply));
      }
    }
    return new Catalog(Catalog.Module.NEW, found);
  }

  /** A server that loads, say, tells nothing of what it has. */
  private static void requireAnswer(@Nullable Object reply, Link link) {
    if (reply instanceof ServerError error) {
      throw new LostConnection("Redis at %s: %s".formatted(link.address(), error.brief()), null);
    }
  }

  /** Users without the right to ask are as those without the module. */
  static boolean isUnknownCommand(@Nullable Object reply) {
    return reply instanceof ServerError error
        && (error.message().contains("unknown command") || error.is("NOPERM"));
  }

  // ---- what is kept

  @Nullable Object kept(Object key) {
    synchronized (this) {
      return fresh(key);
    }
  }

  private @Nullable Object fresh(Object key) {
    Kept known = kept.get(key);
    return known == null || System.nanoTime() > known.until ? null : known.value;
  }

  /** For some seconds; longer what took long to find out. */
  void keep(Object key, Object value, long startNanos) {
    long took = System.nanoTime() - startNanos;
    keep(key, value, Duration.ofNanos(Math.clamp(1000 * took, LIFE, LIFE_WITHOUT)));
  }

  private synchronized void keep(Object key, Object value, Duration time) {
    if (kept.size() >= MOST_KEPT) {
      kept.clear();
    }
    kept.put(key, new Kept(value, System.nanoTime() + time.toNanos()));
  }

  /** Whether an index had the keys of a pattern that were looked at, not long ago. */
  boolean isCovered(RedisIndex index, String pattern) {
    return kept(List.of("covered", index.name(), pattern)) instanceof RedisIndex then
        && Unchanged.isSame(then, index);
  }

  void covered(RedisIndex index, String pattern) {
    keep(List.of("covered", index.name(), pattern), index, Duration.ofNanos(LIFE_WITHOUT));
  }
}
