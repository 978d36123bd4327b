package dev.tarn.redis.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Keys and values for people: short, and on one line. */
public final class Texts {

  private static final int LONGEST = 60;

  private Texts() {}

  public static String quoted(byte[] bytes) {
    return "'" + plain(bytes) + "'";
  }

  /** As text; what is no text, or would break the line, as {@code \x00}. */
  public static String plain(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 4 * LONGEST), UTF_8);
    var out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < LONGEST; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == 0xFFFD) {
        return hexadecimal(bytes);
      }
      if (Character.isISOControl(c)) {
        out.append("\\x%02x".formatted(c));
      } else {
        out.appendCodePoint(c);
      }
    }
    boolean cut = bytes.length > out.toString().getBytes(UTF_8).length && out.length() >= LONGEST;
    return cut ? out + "… (%,d bytes)".formatted(bytes.length) : out.toString();
  }

  private static String hexadecimal(byte[] bytes) {
    var out = new StringBuilder();
    for (int i = 0; i < bytes.length && out.length() < LONGEST; i++) {
      int b = bytes[i] & 255;
      out.append(b >= 32 && b < 127 ? String.valueOf((char) b) : "\\x%02x".formatted(b));
    }
    return out.length() >= LONGEST ? out + "… (%,d bytes)".formatted(bytes.length) : out.toString();
  }
}
