package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one key until there is an answer: follows it to the server that has it now, and waits
 * where servers load, fail over or move it. For the few keys that another server has when they are
 * asked for. Keeps a connection to each server that it has asked. Used by one thread at a time;
 * {@link #close} may come from any.
 */
public final class Redirects implements AutoCloseable {

  private static final int HOPS = 5;
  private static final Request MULTI = new Request(Command.of("MULTI"));
  private static final Request EXEC = new Request(Command.of("EXEC"));
  private static final Request UNWATCH = new Request(Command.of("UNWATCH"));

  private final Servers servers;
  private final Map<Address, Opened> opened = new HashMap<>();
  private @Nullable Node answerer;
  private volatile boolean closed;

  private record Opened(Node node, Link link) {}

  /** What is asked over one connection, and answered. */
  private interface Talk {
    List<@Nullable Object> over(Link link, boolean asking);
  }

  /** The servers stay the caller's. */
  public Redirects(Servers servers) {
    this.servers = servers;
  }

  /**
   * Sends commands again as well after a connection was lost: only for such that may be done twice.
   *
   * @param commands that all concern the key, one done after the other; those from MULTI to EXEC
   *     together
   * @return an answer to each; errors that will not pass are among them
   * @throws Unavailable when the time is up
   */
  public List<@Nullable Object> ask(byte[] key, List<Request> commands) {
    return ask(key, commands, true);
  }

  /**
   * As {@link #ask}, but does not send again what may have been done.
   *
   * @throws LostConnection when it cannot be known whether it was
   */
  public List<@Nullable Object> askOnce(byte[] key, List<Request> commands) {
    return ask(key, commands, false);
  }

  /**
   * Reads a string, and changes it in a transaction, which does nothing where somebody else has
   * changed it since it was read, however late it arrives.
   *
   * @param change the commands of the transaction, by the answer to GET; none where the key is to
   *     stay as it is
   * @return an answer to MULTI, each command and EXEC, to that null where the key was changed; an
   *     error alone where it may not be read; empty where it is to stay
   * @throws LostConnection when it cannot be known whether it was done
   */
  public List<@Nullable Object> askWatching(
      byte[] key, Function<@Nullable Object, List<Request>> change) {
    return answered(key, (link, asking) -> watching(link, asking, key, change), false);
  }

  private static List<@Nullable Object> watching(
      Link link, boolean asking, byte[] key, Function<@Nullable Object, List<Request>> change) {
    var watch = new Request(Command.of("WATCH"), key);
    List<@Nullable Object> read = exchange(link, asking, List.of(watch));
    if (!(read.getFirst() instanceof ServerError)) {
      read = exchange(link, asking, List.of(new Request(Command.GET, key)));
    }
    if (read.getFirst() instanceof ServerError) {
      return read;
    }
    var transaction = new ArrayList<>(change.apply(read.getFirst()));
    if (transaction.isEmpty()) {
      exchange(link, false, List.of(UNWATCH));
      return List.of();
    }
    transaction.addFirst(MULTI);
    transaction.addLast(EXEC);
    return exchange(link, asking, transaction);
  }

  /** Who answered last: a cursor means something to that server alone. Null before an answer. */
  public @Nullable Node answerer() {
    return answerer;
  }

  private List<@Nullable Object> ask(byte[] key, List<Request> commands, boolean repeats) {
    var answers = new ArrayList<@Nullable Object>();
    int next = 0;
    while (next < commands.size()) {
      int end = end(commands, next);
      List<Request> unit = commands.subList(next, end);
      answers.addAll(answered(key, (link, asking) -> exchange(link, asking, unit), repeats));
      next = end;
    }
    return answers;
  }

  /** A transaction is asked for as a whole: it is done as a whole, or not at all. */
  private static int end(List<Request> commands, int begin) {
    int end = begin;
    if (commands.get(begin).command().is("MULTI")) {
      while (end < commands.size() - 1 && !commands.get(end).command().is("EXEC")) {
        end++;
      }
    }
    return end + 1;
  }

  private List<@Nullable Object> answered(byte[] key, Talk talk, boolean repeats) {
    Backoff.@Nullable Attempts attempts = null;
    Target target = new Target(null, false);
    for (int hops = 0; ; hops++) {
      LostConnection why;
      Node node = target.node() == null ? servers.holding(key) : target.node();
      Link link = null;
      try {
        link = link(node);
        List<@Nullable Object> answers = talk.over(link, target.asking());
        @Nullable ServerError error = isRefused(answers) ? null : passing(answers);
        if (error == null) {
          answerer = node;
          return answers;
        }
        why = new LostConnection("Redis at %s: %s".formatted(node, error.brief()), null);
        target = follow(error, node);
        if (target.node() != null && hops < HOPS) {
          continue;
        }
        if (error.is("READONLY")) {
          drop(node);
        }
      } catch (LostConnection e) {
        drop(node);
        if (link != null && !repeats) {
          throw e;
        }
        target = new Target(null, false);
        why = e;
      }
      attempts = attempts == null ? servers.backoff().start() : attempts;
      if (closed || !attempts.again()) {
        throw OneServer.outOfReach(servers.name(), why);
      }
      if (target.node() == null) {
        servers.assignment();
      }
    }
  }

  private Target follow(ServerError error, Node asked) {
    boolean asking = error.is("ASK");
    return asking || error.is("MOVED")
        ? new Target(servers.named(error, asked.address()), asking)
        : new Target(null, false);
  }

  private static List<@Nullable Object> exchange(Link link, boolean asking, List<Request> unit) {
    if (!asking) {
      return link.call(unit);
    }
    var all = new ArrayList<>(List.of(new Request(Command.ASKING)));
    all.addAll(unit);
    return link.call(all).subList(1, all.size());
  }

  /**
   * Whether there was no transaction: then what was in it was asked without ASKING, or elsewhere.
   */
  private static boolean isRefused(List<@Nullable Object> answers) {
    return answers.size() > 1
        && answers.getFirst() instanceof ServerError error
        && !error.isPassing();
  }

  private static @Nullable ServerError passing(List<@Nullable Object> answers) {
    for (Object answer : answers) {
      if (answer instanceof ServerError error && error.isPassing()) {
        return error;
      }
    }
    return null;
  }

  private Link link(Node node) {
    Opened kept;
    synchronized (opened) {
      kept = opened.get(node.address());
    }
    if (kept != null && (node.id().isEmpty() || kept.node().equals(node))) {
      return kept.link();
    }
    drop(node);
    Link link = servers.connect(node);
    synchronized (opened) {
      opened.put(node.address(), new Opened(node, link));
    }
    if (closed) {
      drop(node);
    }
    return link;
  }

  private void drop(Node node) {
    Opened old;
    synchronized (opened) {
      old = opened.remove(node.address());
    }
    if (old != null) {
      old.link().close();
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (opened) {
      opened.values().forEach(known -> known.link().close());
      opened.clear();
    }
  }

  /**
   * Where to ask next.
   *
   * @param node null for whoever holds the key
   */
  private record Target(@Nullable Node node, boolean asking) {}
}
