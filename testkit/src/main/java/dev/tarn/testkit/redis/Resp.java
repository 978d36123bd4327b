package dev.tarn.testkit.redis;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bytes of RESP2 and RESP3: values read, commands written. */
final class Resp {

  private static final byte[] LINE_END = {'\r', '\n'};

  private Resp() {}

  /**
   * Reads one value: a {@code String} of a simple string, {@code byte[]} of any other, {@code
   * Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code List}, {@code Map} (in the
   * order sent, keys by identity), {@link RedisError}, {@link Push} or null.
   */
  static @Nullable Object read(InputStream in) throws IOException {
    int type = in.read();
    if (type < 0) {
      throw new EOFException("the server closed the connection");
    }
    String line = line(in);
    return switch (type) {
      case '+' -> line;
      case '-' -> new RedisError(utf8(line));
      case ':' -> Long.valueOf(line);
      case '(' -> new BigInteger(line);
      case ',' -> number(line);
      case '#' -> line.equals("t");
      case '_' -> null;
      case '$' -> bytes(in, line);
      case '!' -> blobError(bytes(in, line));
      case '=' -> verbatim(bytes(in, line));
      case '*', '~' -> list(in, line);
      case '>' -> new Push(list(in, line));
      case '%' -> map(in, line);
      case '|' -> afterAttributes(in, line);
      default -> throw new IOException("not RESP: " + (char) type + line);
    };
  }

  /** A message that answers no command. */
  record Push(@Nullable List<@Nullable Object> values) {}

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(16);
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended within a line");
      }
      line.write(next);
    }
    if (in.read() != '\n') {
      throw new IOException("a line does not end with CR LF");
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static double number(String line) {
    return switch (line) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan", "-nan" -> Double.NaN;
      default -> Double.parseDouble(line);
    };
  }

  private static byte @Nullable [] bytes(InputStream in, String length) throws IOException {
    int size = Integer.parseInt(length);
    if (size < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size || in.read() != '\r' || in.read() != '\n') {
      throw new EOFException("the connection ended within a value");
    }
    return bytes;
  }

  private static RedisError blobError(byte @Nullable [] message) {
    return new RedisError(message == null ? "" : new String(message, StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] verbatim(byte @Nullable [] text) {
    int format = "txt:".length();
    return text == null ? null : java.util.Arrays.copyOfRange(text, format, text.length);
  }

  private static @Nullable List<@Nullable Object> list(InputStream in, String length)
      throws IOException {
    int size = Integer.parseInt(length);
    if (size < 0) {
      return null;
    }
    var list = new ArrayList<@Nullable Object>(Math.min(size, 1 << 16));
    for (int i = 0; i < size; i++) {
      list.add(read(in));
    }
    return list;
  }

  private static Map<@Nullable Object, @Nullable Object> map(InputStream in, String length)
      throws IOException {
    var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    for (int i = Integer.parseInt(length); i > 0; i--) {
      map.put(read(in), read(in));
    }
    return map;
  }

  private static @Nullable Object afterAttributes(InputStream in, String length)
      throws IOException {
    map(in, length);
    return read(in);
  }

  /** Writes a command; what is no {@code byte[]} is written as its text in UTF-8. */
  static void write(OutputStream out, Object... command) throws IOException {
    header(out, '*', command.length);
    for (Object part : command) {
      byte[] bytes =
          part instanceof byte[] raw ? raw : part.toString().getBytes(StandardCharsets.UTF_8);
      header(out, '$', bytes.length);
      out.write(bytes);
      out.write(LINE_END);
    }
  }

  private static void header(OutputStream out, char type, int length) throws IOException {
    out.write(type);
    out.write(Integer.toString(length).getBytes(StandardCharsets.ISO_8859_1));
    out.write(LINE_END);
  }

  /** The same reply with all bytes as UTF-8 text, at any depth. */
  static @Nullable Object text(@Nullable Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case List<?> list -> texts(list);
      case Map<?, ?> map -> {
        var texts = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        map.forEach((key, value) -> texts.put(text(key), text(value)));
        yield texts;
      }
      case null -> null;
      default -> reply;
    };
  }

  private static List<@Nullable Object> texts(List<?> list) {
    var texts = new ArrayList<@Nullable Object>(list.size());
    for (Object each : list) {
      texts.add(text(each));
    }
    return texts;
  }
}
