package dev.tarn.redis.decode;

import static java.time.ZoneOffset.UTC;

import dev.tarn.redis.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times from text: ISO 8601, or a pattern, or units since 1970 where a column says so. A
 * day that does not exist is none, and neither is what the column's type would round or not reach.
 */
final class Times {

  private static final int LONGEST = 100;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);

  /** {@code 2024-01-31}, with T or a blank and a time behind it or not, with an offset or not. */
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("[ ]['T']['t']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:MM:ss", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "z")
          .optionalEnd()
          .optionalEnd()
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private final @Nullable DateTimeFormatter pattern;
  private final ValueFormat.@Nullable Epoch epoch;

  Times(@Nullable ValueFormat format) {
    this.pattern = format instanceof ValueFormat.Pattern p ? p.formatter() : null;
    this.epoch = format instanceof ValueFormat.Epoch e ? e : null;
  }

  /** A day; null when the bytes are none, or have a time. */
  @Nullable LocalDate date(byte[] bytes) {
    if (epoch != null) {
      LocalDateTime time = sinceEpoch(bytes);
      return time == null || !time.toLocalTime().equals(LocalTime.MIDNIGHT)
          ? null
          : held(time.toLocalDate());
    }
    TemporalAccessor parsed = parsed(bytes, pattern == null ? DATE : pattern);
    LocalDate date = parsed == null ? null : parsed.query(TemporalQueries.localDate());
    return date == null ? null : held(date);
  }

  private static @Nullable LocalDate held(LocalDate date) {
    return Precision.holds(date) ? date : null;
  }

  /** A time of day; null when the bytes are none. */
  @Nullable LocalTime time(byte[] bytes) {
    TemporalAccessor parsed =
        parsed(bytes, pattern == null ? DateTimeFormatter.ISO_LOCAL_TIME : pattern);
    LocalTime time = parsed == null ? null : parsed.query(TemporalQueries.localTime());
    return time == null || isFiner(time) ? null : time;
  }

  /**
   * Date and time as written, in UTC where an offset or a zone is written; null when the bytes are
   * none.
   */
  @Nullable LocalDateTime timestamp(byte[] bytes, Precision precision) {
    LocalDateTime time = epoch == null ? written(bytes) : sinceEpoch(bytes);
    return time == null || !precision.holds(time) ? null : time;
  }

  private @Nullable LocalDateTime written(byte[] bytes) {
    if (pattern == null && !isWellBuilt(bytes)) {
      return null;
    }
    TemporalAccessor parsed = parsed(bytes, pattern == null ? DATE_TIME : pattern);
    LocalDate date = parsed == null ? null : parsed.query(TemporalQueries.localDate());
    if (parsed == null || date == null || !Precision.holds(date)) {
      return null;
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    return inUtc(parsed, local);
  }

  /**
   * Whether there is one T or blank between day and time, and one offset at most; {@link
   * #DATE_TIME} looks at all else, but takes what may be there in one of several forms in each.
   */
  private static boolean isWellBuilt(byte[] bytes) {
    int day = 1; // behind a sign, if there is one
    for (int hyphens = 0; day < bytes.length && hyphens < 2; day++) {
      hyphens += bytes[day] == '-' ? 1 : 0;
    }
    int time = day + 3;
    if (time > bytes.length) {
      return true; // a day alone, if anything
    }
    if ("Tt ".indexOf(bytes[time - 1]) < 0) {
      return false;
    }
    int offset = endOf("0123456789:.", bytes, time);
    return offset > time
        && bytes[offset - 1] != '.'
        && (offset == bytes.length || endOf("0123456789:", bytes, offset + 1) == bytes.length);
  }

  private static int endOf(String characters, byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && characters.indexOf(bytes[end]) >= 0) {
      end++;
    }
    return end;
  }

  /** As it is where no zone is written; null where the zone's clocks leave the time out. */
  private static @Nullable LocalDateTime inUtc(TemporalAccessor parsed, LocalDateTime local) {
    ZoneId offset = parsed.query(TemporalQueries.offset());
    ZoneId zone = offset == null ? parsed.query(TemporalQueries.zone()) : offset;
    if (zone == null) {
      return local;
    }
    if (zone.getRules().getValidOffsets(local).isEmpty()) {
      return null;
    }
    if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) { // PST or PDT says which hour is meant
      long seconds = parsed.getLong(ChronoField.INSTANT_SECONDS);
      return LocalDateTime.ofEpochSecond(seconds, 0, UTC)
          .with(ChronoField.NANO_OF_SECOND, local.get(ChronoField.NANO_OF_SECOND));
    }
    return local.atZone(zone).withZoneSameInstant(UTC).toLocalDateTime();
  }

  /** A moment; one without an offset is in UTC; null when the bytes are none. */
  @Nullable OffsetDateTime moment(byte[] bytes) {
    LocalDateTime time = timestamp(bytes, Precision.MICROS);
    return time == null ? null : time.atOffset(UTC);
  }

  private static boolean isFiner(LocalTime time) {
    return time.get(ChronoField.NANO_OF_SECOND) % 1000 != 0;
  }

  private static @Nullable TemporalAccessor parsed(byte[] bytes, DateTimeFormatter format) {
    if (bytes.length > LONGEST) {
      return null;
    }
    try {
      return format.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private @Nullable LocalDateTime sinceEpoch(byte[] bytes) {
    if (epoch == null || !Numbers.isLong(bytes)) {
      return null;
    }
    long count = Numbers.toLong(bytes);
    try {
      return LocalDateTime.ofInstant(Instant.EPOCH.plus(count, epoch.unit()), UTC);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
