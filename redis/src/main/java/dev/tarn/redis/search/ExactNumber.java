package dev.tarn.redis.search;

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
    apply(words, "abs(@" + name + ")", name + "_t");
    apply(words, "floor(@%s_t/%s)".formatted(name, UNIT), name + "_h");
    apply(words, "@%s_t-@%s_h*%s".formatted(name, name, UNIT), name + "_r");
    String rest = name + "_r";
    for (int part = 0; part < 3; part++) {
      apply(words, "floor(@" + rest + ")", name + "_" + part);
      String next = name + "_x" + part;
      apply(words, "(@%s-@%s_%d)*%s".formatted(rest, name, part, UNIT), next);
      rest = next;
    }
    apply(words, "floor(@" + rest + ")", name + "_3");
    apply(words, "@%s-@%s_3".formatted(rest, name), name + "_e");
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
    double whole = number(row, name);
    double high = part(row, name + "_h");
    double value = 0;
    for (int part = 3; part >= 0; part--) {
      value = value / SIZE + part(row, name + "_" + part);
    }
    if (number(row, name + "_e") != 0 || high >= SIZE) {
      throw new Doubtful("a number is too large, or too small, to be sent exactly");
    }
    value += high * SIZE;
    return whole < 0 ? -value : value;
  }

  private static double part(Map<String, byte @Nullable []> row, String name) {
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
