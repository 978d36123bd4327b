package dev.tarn.redis.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.InvalidRequest;
import dev.tarn.type.DataType;
import dev.tarn.type.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a stored frame consists of.
 *
 * @param id of the version, another for each
 * @param sha256 of all bytes, as hexadecimal text
 * @param schema of the frame that was stored; null where a version of Tarn stored it that did not
 *     say: then it is that of the file
 */
record Manifest(String id, int parts, long bytes, String sha256, @Nullable Schema schema) {

  /** Without a schema. */
  private static final String OLDER = "tarn-frame-1";

  private static final String FORMAT = "tarn-frame-2";

  byte[] text() {
    String known = "%s %d %d %s".formatted(id, parts, bytes, sha256);
    String text =
        schema == null
            ? OLDER + " " + known
            : FORMAT + " " + known + " " + new DataType.Struct(schema.fields());
    return text.getBytes(UTF_8);
  }

  /** Null when the bytes are none. */
  static @Nullable Manifest parse(byte[] bytes) {
    String[] words = new String(bytes, UTF_8).split(" ", 6);
    boolean hasSchema = words.length == 6 && words[0].equals(FORMAT);
    boolean isOlder = words.length == 5 && words[0].equals(OLDER);
    if ((!hasSchema && !isOlder) || !words[1].matches("[0-9a-f-]{36}")) {
      return null;
    }
    try {
      Schema schema = hasSchema ? schema(words[5]) : null;
      return new Manifest(
          words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]), words[4], schema);
    } catch (NumberFormatException | InvalidRequest e) {
      return null;
    }
  }

  private static Schema schema(String text) {
    if (DataType.parse(text) instanceof DataType.Struct struct) {
      return new Schema(struct.fields());
    }
    throw new InvalidRequest("Cannot read schema '%s': it is no STRUCT.".formatted(text));
  }
}
