package dev.tarn.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them. */
public final class Quantities {

  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)(I?)B?", Pattern.CASE_INSENSITIVE);
  private static final Pattern TIME =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|m|h|d)", Pattern.CASE_INSENSITIVE);

  private Quantities() {}

  /** Bytes: {@code 4GB} is 4·10⁹, {@code 4GiB} is 4·2³⁰, {@code 4096} is itself. */
  public static long bytes(String option, String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw new WrongCommandLine(
          "Cannot read %s %s: it is no size. Write it as 500MB, 4GB or 4GiB."
              .formatted(option, text));
    }
    int power = "KMGT".indexOf(size.group(2).toUpperCase(Locale.ROOT)) + 1;
    if (size.group(2).isEmpty()) {
      power = 0;
    }
    long unit = size.group(3).isEmpty() ? 1000 : 1024;
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit).pow(power));
    if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new WrongCommandLine(
          "Cannot read %s %s: it must be more than 0 and less than 8 EiB. Write it as 500MB or 4GB."
              .formatted(option, text));
    }
    return bytes.longValue();
  }

  /** A time: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h30m}. */
  public static Duration time(String option, String text) {
    Duration sum = Duration.ZERO;
    int end = 0;
    Matcher part = TIME.matcher(text.strip());
    while (part.lookingAt()) {
      sum = sum.plus(part(part));
      end = part.end();
      part.region(end, text.strip().length());
    }
    if (end < text.strip().length() || sum.isZero()) {
      throw new WrongCommandLine(
          "Cannot read %s %s: it is no time. Write it as 500ms, 30s, 5m or 1h30m."
              .formatted(option, text));
    }
    return sum;
  }

  private static Duration part(Matcher part) {
    long nanos =
        switch (part.group(2).toLowerCase(Locale.ROOT)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m", "min" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 86_400_000_000_000L;
        };
    return Duration.ofNanos(
        new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanos)).longValue());
  }

  /** A whole number that is 1 at least. */
  public static int count(String option, String text) {
    try {
      int count = Integer.parseInt(text.strip());
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException notOne) {
      // said below
    }
    throw new WrongCommandLine(
        "Cannot read %s %s: it is no whole number above 0. Write it as 4.".formatted(option, text));
  }
}
