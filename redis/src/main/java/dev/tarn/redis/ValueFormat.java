package dev.tarn.redis;

import static java.util.Objects.requireNonNull;

import dev.tarn.error.InvalidRequest;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How the values of a date, time or timestamp column are written in Redis, if not in ISO 8601. */
public sealed interface ValueFormat {

  /** Text by a pattern of {@link DateTimeFormatter}, in English, without leniency. */
  record Pattern(String pattern) implements ValueFormat {
    public Pattern {
      requireNonNull(parsed(pattern));
    }

    /** What parses it. */
    public DateTimeFormatter formatter() {
      return parsed(pattern);
    }

    private static DateTimeFormatter parsed(String pattern) {
      try {
        return DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ENGLISH)
            .withResolverStyle(ResolverStyle.STRICT);
      } catch (IllegalArgumentException e) {
        throw new InvalidRequest(
            "Cannot read dates by '%s': %s. Use letters as in uuuu-MM-dd HH:mm:ss."
                .formatted(pattern, e.getMessage()));
      }
    }
  }

  /** A whole number of units since 1970-01-01 00:00 UTC: days, seconds, millis, micros, nanos. */
  record Epoch(ChronoUnit unit) implements ValueFormat {
    public Epoch {
      switch (unit) {
        case DAYS, SECONDS, MILLIS, MICROS, NANOS -> {}
        default ->
            throw new InvalidRequest(
                "Cannot read dates as %s since 1970. Use DAYS, SECONDS, MILLIS, MICROS or NANOS."
                    .formatted(unit.toString().toLowerCase(Locale.ROOT)));
      }
    }

    /** By the word for its unit: {@code days}, {@code seconds}, {@code millis}, and so on. */
    public static Epoch of(String unit) {
      return switch (unit.toLowerCase(Locale.ROOT)) {
        case "days" -> new Epoch(ChronoUnit.DAYS);
        case "seconds" -> new Epoch(ChronoUnit.SECONDS);
        case "millis" -> new Epoch(ChronoUnit.MILLIS);
        case "micros" -> new Epoch(ChronoUnit.MICROS);
        case "nanos" -> new Epoch(ChronoUnit.NANOS);
        default ->
            throw new InvalidRequest(
                "Cannot read dates as '%s' since 1970: there is no such unit. Use days, seconds, millis, micros or nanos."
                    .formatted(unit));
      };
    }
  }
}
