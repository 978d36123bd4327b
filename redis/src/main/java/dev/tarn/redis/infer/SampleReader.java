package dev.tarn.redis.infer;

import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.Redirects;
import dev.tarn.redis.wire.Request;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for keys of a sample, those of a server together. Those that it does not have any more, or
 * all where it was lost, are asked for one by one wherever they are now. Used by one thread.
 */
final class SampleReader implements AutoCloseable {

  private static final int TOGETHER = 100;

  private final Servers servers;
  private final Redirects elsewhere;
  private @Nullable Node node;
  private @Nullable Link link;

  SampleReader(Servers servers) {
    this.servers = servers;
    this.elsewhere = new Redirects(servers);
  }

  /** What a key is asked for. */
  interface Ask {
    Request of(byte[] key);
  }

  /** Keys as they are asked for together, none of them on another server when it was sampled. */
  static List<List<byte[]>> parts(KeySample keys) {
    var parts = new ArrayList<List<byte[]>>();
    for (List<byte[]> all : keys.byNode().values()) {
      for (int begin = 0; begin < all.size(); begin += TOGETHER) {
        parts.add(all.subList(begin, Math.min(all.size(), begin + TOGETHER)));
      }
    }
    return parts;
  }

  /**
   * An answer for each key; errors that will not pass are among them.
   *
   * @throws dev.tarn.error.Unavailable when the time is up
   */
  List<@Nullable Object> ask(List<byte[]> keys, Ask ask) {
    List<Request> requests = keys.stream().map(ask::of).toList();
    List<@Nullable Object> answers = together(keys, requests);
    for (int i = 0; i < keys.size(); i++) {
      if (i == answers.size()) {
        answers.add(again(keys.get(i), requests.get(i)));
      } else if (answers.get(i) instanceof ServerError error && error.isPassing()) {
        answers.set(i, again(keys.get(i), requests.get(i)));
      }
    }
    return answers;
  }

  private @Nullable Object again(byte[] key, Request request) {
    return elsewhere.ask(key, List.of(request)).getFirst();
  }

  /** As many answers as came before the connection was lost. */
  private List<@Nullable Object> together(List<byte[]> keys, List<Request> requests) {
    var answers = new ArrayList<@Nullable Object>();
    try {
      Link open = keys.isEmpty() ? null : link(servers.holding(keys.getFirst()));
      if (open != null) {
        requests.forEach(request -> open.send(request.command(), request.arguments()));
        while (answers.size() < requests.size()) {
          answers.add(open.reply());
        }
      }
    } catch (LostConnection e) {
      drop();
    }
    return answers;
  }

  private Link link(Node wanted) {
    Link open = link;
    if (open != null && wanted.equals(node)) {
      return open;
    }
    drop();
    Link opened = servers.connect(wanted);
    node = wanted;
    link = opened;
    return opened;
  }

  private void drop() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  @Override
  public void close() {
    drop();
    elsewhere.close();
  }
}
