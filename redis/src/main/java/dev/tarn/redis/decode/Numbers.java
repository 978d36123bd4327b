package dev.tarn.redis.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers from bytes, without leniency: no blanks, no thousands, nothing behind them. */
public final class Numbers {

  /** As {@code strtod} of C reads it. */
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX](\\p{XDigit}+\\.?|\\p{XDigit}*\\.\\p{XDigit}+)([pP][+-]?\\d+)?");

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** The largest number up to which all whole numbers are doubles. */
  private static final long EXACT = 1L << 53;

  /** Longer texts are no numbers that anybody means, and take long to parse. */
  private static final int LONGEST = 1000;

  private Numbers() {}

  /** Whether the bytes are a whole number of 64 bits: digits, maybe a sign before them. */
  public static boolean isLong(byte[] bytes) {
    int start = signed(bytes) ? 1 : 0;
    int length = bytes.length - start;
    if (length == 0 || length > 100) {
      return false;
    }
    for (int i = start; i < bytes.length; i++) {
      if (!isDigit(bytes[i])) {
        return false;
      }
    }
    return length <= 18 || fits(bytes);
  }

  private static boolean fits(byte[] bytes) {
    return new BigInteger(ascii(bytes)).bitLength() <= 63;
  }

  /** The number, where {@link #isLong}. */
  public static long toLong(byte[] bytes) {
    boolean negative = bytes[0] == '-';
    long value = 0;
    for (int i = signed(bytes) ? 1 : 0; i < bytes.length; i++) {
      value = value * 10 - (bytes[i] - '0'); // downwards, where there is one more
    }
    return negative ? value : -value;
  }

  /** A whole number of any size; null when it is none. */
  static @Nullable BigInteger integer(byte[] bytes) {
    int start = signed(bytes) ? 1 : 0;
    if (bytes.length == start || bytes.length > LONGEST) {
      return null;
    }
    for (int i = start; i < bytes.length; i++) {
      if (!isDigit(bytes[i])) {
        return null;
      }
    }
    return new BigInteger(ascii(bytes));
  }

  /** A decimal number, maybe with an exponent; null when it is none. */
  static @Nullable BigDecimal decimal(byte[] bytes) {
    if (!isDecimal(bytes)) {
      return null;
    }
    try {
      var value = new BigDecimal(ascii(bytes));
      return Math.abs((long) value.scale()) > LONGEST ? null : value;
    } catch (NumberFormatException e) { // an exponent beyond 32 bits
      return null;
    }
  }

  /**
   * Whether the bytes are a number, maybe with an exponent or in hexadecimal, or {@code inf},
   * {@code infinity} or {@code nan} in any case, as Redis and its search index have them.
   */
  public static boolean isDouble(byte[] bytes) {
    return isDecimal(bytes) || special(bytes) != null || isHexadecimal(bytes);
  }

  /** The nearest double, where {@link #isDouble}. */
  public static double toDouble(byte[] bytes) {
    boolean negative = bytes[0] == '-';
    long digits = 0;
    int count = 0;
    int scale = 0;
    boolean point = false;
    for (int i = signed(bytes) ? 1 : 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '.') {
        point = true;
        continue;
      }
      if (!isDigit(b) || ++count > 18) {
        return slowly(bytes);
      }
      digits = digits * 10 + (b - '0');
      scale += point ? 1 : 0;
    }
    if (digits > EXACT) {
      return slowly(bytes);
    }
    double value = digits / POWERS[scale]; // both exact, so the quotient is the nearest
    return negative ? -value : value;
  }

  private static double slowly(byte[] bytes) {
    Double special = special(bytes);
    return special != null ? special : Double.parseDouble(javaText(bytes));
  }

  /** The nearest float, where {@link #isDouble} and it is finite: not by way of a double. */
  static float toFloat(byte[] bytes) {
    return Float.parseFloat(javaText(bytes));
  }

  /** The text as Java reads it, which asks for an exponent in hexadecimal. */
  private static String javaText(byte[] bytes) {
    String text = ascii(bytes);
    boolean plain = isHexadecimal(bytes) && text.indexOf('p') < 0 && text.indexOf('P') < 0;
    return plain ? text + "p0" : text;
  }

  private static boolean isHexadecimal(byte[] bytes) {
    return bytes.length > 2
        && bytes.length <= LONGEST
        && ((bytes[1] | 0x20) == 'x' || (bytes[2] | 0x20) == 'x')
        && HEXADECIMAL.matcher(ascii(bytes)).matches();
  }

  private static @Nullable Double special(byte[] bytes) {
    if (bytes.length < 3 || bytes.length > 9) {
      return null;
    }
    return switch (ascii(bytes).toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan", "-nan", "+nan" -> Double.NaN;
      default -> null;
    };
  }

  /** Digits with at most one point among or around them, and maybe an exponent. */
  private static boolean isDecimal(byte[] bytes) {
    int i = signed(bytes) ? 1 : 0;
    if (bytes.length > LONGEST) {
      return false;
    }
    int whole = digits(bytes, i);
    i += whole;
    int fraction = 0;
    if (i < bytes.length && bytes[i] == '.') {
      fraction = digits(bytes, i + 1);
      i += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (i < bytes.length && (bytes[i] == 'e' || bytes[i] == 'E')) {
      i++;
      if (i < bytes.length && (bytes[i] == '-' || bytes[i] == '+')) {
        i++;
      }
      int exponent = digits(bytes, i);
      if (exponent == 0) {
        return false;
      }
      i += exponent;
    }
    return i == bytes.length;
  }

  private static int digits(byte[] bytes, int from) {
    int i = from;
    while (i < bytes.length && isDigit(bytes[i])) {
      i++;
    }
    return i - from;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean signed(byte[] bytes) {
    return bytes.length > 0 && (bytes[0] == '-' || bytes[0] == '+');
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }
}
