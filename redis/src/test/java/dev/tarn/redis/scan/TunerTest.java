package dev.tarn.redis.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.redis.ScanOptions;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What the tuner chooses for servers that are no more than a rate of keys by connections. */
class TunerTest {

  private static final long MILLI = 1_000_000;

  private long now = 1;
  private final Tuner tuner = new Tuner(ScanOptions.DEFAULT, () -> now);

  private long roundTrip = MILLI / 5;
  private double idle = 0.1;

  /** So many milliseconds in which as many keys are read as the server gives. */
  private void scan(int millis, boolean limited, IntToDoubleFunction keysPerMilli) {
    for (int i = 0; i < millis; i += 10) {
      now += 10L * MILLI;
      int keys = (int) (10 * keysPerMilli.applyAsDouble(tuner.connections()));
      long took = 10 * MILLI * tuner.connections();
      tuner.read(keys, 1000, took, (long) (idle * took));
      tuner.judge(limited, roundTrip);
    }
  }

  @Test
  void noneIsTriedWhereTheServerIsNearAndWaitedFor() {
    idle = 0.7;
    scan(5000, true, connections -> 100 * connections);
    assertThat(tuner.connections()).isEqualTo(1);
    assertThat(tuner.connectionsChosen().why())
        .isEqualTo("the server is what it waits for, 70 % of the time");
  }

  @Test
  void aServerFarAwayIsWaitedForAnyway() {
    idle = 0.7;
    roundTrip = 20 * MILLI;
    scan(5000, true, connections -> 100 * Math.min(3, connections));
    assertThat(tuner.connections()).isEqualTo(3);
  }

  @Test
  void aConnectionThatBringsNothingIsGivenUp() {
    scan(5000, true, connections -> connections == 1 ? 300 : 290);
    assertThat(tuner.connections()).isEqualTo(1);
    assertThat(tuner.connectionsChosen().why()).isEqualTo("one more brought -3 %");
  }

  @Test
  void aConnectionMoreIsKeptWhileEachBringsMore() {
    scan(5000, true, connections -> 100 * Math.min(4, connections));
    assertThat(tuner.connections()).isEqualTo(4);
    assertThat(tuner.connectionsChosen().why()).isEqualTo("one more brought +0 %");
  }

  @Test
  void thereIsAnEnd() {
    scan(10_000, true, connections -> 100 * connections);
    assertThat(tuner.connections()).isEqualTo(8);
  }

  @Test
  void whatGetsFasterByItselfIsNotTakenForTheWorkOfAConnection() {
    double[] rate = {100};
    scan(1200, true, connections -> rate[0] *= 1.02);
    assertThat(tuner.connections()).isEqualTo(1);
  }

  @Test
  void whereSomethingElseIsWaitedForNoneIsTried() {
    scan(5000, false, connections -> 100 * connections);
    assertThat(tuner.connections()).isEqualTo(1);
  }

  @Test
  void whatIsSaidIsKept() {
    var said = new Tuner(ScanOptions.DEFAULT.connections(3), () -> now);
    for (int i = 0; i < 1000; i++) {
      now += 10L * MILLI;
      said.read(1000 * (i + 1), 1000, 10 * MILLI, 0);
      said.judge(true, roundTrip);
    }
    assertThat(said.connections()).isEqualTo(3);
  }
}
