package dev.tarn.redis.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.ValueFormat;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are which moments. */
class TimesTest {

  private static final Times ISO = new Times(null);

  private static LocalDateTime read(Times times, String text, Precision precision) {
    return times.timestamp(text.getBytes(UTF_8), precision);
  }

  @ParameterizedTest
  @CsvSource({
    "SECONDS, 2024-01-01T10:00:00.6, false",
    "SECONDS, 2024-01-01T10:00:01.000, true",
    "MILLIS, 2024-01-01T10:00:00.0006, false",
    "MILLIS, 2024-01-01T10:00:00.006, true",
    "MICROS, 2024-01-01T10:00:00.0000001, false",
    "MICROS, 2024-01-01T10:00:00.000001, true",
    "NANOS, 2024-01-01T10:00:00.000000001, true",
    "NANOS, 9999-12-31T00:00, false",
    "NANOS, 2262-04-11T23:47:16.854775806, true",
    "NANOS, 2262-04-11T23:47:16.854775807, false",
    "NANOS, 1677-09-21T00:12:43.145225, true",
    "NANOS, 1677-09-21T00:12:43, false",
    "MICROS, +294247-01-10T04:00:54.775806, true",
    "MICROS, +294247-01-10T04:00:54.775806-01:00, false",
    "MICROS, +300000-01-01T00:00, false",
    "MICROS, +999999999-12-31T23:59-18:00, false",
    "SECONDS, +294247-01-10T04:00:55, false",
    "MICROS, -290308-12-22T00:00, true",
    "MILLIS, -290308-12-21T00:00, false",
  })
  void readsWhatATypeHoldsWithoutLoss(Precision precision, String text, boolean held) {
    assertThat(read(ISO, text, precision) != null).isEqualTo(held);
  }

  @ParameterizedTest
  @CsvSource({
    "+5881580-07-10, true",
    "+5881580-07-11, false",
    "-5877641-06-25, true",
    "-5877641-06-24, false",
  })
  void readsDaysThatTheEngineHas(String text, boolean held) {
    assertThat(ISO.date(text.getBytes(UTF_8)) != null).isEqualTo(held);
  }

  @Test
  void countsFromEpochsNoFurther() {
    var seconds = new Times(new ValueFormat.Epoch(ChronoUnit.SECONDS));
    assertThat(read(seconds, "9224318015999", Precision.MICROS)).isNull();
    assertThat(read(seconds, "9223372036854", Precision.MICROS))
        .isEqualTo("+294247-01-10T04:00:54");
    var nanos = new Times(new ValueFormat.Epoch(ChronoUnit.NANOS));
    assertThat(read(nanos, "1", Precision.MICROS)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "dd MMM uuuu HH:mm:ss z, 15 Jan 2024 10:00:00 PST, 2024-01-15T18:00",
    "dd MMM uuuu HH:mm:ss z, 15 Jul 2024 10:00:00 PDT, 2024-07-15T17:00",
    "dd MMM uuuu HH:mm:ss z, 15 Jul 2024 10:00:00 CEST, 2024-07-15T08:00",
    "dd MMM uuuu HH:mm:ss z, 15 Jul 2024 10:00:00 UTC, 2024-07-15T10:00",
    "dd MMM uuuu HH:mm:ss z, 03 Nov 2024 01:30:00 PDT, 2024-11-03T08:30",
    "dd MMM uuuu HH:mm:ss z, 03 Nov 2024 01:30:00 PST, 2024-11-03T09:30",
    "uuuu-MM-dd HH:mm VV, 2024-07-15 10:00 Asia/Tokyo, 2024-07-15T01:00",
    "uuuu-MM-dd HH:mm VV, 2024-03-31 02:30 Europe/Berlin, ",
    "uuuu-MM-dd VV, 2024-07-15 Asia/Tokyo, 2024-07-14T15:00",
    "uuuu-MM-dd HH:mm xx, 2024-07-15 10:00 -0230, 2024-07-15T12:30",
    "uuuu-MM-dd HH:mm xxx'['VV']', 2024-10-27 02:30 +01:00[Europe/Berlin], 2024-10-27T01:30",
    "uuuu-MM-dd HH:mm, 2024-07-15 10:00, 2024-07-15T10:00",
  })
  void honoursZonesOfPatterns(String pattern, String text, LocalDateTime utc) {
    assertThat(read(new Times(new ValueFormat.Pattern(pattern)), text, Precision.MICROS))
        .isEqualTo(utc);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-31",
        "2024-01-31T10:00",
        "2024-01-31t10:00",
        "2024-01-31 10:00:30",
        "2024-01-31T10:00:30.5",
        "2024-01-31T10:00Z",
        "2024-01-31T10:00z",
        "2024-01-31T10:00:30.123456+01",
        "2024-01-31 10:00-0130",
        "2024-01-31T10:00+01:30",
        "2024-01-31T10:00+01:30:15",
        "+12024-01-31T10:00Z",
        "-0044-03-15 10:00"
      })
  void readsIso8601(String text) {
    assertThat(read(ISO, text, Precision.MICROS)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "T",
        "2024",
        "2024-01-3",
        "2024-01-0110:00",
        "2024-01-01 T10:00",
        "2024-01-01 Tt10:00",
        "2024-01-01  10:00",
        "2024-01-01T",
        "2024-01-01 ",
        "2024-01-01Z",
        "2024-01-01T10",
        "2024-01-01T10:00:00.",
        "2024-01-01T10:00:00.Z",
        "2024-01-01T10:00ZZ",
        "2024-01-01T10:00Zz",
        "2024-01-01T10:00Z+01",
        "2024-01-01T10:00+01:00Z",
        "2024-01-01T10:00+01:00+0100",
        "2024-01-01T10:00+01:00+01",
        "2024-01-01T10:00 Z",
        "2024-02-30T10:00",
        "2024-01-01T24:00"
      })
  void readsNothingElse(String text) {
    assertThat(read(ISO, text, Precision.MICROS)).isNull();
  }
}
