package dev.tarn.redis.infer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.redis.scan.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** What the values of one column look like, counted. */
final class Values {

  private static final int EXAMPLES = 3;
  private static final int LONGEST_KEPT = 64;
  private static final Pattern ZERO_IN_FRONT = Pattern.compile("-?0\\d+|\\+\\d+");

  private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
  private final Map<Kind, String> exampleOf = new EnumMap<>(Kind.class);
  private final Set<String> distinct = new HashSet<>();
  private final List<String> examples = new ArrayList<>();
  private long count;
  private long zerosInFront;
  private boolean notZeroOrOne;
  private boolean yes;
  private boolean no;
  private boolean doubleLoses;
  private boolean exponent;
  private int digits;
  private int scale;

  /** A value as it stands in Redis. */
  void add(byte[] value) {
    add(value, Kind.of(value));
  }

  void add(byte[] value, Kind kind) {
    count++;
    kinds.merge(kind, 1L, Long::sum);
    exampleOf.computeIfAbsent(kind, k -> Texts.quoted(value));
    if (distinct.add(identity(value)) && examples.size() < EXAMPLES) {
      examples.add(Texts.plain(value));
    }
    if (value.length <= LONGEST_KEPT) {
      look(new String(value, UTF_8), kind);
    }
  }

  private static String identity(byte[] value) {
    if (value.length <= LONGEST_KEPT) {
      return new String(value, ISO_8859_1);
    }
    var sum = new CRC32C();
    sum.update(value);
    return value.length + ":" + sum.getValue() + ":" + java.util.Arrays.hashCode(value);
  }

  private void look(String text, Kind kind) {
    switch (kind) {
      case INTEGER -> {
        notZeroOrOne |= !text.equals("0") && !text.equals("1");
        lookAtNumber(text);
      }
      case LARGE_INTEGER, NUMBER -> lookAtNumber(text);
      case YES_NO -> {
        boolean says = "yt".indexOf(Character.toLowerCase(text.charAt(0))) >= 0;
        yes |= says;
        no |= !says;
      }
      case TEXT -> zerosInFront += ZERO_IN_FRONT.matcher(text).matches() ? 1 : 0;
      case EMPTY, BOOLEAN, DATE, TIME, TIMESTAMP, MOMENT, JSON, BINARY -> {}
    }
  }

  private void lookAtNumber(String text) {
    if (!text.matches("-?[\\d.]+")) {
      exponent = true;
      return;
    }
    var exact = new BigDecimal(text);
    double nearest = exact.doubleValue();
    doubleLoses |= Double.isInfinite(nearest) || BigDecimal.valueOf(nearest).compareTo(exact) != 0;
    scale = Math.max(scale, Math.max(0, exact.scale()));
    digits = Math.max(digits, exact.precision() - exact.scale());
  }

  long count() {
    return count;
  }

  Map<Kind, Long> kinds() {
    return kinds;
  }

  String exampleOf(Kind kind) {
    return exampleOf.getOrDefault(kind, "");
  }

  List<String> examples() {
    return examples;
  }

  long distinct() {
    return distinct.size();
  }

  /** Texts of digits that are no numbers, for a number would not say the same. */
  long zerosInFront() {
    return zerosInFront;
  }

  boolean integersAreZeroOrOne() {
    return !notZeroOrOne;
  }

  boolean hasYesAndNo() {
    return yes && no;
  }

  /** Whether a double cannot say all of its numbers. */
  boolean isTooExactForDouble() {
    return doubleLoses;
  }

  boolean hasExponent() {
    return exponent;
  }

  /** Digits before the point, at most. */
  int digits() {
    return Math.max(1, digits);
  }

  /** Digits after the point, at most. */
  int scale() {
    return scale;
  }
}
