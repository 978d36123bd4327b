package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short words for what tests of connections do. */
final class ServersFixture {

  private ServersFixture() {}

  static Servers open(String url) {
    return Servers.open(RedisUrl.parse(url));
  }

  /** For what must be refused at once: whoever tries it again does so for an hour. */
  static String patient(String url) {
    return url + (url.contains("?") ? "&" : "?") + "retry_for=60m";
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static @Nullable Object call(Link link, String command, String... arguments) {
    byte[][] all = Arrays.stream(arguments).map(ServersFixture::bytes).toArray(byte[][]::new);
    return text(link.call(Command.of(command), all));
  }

  static @Nullable Object text(@Nullable Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, UTF_8);
      case List<?> list -> list.stream().map(ServersFixture::text).toList();
      case null -> null;
      default -> reply;
    };
  }

  static Request request(String command, String... arguments) {
    byte[][] all = Arrays.stream(arguments).map(ServersFixture::bytes).toArray(byte[][]::new);
    return new Request(Command.of(command), all);
  }

  /** A connection to whoever has all keys. */
  static Link connect(Servers servers) {
    return servers.connect(servers.assignment().primaries().getFirst());
  }
}
