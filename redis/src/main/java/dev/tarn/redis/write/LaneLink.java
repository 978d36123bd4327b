package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.wire.Backoff;
import dev.tarn.redis.wire.Command;
import dev.tarn.redis.wire.Link;
import dev.tarn.redis.wire.LostConnection;
import dev.tarn.redis.wire.Node;
import dev.tarn.redis.wire.ServerError;
import dev.tarn.redis.wire.Servers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a lane: one at a time, to whoever has the key that is first asked for over it.
 * Before a transaction goes over it, it was asked whether it takes them; before anything is sent
 * again, the server has ended the one that was lost, so that what lies there is not done later.
 * Used by one thread.
 */
final class LaneLink implements AutoCloseable {

  private final Servers servers;
  private @Nullable Link link;

  /** To whom the last was, and as whom it was known there; also once it is closed. */
  private @Nullable Node node;

  private @Nullable Long clientId;

  /** Whether transactions go over it, and whether this one was asked if it takes them. */
  private boolean transacts;

  private boolean asked;

  /** Since it was lost, till it answers. */
  private Backoff.@Nullable Attempts attempts;

  LaneLink(Servers servers) {
    this.servers = servers;
  }

  Servers servers() {
    return servers;
  }

  /** The one that is open; else one to the server that has the key. */
  Link to(byte[] key) {
    Link open = link;
    if (open == null) {
      Node holding = servers.holding(key);
      open = servers.connect(holding);
      link = open;
      node = holding;
      clientId = open.call(Command.CLIENT, "ID".getBytes(UTF_8)) instanceof Long id ? id : null;
      asked = false;
    }
    if (transacts && !asked) {
      Transactions.denial(open::call).ifPresent(this::refuse);
      asked = true;
    }
    return open;
  }

  private void refuse(ServerError denial) {
    throw new Unavailable(
        "Cannot write to Redis: it denies MULTI and EXEC, by which a key is written in one step: %s. Grant +@transaction. [%s]"
            .formatted(denial.brief(), servers.name()));
  }

  boolean transacts() {
    return transacts;
  }

  /** Transactions go over it from now on; nothing may be under way. */
  void transact() {
    transacts = true;
  }

  /** What is answered to an item, which is the next that was sent. */
  List<@Nullable Object> replies(Item item) {
    var replies = new ArrayList<@Nullable Object>(item.replies());
    Link from = to(item.key());
    for (int i = 0; i < item.replies(); i++) {
      replies.add(item.form().isPart() ? from.briefReply() : from.reply());
    }
    attempts = null;
    return replies;
  }

  /** Closes it where another server has the key now; nothing may be under way. */
  void leave(byte[] key) {
    if (link != null && !servers.holding(key).equals(node)) {
      close();
    }
  }

  /**
   * Closes it, and waits before the next.
   *
   * @throws Unavailable when the time for attempts is up
   */
  void lost(LostConnection why) {
    close();
    attempts = attempts == null ? servers.backoff().start() : attempts;
    if (!attempts.again()) {
      throw new Unavailable(
          "Cannot write to Redis: %s. Check that the server runs, or allow more time by retry_for. [%s]"
              .formatted(why.getMessage(), servers.name()),
          why);
    }
  }

  /** The next after one that was lost, which the server ends first if it is still the same. */
  Link again(byte[] key) {
    Long former = clientId;
    Node before = node;
    Link open = to(key);
    boolean isSameRun = before != null && before.isRecognizable() && before.equals(node);
    if (former != null && isSameRun) {
      open.call(
          Command.CLIENT,
          "KILL".getBytes(UTF_8),
          "ID".getBytes(UTF_8),
          former.toString().getBytes(UTF_8));
    }
    return open;
  }

  @Override
  public void close() {
    Link open = link;
    link = null;
    if (open != null) {
      open.close();
    }
  }
}
