package dev.tarn.redis.search;

import dev.tarn.redis.wire.Replies;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Doubles as the search module can send them: it prints no more than 12 digits of a number, so that
 * one travels as whole numbers of 36 bits, and its sign.
 */
final class ExactNumber {

  /** 2 to the power of the bits of a part, of which 12 digits are enough. */
  private static final String UNIT = "68719476736";

  private static final double SIZE = 0x1p36;

  private ExactNumber() {}

  /** Steps that take a number of a group apart. */
  static void addParts(List<String> words, String name) {
    String all = part(name, "t");
    String high = part(name, "h");
    String rest = part(name, "r");
    apply(words, "abs(@" + name + ")", all);
    apply(words, "floor(@%s/%s)".formatted(all, UNIT), high);
    apply(words, "@%s-@%s*%s".formatted(all, high, UNIT), rest);
    for (int i = 0; i < 3; i++) {
      String whole = part(name, Integer.toString(i));
      String next = part(name, "x" + i);
      apply(words, "floor(@" + rest + ")", whole);
      apply(words, "(@%s-@%s)*%s".formatted(rest, whole, UNIT), next);
      rest = next;
    }
    apply(words, "floor(@" + rest + ")", part(name, "3"));
    apply(words, "@%s-@%s".formatted(rest, part(name, "3")), part(name, "e"));
  }

  /** The name of something else for a field: what ends like it may be the name of another field. */
  static String part(String name, String what) {
    return name.replaceFirst("^__t", "__t" + what);
  }

  static void apply(List<String> words, String expression, String name) {
    words.addAll(List.of("APPLY", expression, "AS", name));
  }

  /**
   * The number that the parts make.
   *
   * @throws Doubtful when they do not tell it bit by bit
   */
  static double read(Map<String, byte @Nullable []> row, String name) {
    double about = number(row, name);
    double high = whole(row, part(name, "h"));
    double value = 0;
    for (int part = 3; part >= 0; part--) {
      value = value / SIZE + whole(row, part(name, Integer.toString(part)));
    }
    if (number(row, part(name, "e")) != 0 || high >= SIZE) {
      throw new Doubtful("a number is too large, or too small, to be sent exactly");
    }
    value += high * SIZE;
    return about < 0 ? -value : value;
  }

  private static double whole(Map<String, byte @Nullable []> row, String name) {
    double part = number(row, name);
    if (part < 0 || part != Math.rint(part)) {
      throw new Doubtful("a number was not sent exactly");
    }
    return part;
  }

  /** A number of at most 12 digits. */
  static double number(Map<String, byte @Nullable []> row, String name) {
    byte[] bytes = row.get(name);
    try {
      double value = bytes == null ? Double.NaN : Double.parseDouble(Replies.text(bytes));
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw new Doubtful("a result is no finite number");
  }

  static long count(Map<String, byte @Nullable []> row, String name) {
    double value = number(row, name);
    if (value < 0 || value != Math.rint(value) || value >= 1e12) {
      throw new Doubtful("a count was not sent exactly");
    }
    return (long) value;
  }
}
