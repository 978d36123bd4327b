package dev.tarn.redis.decode;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;

/** What the engine's types of timestamps can hold: how fine, and from when to when. */
enum Precision {
  SECONDS(1_000_000_000, Reach.MICROS),
  MILLIS(1_000_000, Reach.MICROS),
  MICROS(1_000, Reach.MICROS),
  NANOS(1, Reach.NANOS);

  /** The engine's first and last day. */
  private static final LocalDate FIRST_DAY = LocalDate.of(-5_877_641, 6, 25);

  private static final LocalDate LAST_DAY = LocalDate.of(5_881_580, 7, 10);

  private final int nanos;
  private final Reach reach;

  Precision(int nanos, Reach reach) {
    this.nanos = nanos;
    this.reach = reach;
  }

  /** Whether nothing of it is lost. */
  boolean holds(LocalDateTime time) {
    return time.get(ChronoField.NANO_OF_SECOND) % nanos == 0
        && !time.isBefore(reach.first)
        && !time.isAfter(reach.last);
  }

  static boolean holds(LocalDate day) {
    return !day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY);
  }

  /** Coarser types reach no further than microseconds: the engine reads their texts as such. */
  private enum Reach {
    MICROS(
        LocalDateTime.of(-290_308, 12, 22, 0, 0),
        LocalDateTime.of(294_247, 1, 10, 4, 0, 54, 775_806_000)),
    NANOS(
        LocalDateTime.of(1677, 9, 21, 0, 12, 43, 145_225_000),
        LocalDateTime.of(2262, 4, 11, 23, 47, 16, 854_775_806));

    private final LocalDateTime first;
    private final LocalDateTime last;

    Reach(LocalDateTime first, LocalDateTime last) {
      this.first = first;
      this.last = last;
    }
  }
}
