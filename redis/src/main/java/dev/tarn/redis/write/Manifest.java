package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * What a stored frame consists of.
 *
 * @param id of the version, another for each
 * @param sha256 of all bytes, as hexadecimal text
 */
record Manifest(String id, int parts, long bytes, String sha256) {

  private static final String FORMAT = "tarn-frame-1";

  byte[] text() {
    return "%s %s %d %d %s".formatted(FORMAT, id, parts, bytes, sha256).getBytes(UTF_8);
  }

  /** Null when the bytes are none. */
  static @Nullable Manifest parse(byte[] bytes) {
    String[] words = new String(bytes, UTF_8).split(" ", -1);
    if (words.length != 5 || !words[0].equals(FORMAT) || !words[1].matches("[0-9a-f-]{36}")) {
      return null;
    }
    try {
      return new Manifest(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]), words[4]);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
