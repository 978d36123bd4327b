package dev.tarn.redis.wire;

import static dev.tarn.redis.wire.Replies.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server says of itself. Users may be denied each of the questions, and get on without. */
final class Identity {

  private static final byte[] SERVER = "server".getBytes(UTF_8);

  private Identity() {}

  /**
   * What INFO says.
   *
   * @param run another after every start, and so another for another server; empty where it is not
   *     said
   */
  record Said(String run, boolean isOfCluster) {}

  static Said said(Link link) {
    String info = text(link.call(Command.INFO, SERVER));
    return new Said(value(info, "run_id:"), value(info, "redis_mode:").equals("cluster"));
  }

  static String run(Link link) {
    return said(link).run();
  }

  static String run(@Nullable Object info) {
    return value(text(info), "run_id:");
  }

  private static String value(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElse("");
  }

  static void askRun(Link link) {
    link.send(Command.INFO, SERVER);
  }

  /** Makes sure that nobody else has taken a server's place. */
  static void requireRun(String run, Node node) {
    if (node.isRecognizable() && !run.equals(node.run())) {
      throw new LostConnection(
          "Redis at %s: it was started again, or another took its place".formatted(node), null);
    }
  }

  /** Makes sure that it is not a copy of another. */
  static void requirePrimary(Link link, int protocol) {
    String role = role(link, protocol);
    if (!role.equals("master") && !role.isEmpty()) {
      throw new LostConnection(
          "Redis at %s: it is a %s, and no primary"
              .formatted(link.address(), role.equals("slave") ? "replica" : role),
          null);
    }
  }

  /** HELLO is denied to nobody; ROLE is the older of the two. */
  private static String role(Link link, int protocol) {
    List<?> role = Link.list(link.call(Command.ROLE));
    if (!role.isEmpty()) {
      return text(role.getFirst());
    }
    byte[] same = Integer.toString(protocol).getBytes(UTF_8);
    return text(Replies.entry(link.call(Command.HELLO, same), "role"));
  }
}
