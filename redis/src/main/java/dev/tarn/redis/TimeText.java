package dev.tarn.redis;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as intervals of SQL are written: {@code 1 minute}, {@code 1 hour 30 minutes}, 500ms. */
final class TimeText {

  private static final Pattern PART = Pattern.compile("\\s*(\\d{1,9})\\s*([a-z]+)\\s*");

  private TimeText() {}

  /** The time; empty where it is none, or of no fixed length as a month is. */
  static Optional<Duration> parse(String text) {
    Matcher part = PART.matcher(text.toLowerCase(Locale.ROOT));
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.lookingAt()) {
      Optional<Duration> unit = unit(part.group(2));
      if (unit.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(unit.get().multipliedBy(Long.parseLong(part.group(1))));
      end = part.end();
      part.region(end, text.length());
    }
    return end > 0 && end == text.length() ? Optional.of(sum) : Optional.empty();
  }

  private static Optional<Duration> unit(String word) {
    return switch (word) {
      case "ms", "msec", "msecs", "millisecond", "milliseconds" ->
          Optional.of(Duration.ofMillis(1));
      case "s", "sec", "secs", "second", "seconds" -> Optional.of(Duration.ofSeconds(1));
      case "m", "min", "mins", "minute", "minutes" -> Optional.of(Duration.ofMinutes(1));
      case "h", "hr", "hrs", "hour", "hours" -> Optional.of(Duration.ofHours(1));
      case "d", "day", "days" -> Optional.of(Duration.ofDays(1));
      case "w", "week", "weeks" -> Optional.of(Duration.ofDays(7));
      default -> Optional.empty();
    };
  }
}
