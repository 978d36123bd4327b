package dev.tarn.redis.infer;

import static dev.tarn.redis.infer.Kind.BOOLEAN;
import static dev.tarn.redis.infer.Kind.DATE;
import static dev.tarn.redis.infer.Kind.EMPTY;
import static dev.tarn.redis.infer.Kind.INTEGER;
import static dev.tarn.redis.infer.Kind.JSON;
import static dev.tarn.redis.infer.Kind.LARGE_INTEGER;
import static dev.tarn.redis.infer.Kind.MOMENT;
import static dev.tarn.redis.infer.Kind.NUMBER;
import static dev.tarn.redis.infer.Kind.TIME;
import static dev.tarn.redis.infer.Kind.TIMESTAMP;
import static dev.tarn.redis.infer.Kind.YES_NO;

import dev.tarn.type.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The type that every value seen fits, and why it is no narrower one.
 *
 * @param notes for people
 */
record TypeChoice(DataType type, List<String> notes) {

  private static final int MOST_DIGITS = 38;

  TypeChoice {
    notes = List.copyOf(notes);
  }

  static TypeChoice of(Values values) {
    Set<Kind> kinds = values.kinds().keySet();
    if (kinds.contains(Kind.BINARY)) {
      return new TypeChoice(
          DataType.BLOB,
          List.of(
              "%,d of %,d are no UTF-8 text"
                  .formatted(values.kinds().get(Kind.BINARY), values.count())));
    }
    Optional<TypeChoice> common = kinds.isEmpty() ? Optional.empty() : common(kinds, values);
    return common.orElseGet(() -> new TypeChoice(DataType.VARCHAR, whyText(values)));
  }

  /** A type narrower than text for values of these kinds, if there is one. */
  private static Optional<TypeChoice> common(Set<Kind> kinds, Values values) {
    if (kinds.equals(Set.of(INTEGER))) {
      return just(DataType.BIGINT);
    } else if (Set.of(INTEGER, LARGE_INTEGER).containsAll(kinds)) {
      return Optional.of(
          new TypeChoice(DataType.HUGEINT, List.of("some numbers are beyond 64 bits")));
    } else if (Set.of(INTEGER, LARGE_INTEGER, NUMBER).containsAll(kinds)) {
      return Optional.of(number(values));
    } else if (isBoolean(kinds, values)) {
      return just(DataType.BOOLEAN);
    } else if (kinds.equals(Set.of(DATE))) {
      return just(DataType.DATE);
    } else if (kinds.equals(Set.of(TIME))) {
      return just(DataType.TIME);
    } else if (Set.of(DATE, TIMESTAMP).containsAll(kinds)) {
      return just(DataType.TIMESTAMP);
    } else if (kinds.equals(Set.of(MOMENT))) {
      return just(DataType.TIMESTAMPTZ);
    } else if (kinds.equals(Set.of(JSON))) {
      return just(DataType.JSON);
    }
    return Optional.empty();
  }

  private static Optional<TypeChoice> just(DataType type) {
    return Optional.of(new TypeChoice(type, List.of()));
  }

  private static TypeChoice number(Values values) {
    boolean fits = values.digits() + values.scale() <= MOST_DIGITS;
    if (values.isTooExactForDouble() && !values.hasExponent() && fits) {
      return new TypeChoice(
          DataType.decimal(MOST_DIGITS, values.scale()),
          List.of(
              "some numbers have more digits than a DOUBLE holds; values with more than %d after the point would not fit"
                  .formatted(values.scale())));
    }
    return new TypeChoice(
        DataType.DOUBLE,
        values.isTooExactForDouble()
            ? List.of("some numbers have more digits than a DOUBLE holds, and are rounded")
            : List.of());
  }

  /** Words make booleans; 0 and 1 only among words, and letters only where both sides are seen. */
  private static boolean isBoolean(Set<Kind> kinds, Values values) {
    boolean words = kinds.contains(BOOLEAN);
    boolean known = Set.of(BOOLEAN, YES_NO, INTEGER).containsAll(kinds);
    boolean digits = !kinds.contains(INTEGER) || values.integersAreZeroOrOne();
    return known && digits && (words || (kinds.contains(YES_NO) && values.hasYesAndNo()));
  }

  private static List<String> whyText(Values values) {
    var notes = new ArrayList<String>();
    Map<Kind, Long> kinds = values.kinds();
    if (values.zerosInFront() > 0) {
      notes.add(
          "%,d begin with a zero or a plus sign, which numbers would lose"
              .formatted(values.zerosInFront()));
    } else if (kinds.keySet().equals(Set.of(YES_NO))) {
      notes.add("all say the same, so that they may be words or codes rather than booleans");
    } else if (kinds.size() > 1) {
      mixed(values).ifPresent(notes::add);
    }
    return notes;
  }

  /** Where most values have a narrower type in common: which, and what stands in its way. */
  private static Optional<String> mixed(Values values) {
    Kind most =
        values.kinds().entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    Set<Kind> like = like(most);
    long others =
        values.kinds().entrySet().stream()
            .filter(e -> !like.contains(e.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    Optional<TypeChoice> narrow = common(kindsOf(values, like), values);
    if (narrow.isEmpty() || others * 2 > values.count()) {
      return Optional.empty();
    }
    Kind other =
        values.kinds().keySet().stream().filter(k -> !like.contains(k)).findFirst().orElse(EMPTY);
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d of %,d are none, such as %s; else it would be %s, which onBadValue(SET_NULL) allows",
            others,
            values.count(),
            other == EMPTY ? "an empty text" : values.exampleOf(other),
            narrow.get().type()));
  }

  private static Set<Kind> kindsOf(Values values, Set<Kind> wanted) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    kinds.addAll(wanted);
    kinds.retainAll(values.kinds().keySet());
    return kinds;
  }

  private static Set<Kind> like(Kind kind) {
    return switch (kind) {
      case INTEGER, LARGE_INTEGER, NUMBER -> EnumSet.of(INTEGER, LARGE_INTEGER, NUMBER);
      case DATE, TIMESTAMP -> EnumSet.of(DATE, TIMESTAMP);
      case BOOLEAN, YES_NO -> EnumSet.of(BOOLEAN, YES_NO);
      case EMPTY, TIME, MOMENT, JSON, TEXT, BINARY -> EnumSet.of(kind);
    };
  }
}
