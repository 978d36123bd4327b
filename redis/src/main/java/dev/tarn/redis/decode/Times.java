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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times from text: ISO 8601, or a pattern, or units since 1970 where a column says so. A
 * day that does not exist is none, and nothing finer than a microsecond is dropped.
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
          : time.toLocalDate();
    }
    TemporalAccessor parsed = parsed(bytes, pattern == null ? DATE : pattern);
    return parsed == null ? null : parsed.query(TemporalQueries.localDate());
  }

  /** A time of day; null when the bytes are none. */
  @Nullable LocalTime time(byte[] bytes) {
    TemporalAccessor parsed =
        parsed(bytes, pattern == null ? DateTimeFormatter.ISO_LOCAL_TIME : pattern);
    LocalTime time = parsed == null ? null : parsed.query(TemporalQueries.localTime());
    return time == null || isFiner(time) ? null : time;
  }

  /** Date and time as written, in UTC where an offset is written; null when the bytes are none. */
  @Nullable LocalDateTime timestamp(byte[] bytes) {
    if (epoch != null) {
      return sinceEpoch(bytes);
    }
    TemporalAccessor parsed = parsed(bytes, pattern == null ? DATE_TIME : pattern);
    LocalDate date = parsed == null ? null : parsed.query(TemporalQueries.localDate());
    if (parsed == null || date == null) {
      return null;
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    if (time == null) {
      time = LocalTime.MIDNIGHT;
    }
    if (isFiner(time)) {
      return null;
    }
    ZoneOffset offset = parsed.query(TemporalQueries.offset());
    LocalDateTime local = date.atTime(time);
    return offset == null
        ? local
        : local.atOffset(offset).withOffsetSameInstant(UTC).toLocalDateTime();
  }

  /** A moment; one without an offset is in UTC; null when the bytes are none. */
  @Nullable OffsetDateTime moment(byte[] bytes) {
    LocalDateTime time = timestamp(bytes);
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
      Instant moment = Instant.EPOCH.plus(count, epoch.unit());
      LocalDateTime time = LocalDateTime.ofInstant(moment, UTC);
      return isFiner(time.toLocalTime()) || Math.abs(time.getYear()) > 200_000 ? null : time;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
