package dev.tarn.testkit.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplayServer} answers where a Java value does not say it. Values are written as the
 * protocol of the connection has them: text and {@code byte[]} as bulk strings, integers, {@code
 * Double}, {@code Boolean}, null, {@code List}, {@code Map} (a flat list in RESP2), {@link
 * RedisError}.
 */
public sealed interface Reply {

  /** Bytes as they go over the wire, as Latin-1 text. */
  record Raw(String bytes) implements Reply {}

  /** A simple string, as in {@code +OK}. */
  record Simple(String text) implements Reply {}

  /** Part of the bytes of a reply, upon which the connection is closed. */
  record Truncated(String bytes) implements Reply {}

  static byte[] encode(@Nullable Object value, int protocol) {
    var out = new ByteArrayOutputStream();
    write(out, value, protocol == 3);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, @Nullable Object value, boolean resp3) {
    switch (value) {
      case null -> line(out, resp3 ? "_" : "$-1");
      case Raw(String bytes) -> out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
      case Truncated(String bytes) -> out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
      case Simple(String text) -> line(out, "+" + text);
      case RedisError error -> line(out, "-" + error.getMessage());
      case Long number -> line(out, ":" + number);
      case Integer number -> line(out, ":" + number);
      case Boolean truth when resp3 -> line(out, truth ? "#t" : "#f");
      case Boolean truth -> line(out, truth ? ":1" : ":0");
      case Double number when resp3 -> line(out, "," + number);
      case byte[] bytes -> bulk(out, bytes);
      case List<?> list -> {
        line(out, "*" + list.size());
        list.forEach(each -> write(out, each, resp3));
      }
      case Map<?, ?> map -> {
        line(out, resp3 ? "%" + map.size() : "*" + 2 * map.size());
        map.forEach((key, each) -> {
          write(out, key, resp3);
          write(out, each, resp3);
        });
      }
      default -> bulk(out, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void bulk(ByteArrayOutputStream out, byte[] bytes) {
    line(out, "$" + bytes.length);
    out.writeBytes(bytes);
    line(out, "");
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
  }
}
